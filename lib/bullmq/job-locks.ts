import type { Clock } from '../core/clock.js';
import { JobLock } from './job-lock.js';

interface JobLocksOptions {
  readonly clock: Clock;
  readonly lockMs: number;
  /** Renews locks in one request, and resolves to the ids of the jobs whose lock another worker holds. */
  readonly extend: (ids: string[], tokens: string[]) => Promise<readonly string[]>;
}

/**
 * The locks of all jobs that a worker runs, renewed together. BullMQ's own renewal knows a job by its id: if one is lost and
 * the same worker takes it again, the end of the first run would end the renewal for the second.
 */
export class JobLocks {
  readonly #options: JobLocksOptions;
  readonly #held = new Set<JobLock>();
  readonly #ended = new AbortController();
  #reason: unknown;

  constructor(options: JobLocksOptions) {
    this.#options = options;
    void this.#renewAll();
    void this.#watchAll();
  }

  /** Notes the lock of a job that was just taken; one that comes after `abortAll` is aborted, too. */
  hold(id: string, token: string): JobLock {
    const { clock, lockMs } = this.#options;
    const earlier = [...this.#held].filter((lock) => lock.id === id);
    for (const lock of earlier) lock.lost();
    const lock = new JobLock({
      clock,
      lockMs,
      id,
      token,
      earlier: Promise.all(earlier.map(({ over }) => over)),
    });
    this.#held.add(lock);
    if (this.#reason !== undefined) lock.abort(this.#reason);
    return lock;
  }

  /** Forgets a lock whose job is over. */
  release(lock: JobLock): void {
    this.#held.delete(lock);
    lock.end();
  }

  /** Ends the work of all holders. */
  abortAll(reason: unknown): void {
    this.#reason = reason;
    for (const lock of this.#held) lock.abort(reason);
  }

  /** Ends the renewals and the watch. */
  end(): void {
    this.#ended.abort();
  }

  async #renewAll(): Promise<void> {
    const { clock, lockMs, extend } = this.#options;
    const { signal } = this.#ended;
    for (;;) {
      await clock.sleep(lockMs * RENEWAL_SHARE, signal).catch(() => {});
      if (signal.aborted) return;
      const locks = [...this.#held].filter((lock) => !lock.signal.aborted);
      if (locks.length === 0) continue;
      const sentAt = clock.now();
      const ids = locks.map(({ id }) => id);
      const tokens = locks.map(({ token }) => token);
      // Without an answer the locks run out by themselves.
      const lost = await extend(ids, tokens).catch(() => undefined);
      if (lost === undefined) continue;
      for (const lock of locks) lost.includes(lock.id) ? lock.lost() : lock.renewed(sentAt);
    }
  }

  /** One timer for all: a lock that is taken while it runs lasts longer. */
  async #watchAll(): Promise<void> {
    const { clock, lockMs } = this.#options;
    const { signal } = this.#ended;
    for (;;) {
      const locks = [...this.#held].filter((lock) => !lock.signal.aborted);
      const now = clock.now();
      const until = Math.min(now + lockMs, ...locks.map(({ heldUntil }) => heldUntil));
      await clock.sleep(until - now, signal).catch(() => {});
      if (signal.aborted) return;
      for (const lock of this.#held) lock.endIfOver();
    }
  }
}

/** The part of its duration after which a lock is renewed: two renewals may be late or lost. */
const RENEWAL_SHARE = 1 / 4;
