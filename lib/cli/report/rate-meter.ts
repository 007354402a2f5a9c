import { type Clock, systemClock } from '../../core/clock.js';

const WINDOW_MS = 10_000;
const MIN_WINDOW_MS = 1000;

/** Measures requests per second over the last ten seconds, or since it was created. */
export class RateMeter {
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #sentAt: number[] = [];

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
    this.#startedAt = clock.now();
  }

  count(): void {
    this.#sentAt.push(this.#clock.now());
  }

  get requestsPerSecond(): number {
    const now = this.#clock.now();
    while ((this.#sentAt[0] ?? now) < now - WINDOW_MS) this.#sentAt.shift();
    // Dividing the initial burst by a few milliseconds would show hundreds of requests per second.
    const windowMs = Math.min(WINDOW_MS, Math.max(MIN_WINDOW_MS, now - this.#startedAt));
    return (1000 * this.#sentAt.length) / windowMs;
  }
}
