/** One token of the bucket, reserved when its request is sent. */
export interface Token {
  /** When the token counts as spent if there is no answer by then. */
  readonly spentBy: number;
}

/**
 * The client's estimate of the service's token bucket. It has no clock: times are arguments, in milliseconds, and never
 * run backwards.
 *
 * The service takes a token at some time between the sending of a request and its answer. The estimate reserves it when
 * the request is sent and counts it as spent when the answer arrives, so the estimate is never above the bucket: slow
 * first connections, jitter and requests that overtake one another cause no throttles.
 */
export class TokenBucketEstimate {
  /** Tokens that come in per second. */
  ratePerSecond: number;
  /** Tokens the bucket can hold. */
  capacity: number;
  readonly burst: number;
  /** The sum of all corrections. */
  corrected = 0;
  #level: number;
  #at = 0;
  readonly #reserved = new Set<Token>();

  constructor(ratePerSecond: number, burst: number) {
    this.ratePerSecond = ratePerSecond;
    this.capacity = burst;
    this.burst = burst;
    this.#level = burst;
  }

  /** Available tokens, without the reserved ones. Below 0 after the service gave more than the estimate held. */
  available(now: number): number {
    this.#advance(now);
    return this.#level - this.#reserved.size;
  }

  /** When `tokens` will be available; now or earlier when they are. Ask again then: it may take longer. */
  readyAt(now: number, tokens: number): number {
    const missing = tokens - this.available(now);
    if (missing <= EPSILON) return now;
    const readyAt = now + (1000 * missing) / this.ratePerSecond;
    // A full bucket takes nothing in until a reserved token counts as spent.
    const [oldest] = this.#reserved;
    const isFullBefore = this.#level + missing > this.capacity;
    return oldest && isFullBefore ? Math.min(readyAt, Math.max(oldest.spentBy, now + 1)) : readyAt;
  }

  reserve(now: number): Token {
    this.#advance(now);
    const token = { spentBy: now + this.#longestReserveMs() };
    this.#reserved.add(token);
    return token;
  }

  /** The request was answered: the service has taken the token. */
  spend(token: Token, now: number): void {
    this.#advance(now);
    if (this.#reserved.delete(token)) this.#level -= 1;
  }

  /** The request was throttled: the service has taken nothing. */
  refund(token: Token, now: number): void {
    this.#advance(now);
    if (!this.#reserved.delete(token)) this.#level = Math.min(this.capacity, this.#level + 1);
  }

  /** Adds tokens that the estimate lacked, or removes tokens that the service did not have. */
  correct(tokens: number): void {
    this.corrected += tokens;
    this.#level = Math.min(this.capacity, this.#level + tokens);
  }

  /** Lowers the level so that no more than `tokens` are available at a later time. */
  limit(tokens: number, at: number, now: number): void {
    this.#advance(now);
    this.#level = Math.min(this.#level, tokens - (this.ratePerSecond * (at - now)) / 1000);
  }

  #advance(now: number): void {
    for (const token of this.#reserved) {
      if (token.spentBy > now) break;
      this.#refill(token.spentBy);
      this.#reserved.delete(token);
      this.#level -= 1;
    }
    this.#refill(now);
  }

  #refill(now: number): void {
    if (now <= this.#at) return;
    const refilled = this.#level + (this.ratePerSecond * (now - this.#at)) / 1000;
    this.#level = Math.max(this.#level, Math.min(this.capacity, refilled));
    this.#at = now;
  }

  /**
   * Reserved tokens must not keep the estimate full for long, or slow answers would cost throughput: half of the room
   * the burst leaves, at most a second, and the time of a tenth of a token when there is no room at all.
   */
  #longestReserveMs(): number {
    const tokens = Math.max(0.1, (this.burst - 1) / 2);
    return Math.min(1000, (1000 * tokens) / this.ratePerSecond);
  }
}

// Rounding errors of many small refills.
const EPSILON = 1e-9;
