import { raceAbort } from '../core/abort.js';
import type { Clock } from '../core/clock.js';
import { PageturnError } from '../core/errors.js';
import { quoted } from '../core/quoted.js';
import { withinTime } from '../core/within-time.js';

interface JobLockOptions {
  readonly clock: Clock;
  readonly id: string;
  /** The value of the lock in Redis while this process holds it. */
  readonly token: string;
  /** Resolves when an earlier run of the job in this process is over. */
  readonly earlier?: Promise<unknown> | undefined;
  /** How long it lasts from each renewal. */
  readonly lockMs: number;
}

/**
 * The lock of a job, as the process that holds it knows it: until when it was renewed last, on the clock of the process.
 * Its signal aborts as soon as another worker may hold it, whether Redis says so or does not answer.
 */
export class JobLock {
  readonly id: string;
  readonly token: string;
  /** Resolves when the run that holds it is over. */
  readonly over: Promise<void>;
  /** Notes that the run is over. */
  end = (): void => {};
  readonly #options: JobLockOptions;
  readonly #abort = new AbortController();
  #heldUntil: number;

  constructor(options: JobLockOptions) {
    this.id = options.id;
    this.token = options.token;
    this.#options = options;
    this.over = new Promise((resolve) => {
      this.end = resolve;
    });
    // It was taken a moment ago; the first renewal corrects this.
    this.#heldUntil = options.clock.now() + options.lockMs;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** When another worker may hold it, unless it is renewed. */
  get heldUntil(): number {
    return this.#heldUntil;
  }

  /**
   * Waits for an earlier run in this process, which lost the lock and may still have the files of the job open; but not for
   * one that hangs.
   */
  async afterEarlierRun(): Promise<void> {
    const { earlier = Promise.resolve(), clock, lockMs } = this.#options;
    await raceAbort(withinTime(earlier, { clock, ms: lockMs, late: () => {} }), this.signal);
  }

  /** Renews the lock by a request to Redis, whose answer is undefined if another worker holds it. */
  async renewBy<R>(ask: () => Promise<R | undefined>): Promise<R> {
    const { clock } = this.#options;
    const sentAt = clock.now();
    const answer = await raceAbort(ask(), this.signal);
    if (answer === undefined) this.lost();
    else this.renewed(sentAt);
    this.signal.throwIfAborted();
    return answer as R;
  }

  /** Notes a renewal that was sent at this time, and took effect then or later. */
  renewed(sentAt: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, sentAt + this.#options.lockMs);
  }

  /** Notes that another worker holds the lock. */
  lost(): void {
    this.abort(
      new PageturnError(
        'ERR_QUEUE_FAILED',
        `the lock of job ${quoted(this.id)} was not renewed in time; another worker continues the job`,
      ),
    );
  }

  /** Ends the work of its holder. */
  abort(reason: unknown): void {
    this.#abort.abort(reason);
  }

  /** Ends the work of its holder if it has run out. */
  endIfOver(): void {
    if (this.#heldUntil <= this.#options.clock.now()) this.lost();
  }

  /** Throws if another worker may hold the lock: a process that was stopped may wake here, before any of its timers. */
  assertHeld(): void {
    this.endIfOver();
    this.signal.throwIfAborted();
  }
}
