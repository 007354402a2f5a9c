import { type Clock, systemClock } from '../core/clock.js';
import { startTimer } from '../core/start-timer.js';
import { withinTime } from '../core/within-time.js';
import { ConformanceError } from './conformance-error.js';

/** How long the kit waits for a pager. */
export interface TimeoutOptions {
  /** How long a pager may stay silent before it counts as hanging, in milliseconds. Default: 10,000. */
  readonly hangTimeoutMs?: number;
  /** The same for what must happen promptly, such as the end after an abort. Default: 1,000. */
  readonly promptTimeoutMs?: number;
  /** The clock for both timeouts. Default: the system clock. */
  readonly clock?: Clock;
}

/** Waits for a pager with a time limit. */
export class Timeouts {
  readonly #options: Required<TimeoutOptions>;

  constructor({ hangTimeoutMs = 10_000, promptTimeoutMs = 1_000, clock = systemClock }: TimeoutOptions = {}) {
    this.#options = { hangTimeoutMs, promptTimeoutMs, clock };
  }

  /** Settles like `work`, or rejects with a `hangs` violation. `what` completes the message "… never came". */
  wait<R>(work: Promise<R>, what: string): Promise<R> {
    return this.#within(this.#options.hangTimeoutMs, work, `${what} never came`);
  }

  /** Like `wait`, for what must happen promptly. */
  promptly<R>(work: Promise<R>, what: string): Promise<R> {
    return this.#within(this.#options.promptTimeoutMs, work, `${what} did not come promptly`);
  }

  /** Polls until the condition is true or the prompt timeout has passed; sockets need a little time. */
  async becomesTrue(condition: () => boolean): Promise<boolean> {
    let isOver = false;
    const stopTimer = startTimer(this.#options.clock, this.#options.promptTimeoutMs, () => {
      isOver = true;
    });
    while (!condition() && !isOver) await new Promise((resolve) => setImmediate(resolve));
    stopTimer();
    return condition();
  }

  #within<R>(ms: number, work: Promise<R>, message: string): Promise<R> {
    const { clock } = this.#options;
    const late = (): never => {
      throw new ConformanceError('hangs', message);
    };
    return withinTime(work, { clock, ms, late });
  }
}

// What an in-memory pager does in one turn of the event loop takes a pager on sockets several.
const TURNS = 20;

/** Waits a few turns of the event loop, so that everything pending can happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
}
