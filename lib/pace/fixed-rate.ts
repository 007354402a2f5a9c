import type { RateControl, SentRequest } from './rate-control.js';
import type { TokenBucketEstimate } from './token-bucket-estimate.js';

/**
 * Goes exactly at the mirror's rate. A refusal means that somebody else draws on the quota: the first costs half a
 * token's time, each further one in a row twice as much as the one before.
 */
export class FixedRate implements RateControl {
  readonly #mirror: TokenBucketEstimate;
  #refusalsInRow = 0;

  constructor(mirror: TokenBucketEstimate) {
    this.#mirror = mirror;
  }

  threshold(): number {
    return 1;
  }

  sent(): void {}

  accepted(): void {
    this.#refusalsInRow = 0;
  }

  throttled({ believed }: SentRequest): void {
    const held = Math.min(LONGEST_HOLD, 2 ** (this.#refusalsInRow++ - 1));
    this.#mirror.correct(Math.min(0, 1 - held - believed));
  }
}

/** Tokens. */
const LONGEST_HOLD = 4;
