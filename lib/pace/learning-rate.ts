import type { RateControl, SentRequest } from './rate-control.js';
import type { TokenBucketEstimate } from './token-bucket-estimate.js';

/** The constants of {@link LearningRate}. docs/pace.md shows, for each, the figure that fails without it. */
export const TUNING = {
  /** Tokens the estimate holds beyond the one a request takes, at the beginning of a cycle. */
  cushion: 0.8,
  /** Tokens the estimate lacks at most when a request probes. */
  probe: 0.7,
  /** Requests over which an error of the estimate changes the rate. */
  memory: 5,
  /** Tokens found in one cycle from which the quota counts as raised, and the rate climbs. */
  climbAfter: 1.5,
  /** Unexpected throttles in a row up to which each one lowers the rate more than the last. */
  trend: 3,
  /** Requests in the first cycle, which tests the configured rate. */
  firstCycle: 6,
  /** Requests in the cycle after an unexpected throttle. */
  surprisedCycle: 33,
  /** Requests in the longest cycle. */
  longCycle: 75,
  /** How much longer a cycle is than the one before when the throttle that ended it was expected. */
  growth: 1.3,
  /** The part of its rate the pacer keeps at least after one throttle. */
  largestCut: 0.5,
  /** The slowest rate, as a part of the configured one. */
  slowest: 0.05,
};

export type Tuning = typeof TUNING;

interface LearningRateOptions {
  /** The rate that is never exceeded, per second. */
  readonly ceiling: number;
  readonly tuning?: Tuning | undefined;
}

/**
 * Learns the rate from what the service accepts and throttles. An accepted request proves that the bucket held a token,
 * a throttled one that it did not. Where the estimate said otherwise, its level is corrected by the error, and so is
 * the rate: by the error over the time since the last throttle, when the level was known.
 *
 * To be proven wrong, requests must come close to the level. Each cycle, from one throttle to the next, begins with a
 * cushion of tokens that shrinks until requests are sent a little before the estimate holds their token. The better
 * the estimate predicts its throttles, the longer the cycles are.
 */
export class LearningRate implements RateControl {
  readonly #estimate: TokenBucketEstimate;
  readonly #prior: number;
  readonly #ceiling: number;
  readonly #tuning: Tuning;
  #cycleBeganAt = 0;
  #cycleMs: number;
  #lastThrottleAt: number | undefined;
  #surprisesInRow = 0;
  /** Tokens found beyond the estimate in this cycle. */
  #found = 0;

  constructor(estimate: TokenBucketEstimate, { ceiling, tuning = TUNING }: LearningRateOptions) {
    this.#estimate = estimate;
    this.#prior = estimate.ratePerSecond;
    this.#ceiling = ceiling;
    this.#tuning = tuning;
    this.#cycleMs = this.#lengthOf(tuning.firstCycle);
    // With a burst of 1 there would be no room for the cushion.
    estimate.capacity = Math.max(estimate.burst, 1 + tuning.cushion);
  }

  threshold(now: number): number {
    const { cushion, probe } = this.#tuning;
    const progress = Math.max(0, now - this.#cycleBeganAt) / this.#cycleMs;
    const threshold = 1 + Math.max(cushion - (cushion + probe) * progress ** 2, -probe);
    // At the ceiling there is nothing to learn.
    return this.#estimate.ratePerSecond < this.#ceiling ? threshold : Math.max(1, threshold);
  }

  sent({ sentAt, afterRest }: SentRequest): void {
    // While the bucket fills up at rest, nothing can be learnt.
    if (afterRest) this.#cycleBeganAt = sentAt;
  }

  accepted(request: SentRequest): void {
    if (request.believed < 1) this.#findMore(request, 1 - request.believed);
  }

  throttled(request: SentRequest, resumesAt: number): void {
    if (request.believed > 1) this.#findLess(request, request.believed - 1);
    else this.#confirm();
    this.#found = 0;
    this.#lastThrottleAt = resumesAt;
    this.#cycleBeganAt = resumesAt;
  }

  #findMore(request: SentRequest, tokens: number): void {
    const { memory, climbAfter } = this.#tuning;
    const rate = this.#estimate.ratePerSecond;
    this.#estimate.correct(tokens);
    this.#surprisesInRow = 0;
    this.#found += tokens;
    // Few tokens are chance or drift. Many mean that the quota is higher: the rate then climbs with every request.
    const seconds =
      this.#found > climbAfter
        ? memory / rate
        : this.#secondsSinceThrottle(request) + memory / this.#expectedRate;
    this.#setRate(rate + tokens / seconds);
  }

  #findLess(request: SentRequest, tokens: number): void {
    const { memory, trend, largestCut, surprisedCycle } = this.#tuning;
    const rate = this.#estimate.ratePerSecond;
    this.#estimate.correct(-tokens);
    this.#surprisesInRow = Math.min(trend, this.#surprisesInRow + 1);
    const seconds = this.#secondsSinceThrottle(request) + memory / (this.#surprisesInRow * rate);
    this.#setRate(Math.max(largestCut * rate, rate - tokens / seconds));
    this.#cycleMs = this.#lengthOf(surprisedCycle);
  }

  /** The throttle was expected: a probe went too far. The first one confirms the configured rate. */
  #confirm(): void {
    const longestMs = this.#lengthOf(this.#tuning.longCycle);
    const isFirst = this.#lastThrottleAt === undefined;
    this.#cycleMs = isFirst ? longestMs : Math.min(longestMs, this.#tuning.growth * this.#cycleMs);
    this.#surprisesInRow = 0;
  }

  /** Below the configured rate there is probably more to find: others may leave, a quota may be restored. */
  get #expectedRate(): number {
    return Math.max(this.#estimate.ratePerSecond, this.#prior);
  }

  #lengthOf(requests: number): number {
    return (1000 * requests) / this.#expectedRate;
  }

  #secondsSinceThrottle({ sentAt }: SentRequest): number {
    return (sentAt - (this.#lastThrottleAt ?? 0)) / 1000;
  }

  #setRate(rate: number): void {
    const slowest = this.#tuning.slowest * this.#prior;
    this.#estimate.ratePerSecond = Math.min(this.#ceiling, Math.max(slowest, rate));
  }
}
