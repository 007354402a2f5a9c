import type { Clock } from '../core/clock.js';
import type { FetchPage } from '../core/page.js';

/** An item of the scripted service. `id` is its identity; everything else may change. */
export interface Item {
  readonly id: string;
  readonly name: string;
}

/**
 * What a pager may support beyond delivering items. Checks that require an unsupported feature are reported as
 * `not supported`.
 * - `retry`: it retries throttled and lost requests.
 * - `abort`: it takes an AbortSignal.
 * - `resume`: a walk has a `cursor`, and another walk can start from it.
 * - `limit`: it takes a maximum number of items.
 * - `input`: it takes an object from the caller for every walk.
 * - `source`: it reads from an iterator, which the adapter passes through `setup.watch`.
 */
export type Feature = 'retry' | 'abort' | 'resume' | 'limit' | 'input' | 'source';

/**
 * The adapter that connects a pager to the conformance kit.
 *
 * @example
 * const pager: Pager = {
 *   name: 'my pager',
 *   supports: ['abort'],
 *   list: (fetchPage) => ({ open: ({ signal }) => myPager(fetchPage, { signal }) }),
 * };
 */
export interface Pager {
  readonly name: string;
  readonly supports: readonly Feature[];
  /** Whether it reorders items by design. Default: false. */
  readonly unordered?: boolean;
  /** How many pages it fetches ahead of its consumer by design. Default: 0. */
  readonly readAhead?: number;
  /** Called once per listing; every walk over the listing is opened from the result. */
  list(fetchPage: FetchPage<Item>, setup: PagerSetup): PagedListing | Promise<PagedListing>;
}

/** What the kit gives an adapter for a listing. */
export interface PagerSetup {
  /** A clock whose waits end at once, for pagers that take one. Others wait in real time. */
  readonly clock: Clock;
  /** The page size to request, if the pager can; undefined leaves it to the service. */
  readonly pageSize: number | undefined;
  /** Returns the same iterable, with its iterators watched for how they are closed (`source`). */
  readonly watch: <S extends AsyncIterable<unknown> | Iterable<unknown>>(source: S) => S;
}

/** A listing of the pager under test. */
export interface PagedListing {
  /** The caller's object that every walk is opened with (`input`). */
  readonly input?: object;
  open(options: WalkOptions): Walk;
  /** Releases what the adapter holds, such as a server. Called after the check. */
  close?(): Promise<void>;
}

/** How the kit opens a walk. */
export interface WalkOptions {
  /** Only given if the pager supports `abort`. */
  readonly signal?: AbortSignal | undefined;
  /** The cursor of another walk after a round trip through JSON. Only given if the pager supports `resume`. */
  readonly from?: unknown;
  /** The maximum number of items. Only given if the pager supports `limit`. */
  readonly limit?: number | undefined;
}

/** One iteration over a listing. */
export interface Walk extends AsyncIterable<Item> {
  /** Where another walk can resume, as plain JSON; undefined means the beginning. */
  readonly cursor?: unknown;
}
