import { ProbeCycle } from './probe-cycle.js';
import type { RateControl, SentRequest } from './rate-control.js';
import type { TokenBucketEstimate } from './token-bucket-estimate.js';

interface LearningRateOptions {
  /** The rate never to be exceeded, per second. */
  readonly ceiling: number;
  readonly random: () => number;
}

/**
 * Learns the rate from what goes through and what is refused. A request that goes through proves that the bucket held a
 * token, a refusal that it held none. Where the mirror said otherwise it is put right, and so is the rate: the tokens
 * it was off by, over the time since the last refusal, when level and mirror were known to agree.
 */
export class LearningRate implements RateControl {
  readonly #mirror: TokenBucketEstimate;
  readonly #cycle: ProbeCycle;
  readonly #prior: number;
  readonly #ceiling: number;
  #lastRefusalAt: number | undefined;
  #surprisesInRow = 0;
  /** Tokens found beyond the mirror since the last refusal, and where that began. */
  #found = 0;
  #finding: (SentRequest & { readonly rate: number }) | undefined;

  constructor(mirror: TokenBucketEstimate, { ceiling, random }: LearningRateOptions) {
    this.#mirror = mirror;
    this.#prior = mirror.ratePerSecond;
    this.#ceiling = ceiling;
    this.#cycle = new ProbeCycle(this.#prior, random);
    this.#makeRoom();
  }

  threshold(now: number): number {
    const threshold = this.#cycle.threshold(now);
    // At the ceiling there is nothing to find out.
    return this.#mirror.ratePerSecond < this.#ceiling ? threshold : Math.max(1, threshold);
  }

  sent({ sentAt, afterRest }: SentRequest): void {
    // A rest fills the bucket and teaches nothing.
    if (afterRest) this.#cycle.begin(sentAt);
  }

  accepted(request: SentRequest): void {
    this.#cycle.passed();
    if (request.believed < 1) this.#findMore(request, 1 - request.believed);
    this.#makeRoom();
  }

  throttled(request: SentRequest, resumesAt: number): void {
    const missing = request.believed - 1;
    if (missing > 0) this.#findLess(request, missing);
    else if (this.#found > NOT_BY_CHANCE) this.#endClimb(request);
    else this.#confirm();
    this.#found = 0;
    this.#finding = undefined;
    this.#lastRefusalAt = resumesAt;
    this.#cycle.refused(resumesAt);
    this.#makeRoom();
  }

  #findMore(request: SentRequest, tokens: number): void {
    const rate = this.#mirror.ratePerSecond;
    this.#mirror.correct(tokens);
    this.#cycle.note(tokens);
    this.#surprisesInRow = 0;
    this.#finding ??= { ...request, rate };
    this.#found += tokens;
    // A little is put down to the time since the last refusal. More than chance explains: the quota is another one, and
    // the rate climbs with every request.
    const seconds =
      this.#found > NOT_BY_CHANCE
        ? MEMORY / rate
        : this.#secondsSinceRefusal(request) + MEMORY / Math.max(rate, this.#prior);
    this.#setRate(rate + tokens / seconds);
  }

  #findLess(request: SentRequest, missing: number): void {
    const rate = this.#mirror.ratePerSecond;
    const fall = missing + this.#cycle.spread;
    this.#mirror.correct(-fall);
    if (request.afterRest) {
      // The bucket was to be full and is empty: others live on it.
      if (missing > NOT_BY_CHANCE) this.#setRate(rate * CUT);
    } else {
      // One surprise may be chance; several in a row are a trend.
      this.#surprisesInRow = Math.min(3, this.#surprisesInRow + 1);
      const seconds = this.#secondsSinceRefusal(request) + MEMORY / (this.#surprisesInRow * rate);
      this.#setRate(Math.max(rate / 2, rate - Math.min(LARGEST_FALL, fall) / seconds));
    }
    this.#cycle.note(Math.min(LARGEST_FALL, missing));
    this.#cycle.shorten(missing, this.#mirror.ratePerSecond);
  }

  /** The climb went too far: back to what went through during it, and soon another look. */
  #endClimb(request: SentRequest): void {
    const { rate = 0, sentAt = 0, spentBefore = 0 } = this.#finding ?? {};
    const seconds = (request.sentAt - sentAt) / 1000;
    const wentThrough = (request.spentBefore - spentBefore) / seconds;
    if (seconds > 0) this.#setRate(Math.min(this.#mirror.ratePerSecond, Math.max(rate, wentThrough)));
    this.#cycle.plan('short', this.#mirror.ratePerSecond);
  }

  /** Refused as foretold. The first time, it is the prior that is confirmed. */
  #confirm(): void {
    this.#cycle.note(0);
    this.#surprisesInRow = 0;
    this.#cycle.plan(this.#lastRefusalAt === undefined ? 'longest' : 'longer', this.#mirror.ratePerSecond);
  }

  #secondsSinceRefusal({ sentAt }: SentRequest): number {
    return (sentAt - (this.#lastRefusalAt ?? 0)) / 1000;
  }

  #setRate(rate: number): void {
    this.#mirror.ratePerSecond = Math.min(this.#ceiling, Math.max(SLOWEST * this.#prior, rate));
  }

  /** Room in the mirror for the cushion, whatever the burst. */
  #makeRoom(): void {
    this.#mirror.capacity = Math.max(this.#mirror.burst, this.#cycle.top);
  }
}

/** Tokens. */
const NOT_BY_CHANCE = 1.5;
const LARGEST_FALL = 0.75;
/** Requests over which a surprise is spread. */
const MEMORY = 8;
const CUT = 0.4;
/** Of the prior: an hour of refusals must not slow it down for the next one. */
const SLOWEST = 0.05;
