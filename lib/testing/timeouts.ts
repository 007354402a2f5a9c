import { type Clock, systemClock } from '../core/clock.js';
import { ConformanceError } from './conformance-error.js';

export interface PatienceOptions {
  /** How long a pager may be silent before it counts as hanging, in milliseconds; only one that hangs takes it. Default 10,000. */
  readonly patienceMs?: number;
  /** The same for what must come at once: the end after an abort, say. Default 1,000. */
  readonly atOnceMs?: number;
  /** Time for both. Default: the system's. */
  readonly clock?: Clock;
}

/** Waits for a pager, but not for ever. */
export class Patience {
  readonly #options: Required<PatienceOptions>;

  constructor({ patienceMs = 10_000, atOnceMs = 1_000, clock = systemClock }: PatienceOptions = {}) {
    this.#options = { patienceMs, atOnceMs, clock };
  }

  /** Settles as the work does; rejects as hanging where it takes too long. `what` completes "… never came". */
  wait<R>(work: Promise<R>, what: string): Promise<R> {
    return this.#within(this.#options.patienceMs, work, `${what} never came`);
  }

  atOnce<R>(work: Promise<R>, what: string): Promise<R> {
    return this.#within(this.#options.atOnceMs, work, `${what} did not come at once`);
  }

  /** Whether something comes true at once, or the little later that sockets take. */
  async sees(condition: () => boolean): Promise<boolean> {
    const timer = new AbortController();
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    this.#options.clock.sleep(this.#options.atOnceMs, timer.signal).then(over, over);
    while (!condition() && !isOver) await new Promise((resolve) => setImmediate(resolve));
    timer.abort();
    return condition();
  }

  async #within<R>(ms: number, work: Promise<R>, complaint: string): Promise<R> {
    const timer = new AbortController();
    const tooLong = this.#options.clock.sleep(ms, timer.signal).then(() => {
      throw new ConformanceError('hangs', complaint);
    });
    try {
      return await Promise.race([work, tooLong]);
    } finally {
      timer.abort();
    }
  }
}

// A pager on sockets needs a few turns of the event loop for what a pager in memory does in one.
const TURNS = 20;

/** Lets everything happen that is about to. */
export async function idle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
}
