import { assertBoolean } from '../../core/assert-boolean.js';
import { assertFunction } from '../../core/assert-function.js';
import { assertKnownOptions } from '../../core/assert-known-options.js';
import { assertWholeNumber } from '../../core/assert-whole-number.js';
import type { PlannedStage } from '../plan.js';
import type { AsyncMapper } from './map-async-stage.js';
import { planMapAsync } from './plan-map-async.js';
import { assertTolerate, type Tolerate } from './tolerance.js';

/** Options of `Listing.mapAsync`. */
export interface MapAsyncOptions<T = unknown> {
  /** How many values are worked on at once; a whole number from 1. Default 8. */
  readonly concurrency?: number;
  /** Whether results come in the order of the listing; false: as they are done. Default true. */
  readonly ordered?: boolean;
  /**
   * Lets some items fail: they have no result, and go to `onFailed` or to the destination `failed` of a drain. Aborts,
   * rejected credentials, missing permissions and incorrect use of pageturn still end the run. Default: none may fail.
   */
  readonly tolerate?: Tolerate<T> | undefined;
}

/** Replaces each value with what the mapper resolves to, several at once. */
export function mapAsync<T, R>(mapper: AsyncMapper<T, R>, options: MapAsyncOptions<T>): PlannedStage {
  assertKnownOptions('options of mapAsync', options, ['concurrency', 'ordered', 'tolerate']);
  const { concurrency = 8, ordered = true, tolerate } = options;
  if (tolerate !== undefined) assertTolerate(tolerate);
  assertBoolean('ordered', ordered);
  assertFunction('the callback of mapAsync', mapper);
  assertWholeNumber('concurrency', concurrency, 1);
  return planMapAsync({ mapperOf: () => mapper, concurrency, ordered, tolerate });
}
