import { type LockedFile, lockFile } from './lock-file.js';

/** The lock of a file for several users within this process: the first one takes it, the last one releases it. */
export class SharedLock {
  readonly #path: string;
  readonly #locked: LockedFile;
  #users = 0;
  #release: (() => Promise<void>) | undefined;

  constructor(path: string, locked: LockedFile) {
    this.#path = path;
    this.#locked = locked;
  }

  /** Resolves to true if the lock was free and is taken now. Calls must not overlap. */
  async acquire(): Promise<boolean> {
    const isFirst = this.#users === 0;
    if (isFirst) this.#release = await lockFile(this.#path, this.#locked);
    this.#users++;
    return isFirst;
  }

  async release(): Promise<void> {
    this.#users--;
    if (this.#users === 0) await this.#release?.();
  }
}
