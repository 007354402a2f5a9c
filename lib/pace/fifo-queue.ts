import { onAbort } from '../core/abort.js';
import type { Clock } from '../core/clock.js';
import { startTimer } from '../core/start-timer.js';

/** Decides when the next waiter is admitted. */
export interface Gate<P> {
  /** When the next waiter may be admitted: now or earlier means at once; Infinity, not before `serve` is called again. */
  readyAt(now: number): number;
  /** Admits one waiter. */
  admit(now: number): P;
}

interface Waiter<P> {
  readonly admit: (permit: P) => void;
  readonly refuse: (error: unknown) => void;
}

/** Waiters for a permit, served first in, first out. Only the first one has a timer. */
export class FifoQueue<P> {
  readonly #gate: Gate<P>;
  readonly #clock: Clock;
  readonly #waiters = new Set<Waiter<P>>();
  #timer: { readonly readyAt: number; readonly stop: () => void } | undefined;
  /** Time as this queue counts it: see `now`. */
  #elapsedMs = 0;
  #seenAt: number | undefined;

  constructor(gate: Gate<P>, clock: Clock) {
    this.#gate = gate;
    this.#clock = clock;
  }

  /**
   * Milliseconds since the first look at the clock. They never run backwards: a clock that is set back counts
   * as standing still, a jump ahead as time that has passed.
   */
  now(): number {
    const at = this.#clock.now();
    const passed = at - (this.#seenAt ?? at);
    if (passed > 0) this.#elapsedMs += passed;
    this.#seenAt = Number.isFinite(at) ? at : undefined;
    return this.#elapsedMs;
  }

  /** Resolves with a permit when it is this waiter's turn; an abort leaves the queue. */
  wait(signal: AbortSignal | undefined): Promise<P> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const leave = () => {
        this.#waiters.delete(waiter);
        unlink?.();
      };
      const waiter: Waiter<P> = {
        admit: (permit) => {
          leave();
          resolve(permit);
        },
        refuse: (error) => {
          leave();
          reject(error);
        },
      };
      const unlink =
        signal &&
        onAbort(signal, (reason) => {
          waiter.refuse(reason);
          this.serve();
        });
      this.#waiters.add(waiter);
      this.serve();
    });
  }

  /** Admits all waiters that are due and sets the timer for the next. Call it whenever the gate may have changed. */
  serve(): void {
    const now = this.now();
    for (const waiter of this.#waiters) {
      const readyAt = this.#gate.readyAt(now);
      if (readyAt > now) {
        this.#sleepUntil(readyAt, now);
        return;
      }
      waiter.admit(this.#gate.admit(now));
    }
    this.#stopTimer();
  }

  #sleepUntil(readyAt: number, now: number): void {
    // Each new waiter and each settled permit calls this, and mostly the next waiter is due at the same time as before.
    if (this.#timer && Math.abs(this.#timer.readyAt - readyAt) < SAME_MS) return;
    this.#stopTimer();
    if (readyAt === Number.POSITIVE_INFINITY) return;
    const sleepMs = Math.min(Math.ceil(readyAt - now), LONGEST_SLEEP_MS);
    const wake = () => {
      if (this.#timer !== timer) return;
      this.#timer = undefined;
      // A sleep that is over took its time, whatever the clock says: a clock that stands still must not cause a busy loop.
      if (this.now() - now < sleepMs / 2) this.#elapsedMs = now + sleepMs;
      this.serve();
    };
    const refuse = (error: unknown) => {
      this.#timer = undefined;
      for (const waiter of this.#waiters) waiter.refuse(error);
    };
    const timer = { readyAt, stop: startTimer(this.#clock, sleepMs, wake, refuse) };
    this.#timer = timer;
  }

  #stopTimer(): void {
    this.#timer?.stop();
    this.#timer = undefined;
  }
}

/** How far two computations of one time may differ. */
const SAME_MS = 1e-3;

// setTimeout fires at once beyond 2^31 - 1 ms.
const LONGEST_SLEEP_MS = 2 ** 31 - 1;
