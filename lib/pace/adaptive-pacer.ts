import { type Clock, systemClock } from '../core/clock.js';
import type { Pacer } from '../core/pacer.js';
import { FifoQueue } from './fifo-queue.js';
import { type Permit, QuotaModel } from './quota-model.js';
import { type QuotaOptions, readQuota } from './read-quota.js';

export interface AdaptivePacerOptions extends QuotaOptions {
  readonly clock?: Clock | undefined;
  /** A number from 0 (included) to 1 (not); keeps pacers that know nothing of one another out of step. Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/** A {@link Pacer} that can be asked how fast it goes. */
export interface AdaptivePacer extends Pacer {
  /** Requests per second it holds to be sustainable at the moment. */
  readonly ratePerSecond: number;
}

/**
 * A pacer that mirrors the token bucket of the service: it admits what the bucket holds, in the order asked, and not a
 * request more. Unless told otherwise (`learn: false`, or a `share` below 1) it finds out what the service really
 * admits, and follows when that changes or when others draw on the same quota. What the service asks to wait
 * (`retryAfterMs`) is waited in full by all.
 *
 * Throws ERR_INVALID_ARGUMENT for a rate, burst, share or concurrency that is none.
 *
 * A clock that is set back costs no time: it is followed from where it is then. A jump ahead counts as time passed, for
 * which the bucket fills up to its burst, no further.
 *
 * @example
 * const pacer = adaptivePacer({ ratePerSecond: 2, burst: 5, share: 0.5 });
 * const users = listUsers(client, { InstanceId }, { pace: pacer });
 */
export function adaptivePacer(options: AdaptivePacerOptions = {}): AdaptivePacer {
  const { clock = systemClock, random = Math.random } = options;
  const quota = readQuota(options);
  const model = new QuotaModel(quota, random);
  /** Permits that were not handed back yet, the oldest first. */
  const atWork = new Set<Permit>();
  const line = new FifoQueue<Permit>(
    {
      readyAt: (now) => (atWork.size < quota.maxConcurrency ? model.readyAt(now) : Number.POSITIVE_INFINITY),
      admit: (now) => {
        const permit = model.grant(now);
        atWork.add(permit);
        return permit;
      },
    },
    clock,
  );

  const settle = (handed: unknown, note: (permit: Permit, now: number) => void) => {
    const permit = find(atWork, handed);
    if (!permit) return;
    atWork.delete(permit);
    note(permit, line.now());
    line.serve();
  };

  return {
    get ratePerSecond() {
      return model.ratePerSecond;
    },
    acquire: (signal) => line.wait(signal),
    succeeded: (permit) => settle(permit, (settled, now) => model.succeeded(settled, now)),
    throttled: (retryAfterMs, permit) =>
      settle(permit, (settled, now) => model.throttled(settled, now, retryAfterMs)),
  };
}

/** The permit handed back. Whoever wraps a pacer may have dropped it: then it is taken for the oldest one. */
function find(atWork: ReadonlySet<Permit>, handed: unknown): Permit | undefined {
  for (const permit of atWork) {
    if (handed === undefined || handed === permit) return permit;
  }
  return undefined;
}
