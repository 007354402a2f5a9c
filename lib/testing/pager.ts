import type { Clock } from '../core/clock.js';
import type { FetchPage } from '../core/page.js';

/** What the scripted service lists in every check. `id` is the identity; all else of an item may change. */
export interface Item {
  readonly id: string;
  readonly name: string;
}

/**
 * What a pager may offer beyond giving items. Checks that need what it does not offer are reported as such: neither
 * kept nor broken.
 * - `retry`: it tries requests again, throttled ones and those lost on the way.
 * - `abort`: it takes an AbortSignal.
 * - `resume`: a walk tells its `cursor`, and another walk begins there.
 * - `limit`: it can be told how many items are wanted.
 * - `input`: it takes an object of the caller's for every walk.
 * - `source`: it reads from an iterator, which the adapter hands through `setup.watch`.
 */
export type Feature = 'retry' | 'abort' | 'resume' | 'limit' | 'input' | 'source';

/**
 * A pager as the kit holds it; the adapter somebody writes for theirs.
 *
 * @example
 * const pager: Pager = {
 *   name: 'my pager',
 *   offers: ['abort'],
 *   list: (fetchPage) => ({ open: ({ signal }) => myPager(fetchPage, { signal }) }),
 * };
 */
export interface Pager {
  readonly name: string;
  readonly offers: readonly Feature[];
  /** Whether it gives items in another order than the service's, on purpose. Default false. */
  readonly unordered?: boolean;
  /** How many pages it fetches ahead of its consumer, on purpose. Default 0. */
  readonly readAhead?: number;
  /** Called once for each listing; every walk over it is opened from what it answers. */
  list(fetchPage: FetchPage<Item>, setup: PagerSetup): PagedListing | Promise<PagedListing>;
}

export interface PagerSetup {
  /** For pagers that take one: its waits are over at once. Others wait in earnest. */
  readonly clock: Clock;
  /** The page size to ask for, for pagers that can; undefined leaves it to the service. */
  readonly pageSize: number | undefined;
  /** For pagers that read from an iterable (`source`): the same iterable, and the kit sees how its iterators are closed. */
  readonly watch: <S extends AsyncIterable<unknown> | Iterable<unknown>>(source: S) => S;
}

export interface PagedListing {
  /** The object of the caller's that every walk is opened with (`input`). */
  readonly input?: object;
  open(options: WalkOptions): Walk;
  /** Lets go of what the adapter itself holds, such as a server; called when the check is over. */
  close?(): Promise<void>;
}

export interface WalkOptions {
  /** Given only where the pager offers `abort`. */
  readonly signal?: AbortSignal | undefined;
  /** A walk's cursor after a trip through JSON; given only where the pager offers `resume`. */
  readonly from?: unknown;
  /** How many items are wanted; given only where the pager offers `limit`. */
  readonly limit?: number | undefined;
}

/** One walk over a listing, and where it stands, where it can tell. */
export interface Walk extends AsyncIterable<Item> {
  /** Where to go on from: plain JSON; undefined: from the beginning. */
  readonly cursor?: unknown;
}
