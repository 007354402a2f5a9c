import type { Clock } from '../core/clock.js';
import type { Query } from '../core/cursor.js';
import type { FetchPage } from '../core/page.js';

/** What a listing reads from, with every default filled in. */
export interface ListingSource<T> {
  readonly fetchPage: FetchPage<T>;
  readonly query: Query;
  /** The page size to ask for; cursors remember it. */
  readonly pageSize: number | undefined;
  /** The identity of an item. A method, so that a plan can hold the source of any item. */
  key(item: T): string;
  readonly onCycle: 'fail' | 'stop';
  readonly onTokenRejected: 'fail' | 'restart';
  /** Whether an error of the fetch says that the service rejected the page token. */
  readonly isTokenRejected: ((error: unknown) => boolean) | undefined;
  /** Aborts every traversal of the listing. */
  readonly signal: AbortSignal | undefined;
  readonly clock: Clock;
  readonly origin?: ListingOrigin | undefined;
}

/** What a listing was made from, for functions that send more requests about its items. */
export interface ListingOrigin {
  readonly client: object;
  /** With its service, such as `Connect.ListUsers`. */
  readonly operation: string;
  readonly input: object;
  /** How its requests are sent: the options of `createSender`. */
  readonly sending: object;
}
