import { onAbort } from '../core/abort.js';
import { assertClock } from '../core/assert-clock.js';
import { assertFunction } from '../core/assert-function.js';
import { assertKnownOptions } from '../core/assert-known-options.js';
import { type Clock, systemClock } from '../core/clock.js';
import { invalidArgument } from '../core/errors.js';
import { isPacer, type Outcome, type Pacer } from '../core/pacer.js';
import { checkedClassify } from './checked-classify.js';
import type { Classification, Classify } from './classify.js';
import { assertMaxElapsed, isPlausibleWait, MAX_ELAPSED_MS } from './retry-limits.js';
import { settleOnce } from './settle-once.js';
import { sharedThrottlesOf } from './shared-throttles.js';
import { waitForPermit } from './wait-for-permit.js';
import type { AttemptCall } from './with-attempt.js';

/** Options of `withPace`. */
export interface WithPaceOptions {
  /** Distinguishes throttles, transient faults and final errors, which are answers. */
  readonly classify: Classify;
  /**
   * How long a request waits at most while the service throttles, in milliseconds from the first throttle, whichever
   * request met it; a number above 0, Infinity allowed. Default 15 minutes.
   */
  readonly maxElapsedMs?: number | undefined;
  readonly clock?: Clock | undefined;
}

/**
 * Holds every request until the pacer grants a permit, and settles the permit when the request ends, without waiting
 * for the settlement. The wait is added to `call.stats.quotaWaitMs` and published as `pageturn:wait`; a settlement that
 * fails is published as `pageturn:settle-error`. Rejects as `send` does; with `signal.reason` as soon as the signal
 * aborts the wait for a permit; with ERR_RETRY_EXHAUSTED if throttles make that wait longer than `maxElapsedMs`; and with
 * any error of `pacer.acquire`.
 *
 * @example
 * const paced = withPace(fetchPage, adaptivePacer({ ratePerSecond: 5 }), { classify });
 */
export function withPace<I, O, C extends AttemptCall>(
  send: (input: I, call: C) => Promise<O>,
  pacer: Pacer,
  options: WithPaceOptions,
): (input: I, call: C) => Promise<O> {
  assertKnownOptions('options of withPace', options, ['classify', 'maxElapsedMs', 'clock']);
  const { maxElapsedMs = MAX_ELAPSED_MS, clock = systemClock } = options;
  assertFunction('send', send);
  const classify = checkedClassify(options.classify);
  assertClock(clock);
  if (!isPacer(pacer)) throw invalidArgument('pacer', 'a pacer, such as that of adaptivePacer', pacer);
  assertMaxElapsed(maxElapsedMs);
  const sharedThrottles = sharedThrottlesOf(pacer);
  return async (input, call) => {
    const permit = await (call.permit?.take(pacer) ?? waitForPermit(pacer, call, { maxElapsedMs, clock }));
    const settle = settleOnce(permit, call.operation);
    const sentAt = clock.now();
    // A send that ignores its signal must not keep the permit.
    const unlink = call.signal && onAbort(call.signal, () => settle({ kind: 'lost' }));
    try {
      call.signal?.throwIfAborted();
      const output = await send(input, call);
      sharedThrottles.accepted(sentAt, clock.now());
      settle({ kind: 'ok' });
      return output;
    } catch (error) {
      if (!call.signal?.aborted) {
        const outcome = outcomeOf(classify(error));
        if (outcome.kind === 'throttled')
          sharedThrottles.throttled(error, outcome.retryAfterMs ?? 0, clock.now());
        if (outcome.kind === 'ok') sharedThrottles.accepted(sentAt, clock.now());
        settle(outcome);
      }
      throw error;
    } finally {
      unlink?.();
      // Has an effect only if `classify` threw.
      settle({ kind: 'lost' });
    }
  };
}

function outcomeOf({ kind, retryAfterMs }: Classification): Outcome {
  if (kind === 'throttle') {
    const isUsable = retryAfterMs !== undefined && isPlausibleWait(retryAfterMs);
    return { kind: 'throttled', retryAfterMs: isUsable ? retryAfterMs : undefined };
  }
  return { kind: kind === 'transient' ? 'lost' : 'ok' };
}
