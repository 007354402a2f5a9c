/** One token of the bucket, reserved when its request is sent. */
export interface Token {
  /** When it counts as spent if no answer has come by then. */
  readonly spentBy: number;
}

/**
 * The service's token bucket, kept by the client. It knows no clock: times are arguments, in milliseconds, and never
 * run backwards.
 *
 * Somewhere between sending and answering the service takes a token. The mirror reserves it at the sending and counts
 * it as spent at the answer, so that it is never above the bucket: slow first connections, jitter and requests that
 * overtake one another do not lead to a refusal.
 */
export class TokenBucketEstimate {
  /** Tokens that come in per second. */
  ratePerSecond: number;
  /** Tokens it can hold. */
  capacity: number;
  readonly burst: number;
  /** The sum of all that proved wrong. */
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

  /** Tokens to be had, reserved ones not counted. Below 0 where the service gave more than it was believed to have. */
  available(now: number): number {
    this.#advance(now);
    return this.#level - this.#reserved.size;
  }

  /** When there will be `tokens` to be had; now or earlier where there are. Look again then: it may take longer. */
  readyAt(now: number, tokens: number): number {
    const missing = tokens - this.available(now);
    if (missing <= EPSILON) return now;
    const readyAt = now + (1000 * missing) / this.ratePerSecond;
    // A full mirror takes nothing in before a reserved token counts as spent.
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

  /** The request was refused: the service has taken nothing. */
  refund(token: Token, now: number): void {
    this.#advance(now);
    if (!this.#reserved.delete(token)) this.#level = Math.min(this.capacity, this.#level + 1);
  }

  /** Puts right what proved wrong. */
  correct(tokens: number): void {
    this.corrected += tokens;
    this.#level = Math.min(this.capacity, this.#level + tokens);
  }

  /** Holds no more than `tokens` at a later time. */
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
   * Reserved tokens must not keep the mirror full for long, or slow answers would cost throughput: half of what the
   * burst leaves room for, a second at most, and a tenth of a token's time where there is no room at all.
   */
  #longestReserveMs(): number {
    const tokens = Math.max(0.1, (this.burst - 1) / 2);
    return Math.min(1000, (1000 * tokens) / this.ratePerSecond);
  }
}

// Sums of many small refills.
const EPSILON = 1e-9;
