import pRetry from 'p-retry';
import { assertClock } from '../core/assert-clock.js';
import { assertFunction } from '../core/assert-function.js';
import { assertKnownOptions } from '../core/assert-known-options.js';
import { assertWholeNumber } from '../core/assert-whole-number.js';
import { type Clock, systemClock } from '../core/clock.js';
import { invalidArgument } from '../core/errors.js';
import { isPacer, type Pacer } from '../core/pacer.js';
import { checkedClassify } from './checked-classify.js';
import { type Classify, classify as classifyByDefault } from './classify.js';
import { assertMaxElapsed, MAX_ELAPSED_MS, MAX_FAULTS_MS } from './retry-limits.js';
import { type RetrySettings, RetryState } from './retry-state.js';
import { sharedThrottlesOf } from './shared-throttles.js';
import type { Send } from './with-attempt.js';
import { withOwnSignal } from './with-own-signal.js';

/** How often and for how long a request is retried. */
export interface RetryLimits {
  /**
   * Attempts that may end in a transient fault, besides the bound on time; a whole number from 1. Throttles do not count.
   * Default: no bound on their number.
   */
  readonly maxAttempts?: number | undefined;
  /**
   * How long a request is retried, in milliseconds from its first failure, or from the first time it had to wait
   * because of a throttle; a number above 0, Infinity allowed. Default: 15 minutes, and 30 seconds of faults in a row.
   */
  readonly maxElapsedMs?: number | undefined;
  /** Distinguishes throttles, transient faults and final errors. Default: `classify`. */
  readonly classify?: Classify | undefined;
}

/** Options of `withRetry`. */
export interface WithRetryOptions extends RetryLimits {
  /**
   * The pacer of the send, or whether it has one. A pacer slows down after a throttle, so back-off is only added after
   * several throttles in a row. With the pacer itself, waits that the throttles of others caused count towards
   * `maxElapsedMs`. Default false.
   */
  readonly paced?: Pacer | boolean | undefined;
  readonly clock?: Clock | undefined;
  /** Returns a number from 0 to below 1, for the jitter. Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/**
 * Retries a send until it succeeds, with full-jitter back-off, no longer than `maxElapsedMs`: after throttles without a
 * limit on their number, after transient faults up to `maxAttempts`. By default it gives up after 30 s of nothing but
 * faults, and after 10 s if the host has not answered yet. A `Retry-After` is honoured in full. Rejects with
 * ERR_REQUEST_FAILED on a final error and with ERR_RETRY_EXHAUSTED if a bound is reached, both with the original
 * error as `cause` and the number of `attempts`; and with `signal.reason` as soon as the signal aborts.
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
  assertFunction('send', send);
  const settings = validate(options);
  const { clock } = settings;
  const host = { hasAnswered: false };
  const answered = (output: O) => {
    host.hasAnswered = true;
    return output;
  };
  return (input, call) => {
    const startedAt = clock.now();
    const recover = (error: unknown) => {
      const state = new RetryState(call, { settings, startedAt, host });
      return tryAgain(send, input, state, error);
    };
    try {
      return send(input, call).then(answered, recover);
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
      return state.answered(
        await send(input, { ...call, attempt: number + 1, throttledAt: state.throttledAt }),
      );
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

function validate(options: WithRetryOptions): RetrySettings {
  assertKnownOptions('options of withRetry', options, KNOWN_OPTIONS);
  const {
    maxAttempts = Number.POSITIVE_INFINITY,
    maxElapsedMs = MAX_ELAPSED_MS,
    classify = classifyByDefault,
    paced = false,
    clock = systemClock,
    random = Math.random,
  } = options;
  if (options.maxAttempts !== undefined) assertWholeNumber('maxAttempts', maxAttempts, 1);
  assertMaxElapsed(maxElapsedMs);
  assertFunction('random', random);
  if (typeof paced !== 'boolean' && !isPacer(paced))
    throw invalidArgument('paced', 'a pacer, true or false', paced);
  assertClock(clock);
  return {
    maxAttempts,
    maxElapsedMs,
    // A limit set by the caller applies to faults too.
    maxFaultsMs: options.maxElapsedMs ?? MAX_FAULTS_MS,
    classify: checkedClassify(classify),
    paced: paced !== false,
    sharedThrottles: isPacer(paced) ? sharedThrottlesOf(paced) : undefined,
    clock,
    random,
  };
}

const KNOWN_OPTIONS = ['maxAttempts', 'maxElapsedMs', 'classify', 'paced', 'clock', 'random'];
