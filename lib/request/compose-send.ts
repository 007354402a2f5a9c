import { assertKnownOptions } from '../core/assert-known-options.js';
import { type Clock, systemClock } from '../core/clock.js';
import type { Pacer } from '../core/pacer.js';
import { type Classify, classify as classifyByDefault } from './classify.js';
import { PermitAhead } from './permit-ahead.js';
import { withRequestError } from './request-error.js';
import { MAX_ELAPSED_MS } from './retry-limits.js';
import { type AttemptCall, type CheckAnswer, type Send, withAttempt } from './with-attempt.js';
import { withPace } from './with-pace.js';
import { type RetryLimits, retried } from './with-retry.js';

/** How often, for how long, and with what time limit a request is tried. */
export interface RetryOptions extends RetryLimits {
  /** Milliseconds without an answer after which an attempt counts as a fault; above 0. Default: never; 60,000 for AWS. */
  readonly attemptTimeoutMs?: number | undefined;
}

export interface ComposeSendOptions<I, O> {
  /** `false` tries once. */
  readonly retry: RetryOptions | false;
  readonly pacer: Pacer | undefined;
  readonly clock?: Clock | undefined;
  readonly check?: CheckAnswer<I, O> | undefined;
  /** What errors mean if the retry options do not say. */
  readonly classify?: Classify | undefined;
}

/** A send, and a way to wait for its pacer before calling it. */
export interface ComposedSend<I, O> {
  (input: I, call: AttemptCall): Promise<O>;
  /** Resolves, once the pacer lets a request through, to the call to make it with. */
  readonly acquire?: ((input: I, call: AttemptCall) => Promise<AttemptCall>) | undefined;
}

/**
 * Wraps a send with retry outside, pace inside it, and the time limit around each request. An abort ends every wait at
 * once. A request that ignores its signal is still awaited: the caller must race it against the signal.
 */
export function composeSend<I, O>(
  send: Send<I, O>,
  { retry, pacer, clock = systemClock, check, classify: usual = classifyByDefault }: ComposeSendOptions<I, O>,
): ComposedSend<I, O> {
  if (retry !== false) assertKnownOptions('retry', retry, RETRY_OPTIONS);
  const { attemptTimeoutMs, ...limits } = retry || {};
  const { classify = usual } = limits;
  const attempt = withAttempt(send, { attemptTimeoutMs, classify, clock, check });
  const { maxElapsedMs } = limits;
  const paced = pacer ? withPace(attempt, pacer, { clock, classify, maxElapsedMs }) : attempt;
  const composed =
    retry === false
      ? withRequestError(paced)
      : retried(paced, { ...limits, classify, paced: pacer ?? false, clock });
  if (!pacer) return composed;
  const waiting = { maxElapsedMs: maxElapsedMs ?? MAX_ELAPSED_MS, clock };
  const acquire = (_: I, call: AttemptCall) => PermitAhead.acquire(pacer, call, waiting);
  return Object.assign(composed, { acquire });
}

/** The names of {@link RetryOptions}. */
export const RETRY_OPTIONS = ['maxAttempts', 'maxElapsedMs', 'attemptTimeoutMs', 'classify'];
