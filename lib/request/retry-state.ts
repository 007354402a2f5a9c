import type { Clock } from '../core/clock.js';
import { isPageturnError } from '../core/errors.js';
import { publish } from '../core/events.js';
import { RequestStats } from '../core/request-stats.js';
import { isTraced } from '../core/tracing.js';
import { backoff } from './backoff.js';
import type { Classification, Classify } from './classify.js';
import { isUnanswered } from './is-unanswered.js';
import { requestFailed, retryExhausted } from './request-error.js';
import { askedTooLong, isPlausibleWait, MAX_UNANSWERED_MS } from './retry-limits.js';
import type { SharedThrottles } from './shared-throttles.js';
import { tracedWait } from './traced-wait.js';
import type { AttemptCall } from './with-attempt.js';

export interface RetrySettings {
  readonly maxAttempts: number;
  readonly maxElapsedMs: number;
  /** How long faults are retried if nothing else comes between, in milliseconds. */
  readonly maxFaultsMs: number;
  readonly classify: Classify;
  readonly paced: boolean;
  readonly sharedThrottles: SharedThrottles | undefined;
  readonly clock: Clock;
  readonly random: () => number;
}

interface RetryContext {
  readonly settings: RetrySettings;
  readonly startedAt: number;
  /** Whether the host has answered a request of the same send. */
  readonly host: { hasAnswered: boolean };
}

// After this many throttles in a row the pacer alone is not enough.
const THROTTLES_LEFT_TO_PACER = 3;

/** The failures of one request so far. */
export class RetryState {
  readonly call: AttemptCall;
  /** When this request first had to wait because of a throttle. */
  throttledAt: number | undefined;
  readonly #context: RetryContext;
  #faults = 0;
  #throttlesInRow = 0;
  #failingSince: number | undefined;
  /** When the current run of faults began: no other answer has come since. */
  #faultySince: number | undefined;

  constructor(call: AttemptCall, context: RetryContext) {
    this.call = call;
    this.#context = context;
  }

  answered<O>(output: O): O {
    this.#context.host.hasAnswered = true;
    return output;
  }

  /** Waits until it is time for another attempt, or throws the error for the caller. */
  async recover(error: unknown, attempts: number): Promise<void> {
    const { signal, operation, stats = new RequestStats() } = this.call;
    const { clock, classify, maxAttempts } = this.#context.settings;
    signal?.throwIfAborted();
    // What pageturn itself rejects (an invalid page, for instance) is not a fault of the connection.
    if (isPageturnError(error)) throw error;
    const classification = classify(error);
    const { kind, retryAfterMs = 0 } = classification;
    const failure = { operation, attempts, error };
    if (kind === 'final') throw requestFailed(failure);

    this.#count(classification);
    const { leftMs, reason } = this.#tightestBound(error);
    if (this.#faults >= maxAttempts) {
      throw retryExhausted(failure, `${this.#faults} of them transient faults (maxAttempts)`);
    }
    if (leftMs <= 0) throw retryExhausted(failure, reason);
    if (retryAfterMs > leftMs || !isPlausibleWait(retryAfterMs)) {
      throw retryExhausted(failure, askedTooLong(retryAfterMs));
    }

    const delayMs = Math.max(retryAfterMs, Math.min(this.#backoffMs(kind), leftMs));
    publish('pageturn:retry', () => ({ operation, attempt: attempts, delayMs, error }));
    if (delayMs <= 0) return;
    const waitingFor = kind === 'throttle' ? 'quota' : 'retry';
    const endWait = stats.begin(waitingFor, clock);
    try {
      if (!isTraced('pageturn:wait')) return await clock.sleep(delayMs, signal);
      await tracedWait(this.call, { waitingFor, clock }, () => clock.sleep(delayMs, signal));
    } finally {
      endWait();
    }
  }

  #count({ kind, retryAfterMs }: Classification): void {
    const { settings, startedAt } = this.#context;
    const now = settings.clock.now();
    const askedAt = this.call.permit?.askedAt ?? startedAt;
    if (kind === 'transient') this.#faults++;
    this.#throttlesInRow = kind === 'throttle' ? this.#throttlesInRow + 1 : 0;
    // The request may have waited because the service throttled others.
    if (kind === 'throttle') this.throttledAt ??= Math.max(askedAt, settings.sharedThrottles?.since ?? now);
    this.#failingSince ??= this.throttledAt ?? now;
    // A service that says when to come back has answered, even if with a fault.
    if (kind === 'throttle' || retryAfterMs !== undefined) this.#faultySince = undefined;
    else this.#faultySince ??= now;
  }

  /** The time limit that ends first, of those that apply after this error. */
  #tightestBound(error: unknown): TimeBound {
    const { settings, startedAt, host } = this.#context;
    const { maxElapsedMs, maxFaultsMs, clock } = settings;
    const now = clock.now();
    const isAnswered = !isUnanswered(error);
    if (isAnswered) host.hasAnswered = true;
    const bounds = [
      {
        leftMs: maxElapsedMs - (now - (this.#failingSince ?? now)),
        reason: `${maxElapsedMs} ms after the first failure (maxElapsedMs)`,
      },
    ];
    if (this.#faultySince !== undefined) {
      bounds.push({
        leftMs: maxFaultsMs - (now - this.#faultySince),
        reason: `because it met nothing but faults for ${maxFaultsMs / 1000} s`,
      });
      if (!isAnswered && !(this.call.stats?.isAnswered ?? host.hasAnswered)) {
        bounds.push({
          leftMs: MAX_UNANSWERED_MS - (now - startedAt),
          reason: `because the host has not answered within ${MAX_UNANSWERED_MS / 1000} s`,
        });
      }
    }
    return bounds.reduce((tightest, bound) => (bound.leftMs < tightest.leftMs ? bound : tightest));
  }

  #backoffMs(kind: Classification['kind']): number {
    const { paced, random } = this.#context.settings;
    if (kind !== 'throttle') return backoff('transient', this.#faults, random);
    const nth = paced ? this.#throttlesInRow - THROTTLES_LEFT_TO_PACER : this.#throttlesInRow;
    return nth < 1 ? 0 : backoff(kind, nth, random);
  }
}

interface TimeBound {
  readonly leftMs: number;
  readonly reason: string;
}
