import { onAbort, raceAbort } from '../core/abort.js';
import { assertClock } from '../core/assert-clock.js';
import { assertFunction } from '../core/assert-function.js';
import { assertKnownOptions } from '../core/assert-known-options.js';
import { type Clock, systemClock } from '../core/clock.js';
import { isPromise } from '../core/drop-rejection.js';
import { invalidArgument } from '../core/errors.js';
import { publish } from '../core/events.js';
import type { Pacer, Permit } from '../core/pacer.js';
import type { PageCall } from '../core/page.js';
import { RequestStats } from '../core/request-stats.js';
import { startTimer } from '../core/start-timer.js';
import { type AttemptTrace, isTraced, traced } from '../core/tracing.js';
import { checkedClassify } from './checked-classify.js';
import { type Classify, classify as classifyByDefault } from './classify.js';
import { isUnanswered } from './is-unanswered.js';
import { timeoutError } from './timeout-error.js';

/** A {@link PageCall} with the number of the attempt, counted from 1. */
export interface AttemptCall extends PageCall {
  readonly attempt?: number | undefined;
  /** When the earlier attempts first had to wait because of a throttle, on the retry's clock. */
  readonly throttledAt?: number | undefined;
  /** The permit of the first attempt, if it was acquired ahead. */
  readonly permit?: AcquiredPermit | undefined;
}

interface AcquiredPermit {
  /** When the request began to wait for it, on the clock of the retry. */
  readonly askedAt: number;
  /** The permit, for the first request that this pacer paces. */
  take(pacer: Pacer): Promise<Permit> | undefined;
  /** Settles the permit as lost, unless a request has taken it. */
  giveBack(): void;
}

/** One request and its answer. `FetchPage` is one of these. */
export type Send<I, O> = (input: I, call: AttemptCall) => Promise<O>;

/** Checks the answer to a request; what it throws counts as the error of the attempt. */
export type CheckAnswer<I, O> = (answer: O, input: I) => void;

/** Options of `withAttempt`. */
export interface WithAttemptOptions<I = never, O = never> {
  /** Milliseconds after which a request without an answer counts as a transient fault. Default: never. */
  readonly attemptTimeoutMs?: number | undefined;
  readonly classify?: Classify | undefined;
  readonly clock?: Clock | undefined;
  /** Throws if an answer is an error in disguise. A wrapper of the send would cost each page a promise. */
  readonly check?: CheckAnswer<I, O> | undefined;
}

/**
 * The innermost wrapper of a send, called once per request: the time limit, the stats (attempts, throttles, network
 * time), the events `pageturn:attempt` and `pageturn:throttle`, and the trace `pageturn:attempt`. It is inside the pacer,
 * so that waiting for the quota counts neither as network time nor towards the time limit.
 *
 * @example
 * const fetch = withRetry(withPace(withAttempt(send, { attemptTimeoutMs: 30_000 }), pacer), { paced: true });
 */
export function withAttempt<I, O>(send: Send<I, O>, options: WithAttemptOptions<I, O> = {}): Send<I, O> {
  assertKnownOptions('options of withAttempt', options, ['attemptTimeoutMs', 'classify', 'clock', 'check']);
  const { attemptTimeoutMs, classify: given = classifyByDefault, clock = systemClock, check } = options;
  assertFunction('send', send);
  const classify = checkedClassify(given);
  assertClock(clock);
  if (check !== undefined) assertFunction('check', check);
  if (attemptTimeoutMs !== undefined && !(typeof attemptTimeoutMs === 'number' && attemptTimeoutMs > 0)) {
    throw invalidArgument('attemptTimeoutMs', 'a number of milliseconds above 0', attemptTimeoutMs);
  }
  const limited = attemptTimeoutMs === undefined ? send : withTimeLimit(send, attemptTimeoutMs, clock);

  const attemptOnce = async (input: I, call: AttemptCall, trace?: AttemptTrace): Promise<O> => {
    // The signal is read only after a failure: creating one takes more memory than the rest of an attempt.
    const { operation, stats = new RequestStats(), attempt = 1 } = call;
    stats.attempts++;
    const wait = stats.start('network', clock);
    try {
      const output = await limited(input, call);
      const checked: unknown = check?.(output, input);
      if (isPromise(checked)) throw invalidArgument('what check returns', 'nothing', checked);
      const durationMs = stats.finish(wait);
      stats.isAnswered = true;
      if (trace) trace.outcome = 'ok';
      publish('pageturn:attempt', () => ({ operation, attempt, durationMs, outcome: 'ok' }));
      return output;
    } catch (error) {
      const durationMs = stats.finish(wait);
      if (call.signal?.aborted) throw error;
      if (!isUnanswered(error)) stats.isAnswered = true;
      const { kind, retryAfterMs } = classify(error);
      if (trace) trace.outcome = kind;
      publish('pageturn:attempt', () => ({ operation, attempt, durationMs, outcome: kind, error }));
      if (kind === 'throttle') {
        stats.throttles++;
        publish('pageturn:throttle', () => ({ operation, retryAfterMs }));
      }
      throw error;
    }
  };
  return (input, call) => {
    if (!isTraced('pageturn:attempt')) return attemptOnce(input, call);
    const trace: AttemptTrace = { operation: call.operation, attempt: call.attempt ?? 1 };
    return traced('pageturn:attempt', trace, () => attemptOnce(input, call, trace));
  };
}

/** Aborts a send that takes too long, and rejects at once even if the send ignores its signal. */
function withTimeLimit<I, O>(send: Send<I, O>, limitMs: number, clock: Clock): Send<I, O> {
  return async (input, call) => {
    const request = new AbortController();
    const unlink = call.signal && onAbort(call.signal, (reason) => request.abort(reason));
    const stopTimer = startTimer(clock, limitMs, () => request.abort(timeoutError(limitMs)));
    try {
      const sent = Promise.resolve(send(input, { ...call, signal: request.signal }));
      return await raceAbort(sent, request.signal);
    } finally {
      unlink?.();
      stopTimer();
    }
  };
}
