import { assertDuration } from '../../core/assert-duration.js';
import { assertKnownOptions } from '../../core/assert-known-options.js';
import { assertWholeNumber } from '../../core/assert-whole-number.js';
import type { PlannedStage } from '../plan.js';
import { BatchStage } from './batch-stage.js';

/** Options of `Listing.batch`. */
export interface BatchOptions {
  /** The longest the first value of a batch waits for the others, in milliseconds; from 0. Default: as long as it takes. */
  readonly maxWaitMs?: number;
}

/** Gathers values into arrays of `size`. */
export function batch<T>(size: number, options: BatchOptions): PlannedStage {
  assertKnownOptions('options of batch', options, ['maxWaitMs']);
  const { maxWaitMs } = options;
  if (maxWaitMs !== undefined) assertDuration('maxWaitMs', maxWaitMs);
  assertWholeNumber('batch size', size, 1);
  return {
    kind: 'async',
    name: 'batch',
    start: (upstream, { clock, scope }) => new BatchStage<T>(upstream, { size, maxWaitMs, clock, scope }),
  };
}
