import { lstat, rm } from 'node:fs/promises';
import type { LockErrors } from './lock-errors.js';
import { readLock, writeBeat } from './lock-record.js';
import { identityOf } from './open-for-append.js';

/**
 * How often a holder writes a heartbeat: several times in the 30 s after which another process takes a silent holder's
 * lock over, so that one slow write to a network file system does not cost the lock.
 */
const BEAT_EVERY_MS = 5_000;

/** A lock that this process holds. It writes a heartbeat every 5 s, which does not keep the process running. */
export class FileLock {
  /** The real path of the locked file. */
  readonly path: string;
  readonly #id: string;
  readonly #lockErrors: LockErrors;
  readonly #timer: NodeJS.Timeout;
  #beats = 0;
  /** Which file the lock is, once that was looked at. */
  #identity: string | undefined;
  /** The last write of a beat, so that none is in progress when the lock is released. */
  #beating: Promise<unknown> = Promise.resolve();

  constructor(path: string, id: string, lockErrors: LockErrors) {
    this.path = path;
    this.#id = id;
    this.#lockErrors = lockErrors;
    this.#timer = setInterval(() => this.beat(), BEAT_EVERY_MS).unref();
  }

  /** Writes a heartbeat. A beat that cannot be written is not an error: the next one may be. */
  beat(): Promise<unknown> {
    this.#beating = this.#beating.then(() => writeBeat(this.#lock, this.#id, ++this.#beats)).catch(() => {});
    return this.#beating;
  }

  /**
   * Throws the error of a locked file if the lock is another's by now: a process that was stopped for a while finds out
   * before it writes.
   */
  async assertHeld(): Promise<void> {
    const record = await readLock(this.#lock);
    if (record.kind === 'held' && record.holder.id === this.#id) return;
    throw this.#lockErrors.lost(record.kind === 'held' ? record.holder : undefined);
  }

  /** The same check, cheaper: the file is read once for as long as it stays the same. A take-over replaces it with another one. */
  async assertUnchanged(): Promise<void> {
    const there = await lstat(this.#lock, { bigint: true }).catch(() => undefined);
    const identity = there && `${identityOf(there)}:${there.birthtimeNs}`;
    if (identity !== undefined && identity === this.#identity) return;
    await this.assertHeld();
    this.#identity = identity;
  }

  /** Releases the lock; does nothing if it was released or lost before. */
  async release(): Promise<void> {
    clearInterval(this.#timer);
    await this.#beating;
    const record = await readLock(this.#lock);
    if (record.kind === 'held' && record.holder.id === this.#id) await rm(this.#lock, { force: true });
  }

  get #lock(): string {
    return `${this.path}.lock`;
  }
}
