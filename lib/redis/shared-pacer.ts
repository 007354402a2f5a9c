import { systemClock } from '../core/clock.js';
import { PageturnError } from '../core/errors.js';
import type { Pacer } from '../core/pacer.js';
import type { Quota } from '../pace/read-quota.js';
import { sharedThrottlesOf } from '../request/shared-throttles.js';
import type { BucketQueue } from './bucket-queue.js';
import { InFlightLimit } from './in-flight-limit.js';

/** A pacer of this process for a bucket that all processes share. */
export function sharedPacer(queue: BucketQueue, operation: string, quota: Quota): Pacer {
  const limit =
    quota.maxConcurrency < Number.POSITIVE_INFINITY ? new InFlightLimit(quota.maxConcurrency) : undefined;
  const pacer: Pacer = {
    get ratePerSecond() {
      return queue.ratePerSecond;
    },
    async acquire(signal) {
      const free = await limit?.take(signal);
      try {
        const permit = await queue.wait(signal, { quota, held });
        return {
          settle: (outcome) => {
            free?.();
            return permit.settle(outcome);
          },
        };
      } catch (error) {
        free?.();
        throw error;
      }
    },
  };
  // A wait that the service asked another process for counts towards `maxElapsedMs` as one of this process does.
  const held = (ms: number) =>
    sharedThrottlesOf(pacer).throttled(
      new PageturnError(
        'ERR_REQUEST_FAILED',
        `${operation} was throttled in another process, and asked to wait`,
      ),
      ms,
      systemClock.now(),
    );
  return pacer;
}
