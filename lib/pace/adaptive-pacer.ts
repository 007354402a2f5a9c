import { assertClock } from '../core/assert-clock.js';
import { assertKnownOptions } from '../core/assert-known-options.js';
import { type Clock, systemClock } from '../core/clock.js';
import { invalidArgument } from '../core/errors.js';
import type { Outcome, Pacer, Permit } from '../core/pacer.js';
import { FifoQueue } from './fifo-queue.js';
import { type Grant, QuotaModel } from './quota-model.js';
import { QUOTA_OPTIONS, type QuotaOptions, readQuota } from './read-quota.js';

/** Options of `adaptivePacer`. */
export interface AdaptivePacerOptions extends QuotaOptions {
  /**
   * Milliseconds after which a permit that was not settled counts as lost, so that it does not take up `maxConcurrency`
   * forever; above 0, Infinity allowed. Settling it later has no effect. Make it longer than the longest request.
   * Default 120,000: twice the time after which an AWS request is given up.
   */
  readonly permitTtlMs?: number | undefined;
  readonly clock?: Clock | undefined;
}

/** A {@link Pacer} that knows its rate. */
export interface AdaptivePacer extends Pacer {
  /** Requests per second it currently considers sustainable. */
  readonly ratePerSecond: number;
}

/**
 * Creates a pacer that estimates the token bucket of the service and grants as many permits as the bucket has tokens,
 * first come, first served. By default it learns the quota from what the service accepts and throttles, and adapts when
 * the quota changes or others use it; with `learn: false`, or a `share` below 1, it keeps to the configured quota. When
 * the service asks to wait (`retryAfterMs`), all requests wait that long.
 *
 * Throws ERR_INVALID_ARGUMENT for an unknown option, and for an invalid rate, burst, share, concurrency or time to live.
 *
 * A clock that is set back costs no time: the pacer continues from the new time. A clock that jumps ahead counts as time
 * passed, which fills the bucket up to its burst and no further.
 *
 * @example
 * const pacer = adaptivePacer({ ratePerSecond: 2, burst: 5, share: 0.5 });
 * const users = listUsers(client, { InstanceId }, { pace: pacer });
 */
export function adaptivePacer(options: AdaptivePacerOptions = {}): AdaptivePacer {
  assertKnownOptions('options of adaptivePacer', options, KNOWN_OPTIONS);
  const { clock = systemClock, permitTtlMs = 120_000 } = options;
  assertClock(clock);
  if (!(typeof permitTtlMs === 'number' && permitTtlMs > 0))
    throw invalidArgument('permitTtlMs', 'a number of milliseconds above 0', permitTtlMs);
  const quota = readQuota(options);
  const model = new QuotaModel(quota);
  /** Requests whose permits were not settled yet, the oldest first. */
  const inFlight = new Set<Grant>();

  const dropExpired = (now: number) => {
    for (const grant of inFlight) {
      if (now - grant.sentAt < permitTtlMs) return;
      inFlight.delete(grant);
      model.lost(grant, now);
    }
  };
  const settle = (grant: Grant, outcome: Outcome) => {
    const now = queue.now();
    dropExpired(now);
    if (!inFlight.delete(grant)) return;
    if (outcome.kind === 'ok') model.accepted(grant, now);
    else if (outcome.kind === 'throttled') model.throttled(grant, now, outcome.retryAfterMs);
    else model.lost(grant, now);
    queue.serve();
  };
  const queue = new FifoQueue<Permit>(
    {
      readyAt: (now) => {
        dropExpired(now);
        if (inFlight.size < quota.maxConcurrency) return model.readyAt(now);
        const [oldest] = inFlight;
        return (oldest?.sentAt ?? now) + permitTtlMs;
      },
      admit: (now) => {
        const grant = model.grant(now);
        inFlight.add(grant);
        return { settle: (outcome) => settle(grant, outcome) };
      },
    },
    clock,
  );

  return {
    get ratePerSecond() {
      return model.ratePerSecond;
    },
    acquire: (signal) => queue.wait(signal),
  };
}

const KNOWN_OPTIONS = [...QUOTA_OPTIONS, 'permitTtlMs', 'clock'];
