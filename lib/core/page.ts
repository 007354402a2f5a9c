import type { RequestStats } from './request-stats.js';

/**
 * One page of a listing. Other members than these are an error, because a misspelt `next` would end the listing after
 * its first page.
 *
 * @example
 * const page: Page<string> = { items: ['a', 'b'], next: 'token-of-the-next-page' };
 */
export interface Page<T> {
  /** The items, in the order of the service. An empty or missing list is not the end. */
  readonly items?: readonly T[] | undefined;
  /** The token of the next page. Required, but undefined, null or '' on the last page. */
  readonly next: string | null | undefined;
  /** How many items the whole listing has, if the service says so. */
  readonly total?: number | undefined;
  /** The original response of the service. */
  readonly output?: unknown;
}

/** A page as `pages()` delivers it: `items` is always an array. */
export interface ListedPage<T> extends Page<T> {
  readonly items: readonly T[];
}

/** What a traversal passes to each fetch of a page. */
export interface PageCall {
  /** The name of the operation, for events. */
  readonly operation?: string | undefined;
  /** Aborts when the traversal is aborted or stopped. Each call has its own, so listeners do not pile up. */
  readonly signal?: AbortSignal | undefined;
  /** The page size to request; undefined leaves it to the service. */
  readonly pageSize?: number | undefined;
  /** Where retry and pace count requests and waits, for the live `stats` of the traversal. */
  readonly stats?: RequestStats | undefined;
}

/**
 * Fetches the page at a token, or the first page if the token is undefined. A service is adapted to this function,
 * retry and pace wrap it, and a traversal calls it.
 *
 * @example
 * const fetchPage: FetchPage<Row> = async (token, { signal }) => {
 *   const { rows, next } = await api.list({ after: token, signal });
 *   return { items: rows, next };
 * };
 */
export type FetchPage<T> = (token: string | undefined, call: PageCall) => Promise<Page<T>>;
