import pRetry from 'p-retry';
import { type Clock, systemClock } from '../core/clock.js';
import { invalidArgument, PageturnError } from '../core/errors.js';
import { publish } from '../core/events.js';
import { RequestStats } from '../core/request-stats.js';
import { isTraced, traced, type WaitTrace } from '../core/tracing.js';
import { backoff } from './backoff.js';
import { type Classification, type Classify, classify as classifyByDefault } from './classify.js';
import { requestFailed, retryExhausted } from './request-error.js';
import type { AttemptCall, Send } from './with-attempt.js';
import { withOwnSignal } from './with-own-signal.js';

/** How often and for how long a request is tried. */
export interface RetryLimits {
  /** Attempts that may end in a transient fault; a whole number from 1. Throttles do not count. Default 5. */
  readonly maxAttempts?: number | undefined;
  /**
   * How long a request is tried, in milliseconds from its first failure, throttles included; a number above 0,
   * Infinity allowed. Default 15 minutes.
   */
  readonly maxElapsedMs?: number | undefined;
  /** Distinguishes throttles, transient faults and final errors. Default: `classify`. */
  readonly classify?: Classify | undefined;
}

export interface WithRetryOptions extends RetryLimits {
  /**
   * Whether the send is paced. A pacer slows down after a throttle, so back-off is only added after several throttles
   * in a row. Default false.
   */
  readonly paced?: boolean | undefined;
  readonly clock?: Clock | undefined;
  /** Returns a number from 0 to below 1, for the jitter. Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
}

// After this many throttles in a row the pacer alone is not enough.
const THROTTLES_LEFT_TO_PACER = 3;

/**
 * Retries a send until it succeeds: after throttles without a limit on their number, after transient faults up to
 * `maxAttempts`, both with full-jitter back-off and no longer than `maxElapsedMs`. A `Retry-After` is waited in full.
 * Rejects with ERR_REQUEST_FAILED on a final error and with ERR_RETRY_EXHAUSTED if a bound is reached, both with the
 * original error as `cause` and the number of `attempts`; and with `signal.reason` as soon as the signal aborts.
 *
 * @example
 * const fetchPage = withRetry(fetchOnce, { maxAttempts: 3, maxElapsedMs: 60_000 });
 */
export function withRetry<I, O>(send: Send<I, O>, options: WithRetryOptions = {}): Send<I, O> {
  return withOwnSignal(retried(send, options));
}

/**
 * Like {@link withRetry}, for a caller that races the send against the signal itself, in case the send ignores it. A
 * traversal does so, once for all its pages.
 */
export function retried<I, O>(send: Send<I, O>, options: WithRetryOptions = {}): Send<I, O> {
  const settings = validate(options);
  return (input, call) => {
    const recover = (error: unknown) => tryAgain(send, input, new RetryState(call, settings), error);
    try {
      return send(input, call).catch(recover);
    } catch (error) {
      return recover(error);
    }
  };
}

/** The attempts after the first one: only a request that failed needs p-retry. */
async function tryAgain<I, O>(send: Send<I, O>, input: I, state: RetryState, error: unknown): Promise<O> {
  const { call } = state;
  await state.recover(error, 1);
  const attempt = async (number: number) => {
    try {
      return await send(input, { ...call, attempt: number + 1 });
    } catch (error) {
      throw new Failed(error);
    }
  };
  // p-retry drives the loop; `recover` decides whether to continue and how long to wait, on our own clock.
  return pRetry(attempt, {
    retries: Number.POSITIVE_INFINITY,
    minTimeout: 0,
    factor: 1,
    signal: call.signal,
    onFailedAttempt: ({ error, attemptNumber }) => state.recover((error as Failed).thrown, attemptNumber + 1),
  });
}

/** Carries a thrown value past p-retry, which treats TypeErrors and values that are not errors differently. */
class Failed extends Error {
  readonly thrown: unknown;

