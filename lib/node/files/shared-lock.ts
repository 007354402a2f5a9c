import type { FileLock } from './file-lock.js';
import type { LockOptions } from './lock-attempt.js';
import type { LockedFile } from './lock-errors.js';
import { lockFile } from './lock-file.js';

/** The lock of a file for several users within this process: the first one takes it, the last one releases it. */
export class SharedLock {
  readonly #path: string;
  readonly #locked: LockedFile;
  #users = 0;
  #held: FileLock | undefined;

  constructor(path: string, locked: LockedFile) {
    this.#path = path;
    this.#locked = locked;
  }

  /** The lock, while there is a user. */
  get held(): FileLock | undefined {
    return this.#held;
  }

  /** Resolves to true if the lock was free and is taken now. Calls must not overlap. */
  async acquire(options: LockOptions = {}): Promise<boolean> {
    const isFirst = !this.#held;
    this.#held ??= await lockFile(this.#path, this.#locked, options);
    this.#users++;
    return isFirst;
  }

  async release(): Promise<void> {
    this.#users--;
    if (this.#users > 0) return;
    const held = this.#held;
    this.#held = undefined;
    await held?.release();
  }
}
