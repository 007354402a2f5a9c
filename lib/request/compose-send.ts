import { assertKnownOptions } from '../core/assert-known-options.js';
import { type Clock, systemClock } from '../core/clock.js';
import type { Pacer } from '../core/pacer.js';
import { classify as classifyByDefault } from './classify.js';
import { withRequestError } from './request-error.js';
import { type Send, withAttempt } from './with-attempt.js';
import { withPace } from './with-pace.js';
import { type RetryLimits, retried } from './with-retry.js';

/** How often, how long, and with what time limit a request is tried. */
export interface RetryOptions extends RetryLimits {
  /** Milliseconds after which one attempt without an answer is given up as a transient fault; above 0. Default: never; 60,000 for AWS. */
  readonly attemptTimeoutMs?: number | undefined;
}

export interface ComposeSendOptions {
  /** `false` tries once. */
  readonly retry: RetryOptions | false;
  readonly pacer: Pacer | undefined;
  readonly clock?: Clock | undefined;
}

/**
 * A send that is retried once and paced once: the retry outside, the pacer within, the time limit around the request.
 * An abort ends every wait at once; a request that does not heed its signal is for the caller not to wait for.
 */
export function composeSend<I, O>(
  send: Send<I, O>,
  { retry, pacer, clock = systemClock }: ComposeSendOptions,
): Send<I, O> {
  if (retry !== false) assertKnownOptions('retry', retry, RETRY_OPTIONS);
  const { attemptTimeoutMs, ...limits } = retry || {};
  const { classify = classifyByDefault } = limits;
  const attempt = withAttempt(send, { attemptTimeoutMs, classify, clock });
  const paced = pacer ? withPace(attempt, pacer, { clock, classify }) : attempt;
  return retry === false
    ? withRequestError(paced)
    : retried(paced, { ...limits, paced: pacer !== undefined, clock });
}

const RETRY_OPTIONS = ['maxAttempts', 'maxElapsedMs', 'attemptTimeoutMs', 'classify'];
