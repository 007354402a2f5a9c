import type { RateControl, SentRequest } from './rate-control.js';
import type { TokenBucketEstimate } from './token-bucket-estimate.js';

/**
 * Keeps to the rate of the estimate. A throttle means that others draw on the quota too: the first costs the time of
 * half a token, each further one in a row twice as much as the one before.
 */
export class FixedRate implements RateControl {
  readonly #estimate: TokenBucketEstimate;
  #throttlesInRow = 0;

  constructor(estimate: TokenBucketEstimate) {
    this.#estimate = estimate;
  }

  threshold(): number {
    return 1;
  }

  sent(): void {}

  accepted(): void {
    this.#throttlesInRow = 0;
  }

  throttled({ believed }: SentRequest): void {
    const held = Math.min(LONGEST_HOLD, 2 ** (this.#throttlesInRow++ - 1));
    this.#estimate.correct(Math.min(0, 1 - held - believed));
  }
}

/** Tokens. Longer holds would leave a quota that others have left again unused for seconds. */
const LONGEST_HOLD = 4;