  constructor(thrown: unknown) {
    super();
    this.thrown = thrown;
  }
}

type Settings = Required<{ [K in keyof WithRetryOptions]: NonNullable<WithRetryOptions[K]> }>;

/** The failures of one request so far. */
class RetryState {
  readonly call: AttemptCall;
  readonly #settings: Settings;
  #faults = 0;
  #throttlesInRow = 0;
  #firstFailureAt: number | undefined;

  constructor(call: AttemptCall, settings: Settings) {
    this.call = call;
    this.#settings = settings;
  }

  /** Waits until it is time for another attempt, or throws the error for the caller. */
  async recover(error: unknown, attempts: number): Promise<void> {
    const { signal, operation, stats = new RequestStats() } = this.call;
    const { clock, classify } = this.#settings;
    signal?.throwIfAborted();
    // What pageturn itself rejects (an invalid page, for instance) is not a fault of the connection.
    if (error instanceof PageturnError) throw error;
    const { kind, retryAfterMs = 0 } = classify(error);
    const failure = { operation, attempts, error };
    if (kind === 'final') throw requestFailed(failure);

    this.#count(kind);
    const leftMs = this.#leftMs();
    const bound = this.#boundReached(leftMs, retryAfterMs);
    if (bound) throw retryExhausted(failure, bound);

    const delayMs = Math.max(retryAfterMs, Math.min(this.#backoffMs(kind), leftMs));
    publish('pageturn:retry', () => ({ operation, attempt: attempts, delayMs, error }));
    if (delayMs <= 0) return;
    const waitingFor = kind === 'throttle' ? 'quota' : 'retry';
    const endWait = stats.begin(waitingFor, clock);
    try {
      if (!isTraced('pageturn:wait')) return await clock.sleep(delayMs, signal);
      const trace: WaitTrace = { operation, waitingFor };
      await traced('pageturn:wait', trace, () => clock.sleep(delayMs, signal));
    } finally {
      endWait();
    }
  }

  #count(kind: Retried): void {
    if (kind === 'transient') this.#faults++;
    this.#throttlesInRow = kind === 'throttle' ? this.#throttlesInRow + 1 : 0;
  }

  #leftMs(): number {
    const now = this.#settings.clock.now();
    this.#firstFailureAt ??= now;
    return this.#settings.maxElapsedMs - (now - this.#firstFailureAt);
  }

  #boundReached(leftMs: number, retryAfterMs: number): string | undefined {
    const { maxAttempts, maxElapsedMs } = this.#settings;
    if (this.#faults >= maxAttempts) return `${this.#faults} of them transient faults (maxAttempts)`;
    if (leftMs <= 0) return `${maxElapsedMs} ms after the first failure (maxElapsedMs)`;
    if (retryAfterMs > leftMs)
      return `because the service asks to wait ${retryAfterMs} ms, beyond the end of maxElapsedMs`;
    return undefined;
  }

  #backoffMs(kind: Retried): number {
    const { paced, random } = this.#settings;
    if (kind === 'transient') return backoff(kind, this.#faults, random);
    const nth = paced ? this.#throttlesInRow - THROTTLES_LEFT_TO_PACER : this.#throttlesInRow;
    return nth < 1 ? 0 : backoff(kind, nth, random);
  }
}

type Retried = Exclude<Classification['kind'], 'final'>;

function validate(options: WithRetryOptions): Settings {
  const {
    maxAttempts = 5,
    maxElapsedMs = 15 * 60_000,
    classify = classifyByDefault,
    paced = false,
    clock = systemClock,
    random = Math.random,
  } = options;
  if (!Number.isSafeInteger(maxAttempts) || maxAttempts < 1) {
    throw invalidArgument('maxAttempts', 'a whole number from 1', maxAttempts);
  }
  if (!(typeof maxElapsedMs === 'number' && maxElapsedMs > 0)) {
    throw invalidArgument('maxElapsedMs', 'a number of milliseconds above 0', maxElapsedMs);
  }
  if (typeof classify !== 'function') throw invalidArgument('classify', 'a function', classify);
  return { maxAttempts, maxElapsedMs, classify, paced, clock, random };
}
