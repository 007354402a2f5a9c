import { systemClock } from '../core/clock.js';
import { FifoQueue } from '../pace/fifo-queue.js';

/** As with `adaptivePacer`: a permit that was never settled must not take up a slot forever. */
const SLOT_TTL_MS = 120_000;

/** The requests of this process that may be in flight at the same time. */
export class InFlightLimit {
  /** When each taken slot is free at the latest, the oldest first. */
  readonly #taken = new Map<object, number>();
  readonly #queue: FifoQueue<() => void>;

  constructor(max: number) {
    this.#queue = new FifoQueue(
      {
        readyAt: (now) => {
          for (const [slot, freeAt] of this.#taken) if (freeAt <= now) this.#taken.delete(slot);
          const [oldest = now] = this.#taken.values();
          return this.#taken.size < max ? now : oldest;
        },
        admit: (now) => {
          const slot = {};
          this.#taken.set(slot, now + SLOT_TTL_MS);
          return () => {
            if (this.#taken.delete(slot)) this.#queue.serve();
          };
        },
      },
      systemClock,
    );
  }

  /** Resolves with the function that frees the slot. */
  take(signal: AbortSignal | undefined): Promise<() => void> {
    return this.#queue.wait(signal);
  }
}
