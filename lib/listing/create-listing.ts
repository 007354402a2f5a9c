import { assertSignal } from '../core/abort.js';
import { assertClock } from '../core/assert-clock.js';
import { assertOneOf } from '../core/assert-one-of.js';
import { type Clock, systemClock } from '../core/clock.js';
import type { Query } from '../core/cursor.js';
import { checkedKey, type KeyCallback, readableKey } from '../core/identity.js';
import type { FetchPage } from '../core/page.js';
import { Listing } from './listing.js';
import type { ListingOrigin, ListingSource, OpenSource } from './listing-source.js';

export interface CreateListingOptions<T> extends ListingOptions<T> {
  readonly fetchPage: FetchPage<T>;
  readonly acquire?: OpenSource<T>['acquire'];
}

/** A listing whose source keeps state between the pages of a traversal. */
interface OpenedListingOptions<T> extends ListingOptions<T> {
  readonly open: ListingSource<T>['open'];
  readonly isUnordered?: true;
}

interface ListingOptions<T> {
  readonly query: Query;
  readonly pageSize?: number | undefined;
  readonly key?: KeyCallback<T> | undefined;
  readonly onCycle?: 'fail' | 'stop' | undefined;
  readonly onTokenRejected?: 'fail' | 'restart' | undefined;
  readonly isTokenRejected?: ((error: unknown) => boolean) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock | undefined;
  readonly origin?: ListingOrigin | undefined;
}

/** Creates a listing over a fetch of pages, and validates the options that all functions for listings share. */
export function createListing<T>({
  query,
  pageSize,
  key,
  onCycle = 'fail',
  onTokenRejected = 'fail',
  isTokenRejected,
  signal,
  clock = systemClock,
  origin,
  ...how
}: CreateListingOptions<T> | OpenedListingOptions<T>): Listing<T> {
  assertSignal(signal);
  assertClock(clock);
  assertOneOf('onCycle', onCycle, ['fail', 'stop']);
  assertOneOf('onTokenRejected', onTokenRejected, ['fail', 'restart']);
  const source: ListingSource<T> = {
    ...('open' in how ? how : { open: () => how }),
    query,
    pageSize,
    key: key === undefined ? readableKey : checkedKey(key),
    onCycle,
    onTokenRejected,
    isTokenRejected,
    signal,
    clock,
    origin,
  };
  return new Listing<T>({ source, stages: [], prefetch: 0 });
}
