import { FixedRate } from './fixed-rate.js';
import { LearningRate } from './learning-rate.js';
import type { RateControl, SentRequest } from './rate-control.js';
import type { Quota } from './read-quota.js';
import { type Token, TokenBucketEstimate } from './token-bucket-estimate.js';

/** A request that was granted a token; reported back once with its outcome. */
export interface Grant extends SentRequest {
  readonly token: Token;
  /** What the mirror had been corrected by when it was sent. */
  readonly corrected: number;
}

/**
 * What a client believes of a quota: when the next request may go, and what the outcomes teach. A state machine without
 * clock or timers: times are arguments, in milliseconds, and never run backwards.
 */
export class QuotaModel {
  readonly #mirror: TokenBucketEstimate;
  readonly #control: RateControl;
  #spent = 0;
  #blockedUntil = 0;
  #refusedAt = Number.NEGATIVE_INFINITY;

  constructor({ ratePerSecond, burst, share, learn }: Quota, random: () => number) {
    const rate = ratePerSecond * share;
    this.#mirror = new TokenBucketEstimate(rate, Math.max(1, burst * share));
    const ceiling = share < 1 ? rate : Number.POSITIVE_INFINITY;
    this.#control = learn ? new LearningRate(this.#mirror, { ceiling, random }) : new FixedRate(this.#mirror);
  }

  get ratePerSecond(): number {
    return this.#mirror.ratePerSecond;
  }

  /** When the next request may go: now or earlier, at once; later, look again then. */
  readyAt(now: number): number {
    if (now < this.#blockedUntil) return this.#blockedUntil;
    const threshold = (at: number) => this.#control.threshold(at);
    const readyAt = this.#mirror.readyAt(now, threshold(now));
    return readyAt <= now
      ? readyAt
      : firstTime(now, readyAt, (at) => this.#mirror.readyAt(now, threshold(at)) <= at);
  }

  grant(now: number): Grant {
    const believed = this.#mirror.available(now);
    const grant: Grant = {
      sentAt: now,
      believed,
      afterRest: believed >= this.#control.threshold(now) + 1,
      spentBefore: this.#spent++,
      token: this.#mirror.reserve(now),
      corrected: this.#mirror.corrected,
    };
    this.#control.sent(grant);
    return grant;
  }

  succeeded(grant: Grant, now: number): void {
    this.#mirror.spend(grant.token, now);
    // Sent before the last refusal was known, it says nothing about the time since.
    if (grant.sentAt >= this.#refusedAt) this.#control.accepted(this.#inHindsight(grant));
  }

  /** The outcome is unknown: the service may have taken the token. */
  lost(grant: Grant, now: number): void {
    this.#mirror.spend(grant.token, now);
  }

  throttled(grant: Grant, now: number, retryAfterMs = 0): void {
    this.#mirror.refund(grant.token, now);
    this.#spent--;
    const blocks = retryAfterMs > 0 && retryAfterMs < Number.POSITIVE_INFINITY;
    if (blocks) this.#blockedUntil = Math.max(this.#blockedUntil, now + retryAfterMs);
    // Several requests on their way meet the same empty bucket: one refusal.
    if (grant.sentAt >= this.#refusedAt) {
      this.#refusedAt = now;
      this.#control.throttled(this.#inHindsight(grant), Math.max(now, this.#blockedUntil));
    }
    // At the end of the time the service asked for there is a token, and not the sum of what might have come in.
    if (blocks) this.#mirror.limit(1, this.#blockedUntil, now);
  }

  /** The request as the mirror sees it now: what was corrected in the meantime is not to be corrected again. */
  #inHindsight(grant: Grant): SentRequest {
    return { ...grant, believed: grant.believed + this.#mirror.corrected - grant.corrected };
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
