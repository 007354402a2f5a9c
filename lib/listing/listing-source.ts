import type { Clock } from '../core/clock.js';
import type { Query } from '../core/cursor.js';
import type { PageturnError } from '../core/errors.js';
import type { FetchPage, PageCall } from '../core/page.js';
import type { RequestStats } from '../core/request-stats.js';
import type { Scope } from '../core/scope.js';
import type { TraversalTrace } from '../core/tracing.js';

/** What a listing reads from, with every default filled in. */
export interface ListingSource<T> {
  /** Opens it for one traversal. */
  readonly open: (run: SourceRun) => OpenSource<T>;
  /**
   * Set if the same token may bring other items the next time, such as those of the listing that answers first. Then a
   * cursor expects the acknowledged items of its page until they have arrived, however late.
   */
  readonly isUnordered?: true;
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

/** The traversal that a source is opened for, and its stages are started for. */
export interface SourceRun {
  readonly scope: Scope;
  /** Where its requests are counted. */
  readonly stats: RequestStats;
  /** Its trace, if there is one. */
  readonly trace: () => TraversalTrace | undefined;
}

export interface OpenSource<T> {
  readonly fetchPage: FetchPage<T>;
  /** Resolves, once the quota lets the next request through, to the call to fetch with. */
  readonly acquire?: ((call: PageCall) => Promise<AcquiredCall>) | undefined;
  /** After the last page: why there is more than was listed; undefined if that was all. */
  readonly shortfall?: Shortfall | undefined;
  /** The traversal needs no more pages. */
  close?(): void;
}

/** The call to fetch a page with, once the quota lets its request through. */
export interface AcquiredCall extends PageCall {
  readonly permit?: UnusedPermit | undefined;
}

export interface UnusedPermit {
  /** Has an effect only if no request has used it. */
  giveBack(): void;
}

/** Why a listing that has come to its end is not whole: a limit in one of its parts, or parts of it that failed. */
export type Shortfall =
  | { readonly reason: 'limit' }
  | { readonly reason: 'partial'; readonly error: PageturnError };

/** What a listing was made from, for functions that send more requests about its items. */
export interface ListingOrigin {
  readonly client: object;
  /** With its service, such as `Connect.ListUsers`. */
  readonly operation: string;
  readonly input: object;
  /** How its requests are sent: the options of `createSender`. */
  readonly sending: object;
}
