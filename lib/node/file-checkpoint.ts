import { resolve } from 'node:path';
import { assertKnownOptions } from '../core/assert-known-options.js';
import { checkedStore } from '../core/checked-store.js';
import type { CheckpointStore, LockKeyOptions } from '../core/checkpoint-store.js';
import { Cursor } from '../core/cursor.js';
import { invalidArgument, isPageturnError, PageturnError } from '../core/errors.js';
import { quoted } from '../core/quoted.js';
import { corruptCheckpoint, readEntries, writeEntries } from './checkpoint-entries.js';
import { checkpointIoError } from './checkpoint-io-error.js';
import { assertOnLocked, type OnLocked } from './files/lock-attempt.js';
import { realPathOf } from './files/real-path-of.js';
import { SharedLock } from './files/shared-lock.js';
import { sweepTemporaryFiles } from './files/temporary-file.js';
import { storableCopy } from './storable-copy.js';

/** Options of `fileCheckpoint`. */
export interface FileCheckpointOptions {
  /**
   * What to do when another process has locked the file: `'fail'` at once, `'watch'` a process that cannot be checked,
   * such as one in another container, and take over after 30 s without a heartbeat, or `'wait'` as long as it runs.
   * The lock of a process that has ended is always taken over. Default: `'fail'`.
   */
  readonly onLocked?: OnLocked | undefined;
}

/**
 * A {@link CheckpointStore} in a file, for one process at a time and any number of keys. The file is JSON that only its
 * owner may read. It is replaced as a whole and synced, so after a crash or on a full disk it holds what was saved last,
 * and it is removed with its last key. While a key is locked, and during every save, `<path>.lock` keeps other
 * processes out; the lock and the temporary files of a killed process are cleaned up. The folder must exist. A symbolic
 * link is followed.
 *
 * Throws ERR_CHECKPOINT_LOCKED, which names the process that uses the file, or has taken its lock over while this one
 * did not respond; ERR_CHECKPOINT_CORRUPT if the file is not what was written; ERR_INVALID_ARGUMENT for a field that
 * JSON cannot hold; and ERR_CHECKPOINT_IO with the file system's error as its cause.
 *
 * @example
 * const store = fileCheckpoint('users.checkpoint.json');
 * for await (const user of users.resume(store, { key: 'users' })) await handle(user);
 */
export function fileCheckpoint<C extends Cursor = Cursor>(
  path: string,
  options: FileCheckpointOptions = {},
): Required<CheckpointStore<C>> {
  if (typeof path !== 'string' || path === '') throw invalidArgument('path', 'the path of a file', path);
  assertKnownOptions('options', options, ['onLocked']);
  const { onLocked = 'fail' } = options;
  assertOnLocked(onLocked);
  return checkedStore(new FileCheckpoint<C>(resolve(path), onLocked));
}

class FileCheckpoint<C extends Cursor> implements CheckpointStore<C> {
  readonly #path: string;
  readonly #onLocked: OnLocked;
  readonly #lockedKeys = new Set<string>();
  /** Held while a key is locked or a save is in progress. */
  readonly #lock: SharedLock;
  /** The last of the calls, which run one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(path: string, onLocked: OnLocked) {
    this.#path = path;
    this.#onLocked = onLocked;
    this.#lock = new SharedLock(path, { code: 'ERR_CHECKPOINT_LOCKED', noun: 'checkpoint' });
  }

  load(key: string): Promise<C | undefined> {
    return this.#inTurn('read', async () => {
      const cursor = (await readEntries(await this.#realPath())).get(key);
      if (cursor === undefined) return undefined;
      try {
        return Cursor.parse(cursor) as C;
      } catch (cause) {
        throw corruptCheckpoint(this.#path, (cause as PageturnError).message, cause);
      }
    });
  }

  save(key: string, cursor: C): Promise<void> {
    return this.#inTurn('save', () => {
      // A cursor that could not be loaded again is not saved.
      const entry = storableCopy(Cursor.parse(cursor), 'cursor');
      return this.#change((entries) => entries.set(key, entry));
    });
  }

  clear(key: string): Promise<void> {
    return this.#inTurn('clear', () =>
      this.#change((entries) => (entries.delete(key) ? entries : undefined)),
    );
  }

  lock(key: string, { signal }: LockKeyOptions = {}): Promise<() => Promise<void>> {
    const turn = this.#inTurn('lock', async () => {
      if (this.#lockedKeys.has(key)) {
        throw new PageturnError(
          'ERR_CHECKPOINT_LOCKED',
          `the key ${quoted(key)} of ${this.#path} is in use by another traversal in this process; wait for it to end, or use another key`,
        );
      }
      await this.#acquire(signal);
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
    // The signal's reason is not an error of the file.
    return turn.catch((error: unknown) => {
      throw signal?.aborted && (error as Error).cause === signal.reason ? signal.reason : error;
    });
  }

  /** Replaces the entries by what `edit` returns, if anything. */
  async #change(edit: (entries: Map<string, unknown>) => Map<string, unknown> | undefined): Promise<void> {
    await this.#acquire();
    try {
      const path = await this.#realPath();
      const entries = edit(await readEntries(path));
      if (entries) await writeEntries(path, entries, async () => this.#lock.held?.assertHeld());
    } finally {
      await this.#lock.release();
    }
  }

  /** Sweeps under the lock: then no process uses a temporary file, not even one on another host. */
  async #acquire(signal?: AbortSignal): Promise<void> {
    if (!(await this.#lock.acquire({ onLocked: this.#onLocked, signal }))) return;
    try {
      await sweepTemporaryFiles(await this.#realPath());
    } catch (error) {
      await this.#lock.release();
      throw error;
    }
  }

  /** The file that is locked, even if a link to it is changed meanwhile. */
  async #realPath(): Promise<string> {
    return this.#lock.held?.path ?? (await realPathOf(this.#path));
  }

  #inTurn<R>(action: string, work: () => Promise<R>): Promise<R> {
    const turn = this.#last.then(work).catch((error: unknown) => {
      throw isPageturnError(error) ? error : checkpointIoError(action, this.#path, error);
    });
    this.#last = turn.catch(() => {});
    return turn;
  }
}
