import { FixedRate } from './fixed-rate.js';
import { LearningRate, type Tuning } from './learning-rate.js';
import type { RateControl, SentRequest } from './rate-control.js';
import type { Quota } from './read-quota.js';
import { type Token, TokenBucketEstimate } from './token-bucket-estimate.js';

/** A request that was granted a token. Its outcome is reported once. */
export interface Grant extends SentRequest {
  readonly token: Token;
  /** The sum of all corrections of the estimate when the request was sent. */
  readonly corrected: number;
}

/**
 * What a client knows about a quota: when the next request may be sent, and what the outcomes say. A state machine
 * without clock and timers: times are arguments, in milliseconds, and never run backwards.
 */
export class QuotaModel {
  readonly #estimate: TokenBucketEstimate;
  readonly #control: RateControl;
  #blockedUntil = 0;
  #throttledAt = Number.NEGATIVE_INFINITY;

  constructor({ ratePerSecond, burst, share, learn }: Quota, tuning?: Tuning) {
    const rate = ratePerSecond * share;
    const ceiling = share < 1 ? rate : Number.POSITIVE_INFINITY;
    this.#estimate = new TokenBucketEstimate(rate, Math.max(1, burst * share));
    this.#control = learn
      ? new LearningRate(this.#estimate, { ceiling, tuning })
      : new FixedRate(this.#estimate);
  }

  get ratePerSecond(): number {
    return this.#estimate.ratePerSecond;
  }

  /** When the next request may be sent: now or earlier means at once; otherwise ask again then. */
  readyAt(now: number): number {
    if (now < this.#blockedUntil) return this.#blockedUntil;
    const threshold = (at: number) => this.#control.threshold(at);
    const readyAt = this.#estimate.readyAt(now, threshold(now));
    return readyAt <= now
      ? readyAt
      : firstTime(now, readyAt, (at) => this.#estimate.readyAt(now, threshold(at)) <= at);
  }

  grant(now: number): Grant {
    const believed = this.#estimate.available(now);
    const grant: Grant = {
      sentAt: now,
      believed,
      afterRest: believed >= this.#control.threshold(now) + 1,
      token: this.#estimate.reserve(now),
      corrected: this.#estimate.corrected,
    };
    this.#control.sent(grant);
    return grant;
  }

  accepted(grant: Grant, now: number): void {
    this.#estimate.spend(grant.token, now);
    // A request sent before the last throttle says nothing about the time since.
    if (grant.sentAt >= this.#throttledAt) this.#control.accepted(this.#inHindsight(grant));
  }

  /** The outcome is unknown: the service may have taken the token. */
  lost(grant: Grant, now: number): void {
    this.#estimate.spend(grant.token, now);
  }

  throttled(grant: Grant, now: number, retryAfterMs = 0): void {
    this.#estimate.refund(grant.token, now);
    const blocks = retryAfterMs > 0 && retryAfterMs < Number.POSITIVE_INFINITY;
    if (blocks) this.#blockedUntil = Math.max(this.#blockedUntil, now + retryAfterMs);
    // Several requests in flight meet the same empty bucket: that is one throttle.
    if (grant.sentAt >= this.#throttledAt) {
      this.#throttledAt = now;
      this.#control.throttled(this.#inHindsight(grant), Math.max(now, this.#blockedUntil));
    }
    // When the requested wait is over there is one token, not as many as could have come in.
    if (blocks) this.#estimate.limit(1, this.#blockedUntil, now);
  }

  /** The request as the estimate sees it now: an error that was corrected while it was in flight is not an error. */
  #inHindsight(grant: Grant): SentRequest {
    return { ...grant, believed: grant.believed + this.#estimate.corrected - grant.corrected };
  }
}

/** The first time between two at which a condition that stays true becomes true, to a hundredth of a millisecond. */
function firstTime(from: number, to: number, isTrue: (at: number) => boolean): number {
  let before = from;
  let after = to;
  while (after - before > 0.01) {
    const middle = (before + after) / 2;
    if (isTrue(middle)) after = middle;
    else before = middle;
  }
  return after;
}
