import { assertKnownOptions } from '../core/assert-known-options.js';
import { type Clock, systemClock } from '../core/clock.js';
import type { Pacer } from '../core/pacer.js';
import { type Classify, classify as classifyByDefault } from './classify.js';
import { withRequestError } from './request-error.js';
import { type CheckAnswer, type Send, withAttempt } from './with-attempt.js';
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

/**
 * Wraps a send with retry outside, pace inside it, and the time limit around each request. An abort ends every wait at
 * once. A request that ignores its signal is still awaited: the caller must race it against the signal.
 */
export function composeSend<I, O>(
  send: Send<I, O>,
  { retry, pacer, clock = systemClock, check, classify: usual = classifyByDefault }: ComposeSendOptions<I, O>,
): Send<I, O> {
  if (retry !== false) assertKnownOptions('retry', retry, RETRY_OPTIONS);
  const { attemptTimeoutMs, ...limits } = retry || {};
  const { classify = usual } = limits;
  const attempt = withAttempt(send, { attemptTimeoutMs, classify, clock, check });
  const { maxElapsedMs } = limits;
  const paced = pacer ? withPace(attempt, pacer, { clock, classify, maxElapsedMs }) : attempt;
  return retry === false
    ? withRequestError(paced)
    : retried(paced, { ...limits, classify, paced: pacer ?? false, clock });
}

/** The names of {@link RetryOptions}. */
export const RETRY_OPTIONS = ['maxAttempts', 'maxElapsedMs', 'attemptTimeoutMs', 'classify'];
