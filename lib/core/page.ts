import type { RequestStats } from './request-stats.js';

/**
 * One page of a listing.
 *
 * @example
 * const page: Page<string> = { items: ['a', 'b'], next: 'token-of-the-next-page' };
 */
export interface Page<T> {
  /** The items, in the order the service gave them. Empty is allowed and is not an end. */
  readonly items: readonly T[];
  /** The token of the next page; undefined, null or '' where this is the last one. */
  readonly next?: string | null | undefined;
  /** How many items the whole listing has, where the service says so. */
  readonly total?: number | undefined;
  /** The response as the service gave it. */
  readonly output?: unknown;
}

/** What a traversal hands to every fetch of a page. */
export interface PageCall {
  /** What is asked for, by name; goes into events. */
  readonly operation?: string | undefined;
  /** Aborts when the traversal is aborted or stopped. */
  readonly signal?: AbortSignal | undefined;
  /** The page size to ask for; undefined leaves it to the fetch. Set when a cursor is resumed. */
  readonly pageSize?: number | undefined;
  /** Where retry and pace count what they do, live, for the `stats` of the traversal. */
  readonly stats?: RequestStats | undefined;
}

/**
 * Fetches the page at a token (undefined: the first page). The one seam everything meets at: a service is adapted
 * to it, retry and pace wrap it, a traversal drives it.
 *
 * @example
 * const fetchPage: FetchPage<Row> = async (token, { signal }) => {
 *   const { rows, next } = await api.list({ after: token, signal });
 *   return { items: rows, next };
 * };
 */
export type FetchPage<T> = (token: string | undefined, call: PageCall) => Promise<Page<T>>;
