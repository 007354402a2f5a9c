import type { RequestStats } from './request-stats.js';

/**
 * One page of a listing. Members that are not named here are refused, because a misspelt `next` would end the listing
 * after its first page.
 *
 * @example
 * const page: Page<string> = { items: ['a', 'b'], next: 'token-of-the-next-page' };
 */
export interface Page<T> {
  /** The items, in the order the service gave them. An empty or missing list is not the end. */
  readonly items?: readonly T[] | undefined;
  /** The token of the next page; undefined, null or '' on the last page. It must always be there. */
  readonly next: string | null | undefined;
  /** How many items the whole listing has, if the service says so. */
  readonly total?: number | undefined;
  /** The response as the service gave it. */
  readonly output?: unknown;
}

/** A page as `pages()` delivers it: its items are always there. */
export interface ListedPage<T> extends Page<T> {
  readonly items: readonly T[];
}

/** What a traversal passes to every fetch of a page. */
export interface PageCall {
  /** What is asked for, by name, for events. */
  readonly operation?: string | undefined;
  /** Aborts when the traversal is aborted or left. Each call has its own, so listeners on it cannot pile up. */
  readonly signal?: AbortSignal | undefined;
  /** The page size to ask for; undefined leaves it to the service. */
  readonly pageSize?: number | undefined;
  /** Where retry and pacing count what they do, for the live `stats` of the traversal. */
  readonly stats?: RequestStats | undefined;
}

/**
 * Fetches the page at a token (undefined: the first page). Everything meets at this seam: a service is adapted to it,
 * retry and pacing wrap it, a traversal drives it.
 *
 * @example
 * const fetchPage: FetchPage<Row> = async (token, { signal }) => {
 *   const { rows, next } = await api.list({ after: token, signal });
 *   return { items: rows, next };
 * };
 */
export type FetchPage<T> = (token: string | undefined, call: PageCall) => Promise<Page<T>>;
