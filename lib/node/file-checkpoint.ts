import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { CheckpointStore } from '../core/checkpoint-store.js';
import { Cursor } from '../core/cursor.js';
import { invalidArgument, PageturnError } from '../core/errors.js';
import { corruptCheckpoint, readEntries, writeEntries } from './checkpoint-entries.js';
import { SharedLock } from './files/shared-lock.js';
import { sweepTemporaryFiles } from './files/temporary-file.js';

/**
 * A {@link CheckpointStore} in a file, for one process at a time and any number of keys. The file is JSON that only its
 * owner may read. It is replaced as a whole and synced, so after a crash or on a full disk it holds what was saved last,
 * and it is removed with its last key. While a key is locked, and during every save, `<path>.lock` keeps other
 * processes out; the lock and the temporary files of a killed process are cleaned up. The folder must exist.
 *
 * Throws ERR_CHECKPOINT_LOCKED, which names the process that uses the file, ERR_CHECKPOINT_CORRUPT if the file is not
 * what was written, and ERR_CHECKPOINT_IO with the file system's error as its cause.
 *
 * @example
 * const store = fileCheckpoint('users.checkpoint.json');
 * for await (const user of users.resume(store, { key: 'users' })) await handle(user);
 */
export function fileCheckpoint<C extends Cursor = Cursor>(path: string): Required<CheckpointStore<C>> {
  if (typeof path !== 'string' || path === '') throw invalidArgument('path', 'the path of a file', path);
  return new FileCheckpoint<C>(resolve(path));
}

class FileCheckpoint<C extends Cursor> implements CheckpointStore<C> {
  readonly #path: string;
  readonly #lockedKeys = new Set<string>();
  /** Held while a key is locked or a save is under way. */
  readonly #lock: SharedLock;
  /** The last of the calls, which run one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
    this.#lock = new SharedLock(path, { code: 'ERR_CHECKPOINT_LOCKED', noun: 'checkpoint' });
  }

  load(key: string): Promise<C | undefined> {
    return this.#inTurn('read', async () => {
      const cursor = (await readEntries(this.#path)).get(key);
      if (cursor === undefined) return undefined;
      try {
        return Cursor.parse(cursor) as C;
      } catch (cause) {
        throw corruptCheckpoint(this.#path, (cause as PageturnError).message, cause);
      }
    });
  }

  save(key: string, cursor: C): Promise<void> {
    return this.#inTurn('save', () =>
      this.#whileLocked(async () => {
        const entries = await readEntries(this.#path);
        await writeEntries(this.#path, entries.set(key, cursor));
      }),
    );
  }

  clear(key: string): Promise<void> {
    return this.#inTurn('clear', () =>
      this.#whileLocked(async () => {
        const entries = await readEntries(this.#path);
        if (entries.delete(key)) await writeEntries(this.#path, entries);
      }),
    );
  }

  lock(key: string): Promise<() => Promise<void>> {
    return this.#inTurn('lock', async () => {
      if (this.#lockedKeys.has(key)) {
        throw new PageturnError(
          'ERR_CHECKPOINT_LOCKED',
          `the key ${JSON.stringify(key)} of ${this.#path} is in use by another traversal in this process; wait for it to end, or use another key`,
        );
      }
      await this.#acquire();
      this.#lockedKeys.add(key);
      let isHeld = true;
      return () =>
        this.#inTurn('unlock', async () => {
          if (!isHeld) return;
          isHeld = false;
          this.#lockedKeys.delete(key);
          await this.#lock.release();
        });
    });
  }

  async #whileLocked(work: () => Promise<void>): Promise<void> {
    await this.#acquire();
    try {
      await work();
    } finally {
      await this.#lock.release();
    }
  }

  /** Sweeps under the lock: then no process uses a temporary file, not even one on another host. */
  async #acquire(): Promise<void> {
    if (!(await this.#lock.acquire())) return;
    try {
      await sweepTemporaryFiles(this.#path);
    } catch (error) {
      await this.#lock.release();
      throw error;
    }
  }

  #inTurn<R>(action: string, work: () => Promise<R>): Promise<R> {
    const turn = this.#last.then(work).catch((error: unknown) => {
      throw error instanceof PageturnError ? error : ioError(action, this.#path, error);
    });
    this.#last = turn.catch(() => {});
    return turn;
  }
}

function ioError(action: string, path: string, cause: unknown): PageturnError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const folder = dirname(path);
  const isFolderMissing = code === 'ENOENT' && !existsSync(folder);
  // Node's message continues with the system call and its paths.
  const reason = isFolderMissing ? `there is no folder ${folder}, create it first` : message.split(',')[0];
  return new PageturnError(
    'ERR_CHECKPOINT_IO',
    `cannot ${action} the checkpoint ${path}: ${reason}; the position saved before is unchanged`,
    { cause },
  );
}
