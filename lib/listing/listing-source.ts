import type { Clock } from '../core/clock.js';
import type { Query } from '../core/cursor.js';
import type { FetchPage } from '../core/page.js';

/** What a listing reads from, every choice made. */
export interface ListingSource<T> {
  readonly fetchPage: FetchPage<T>;
  readonly query: Query;
  /** The page size the fetch asks for by itself; remembered in cursors. */
  readonly pageSize: number | undefined;
  /** The identity of an item. A method, so that a source of any item can stand in a plan. */
  key(item: T): string;
  readonly onCycle: 'fail' | 'stop';
  readonly onTokenRejected: 'fail' | 'restart';
  /** Whether an error of the fetch is the service's refusal of the page token. */
  readonly isTokenRejected: ((error: unknown) => boolean) | undefined;
  /** Aborts every traversal of the listing. */
  readonly signal: AbortSignal | undefined;
  readonly clock: Clock;
}
