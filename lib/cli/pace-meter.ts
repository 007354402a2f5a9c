import { type Clock, systemClock } from '../core/clock.js';

const WINDOW_MS = 10_000;
const SHORTEST_MS = 1000;

/** How many requests a second were sent lately: over the last ten seconds, or since it was made. */
export class PaceMeter {
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
    // A burst in the first moment is no pace of hundreds a second.
    const measuredMs = Math.min(WINDOW_MS, Math.max(SHORTEST_MS, now - this.#startedAt));
    return (1000 * this.#sentAt.length) / measuredMs;
  }
}
