import { readFile, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { CheckpointStore } from '../core/checkpoint-store.js';
import { Cursor } from '../core/cursor.js';
import { invalidArgument, PageturnError } from '../core/errors.js';
import { formatCheckpoint, parseCheckpoint } from './checkpoint-text.js';
import { lockFile } from './files/lock-file.js';
import { replaceFile, sweepLeftovers, syncFolder } from './files/replace-file.js';

/**
 * A {@link CheckpointStore} in a file, for one process at a time and any number of keys. The file is JSON, readable by
 * its owner only, replaced as a whole and synced: after a crash or on a full disk it holds what was saved last. It is
 * removed with its last key. While a key is locked, and during every save, `<path>.lock` keeps other processes off;
 * the lock of a process that was killed is taken over, and so are its temporary files. The folder must exist.
 *
 * Throws ERR_CHECKPOINT_LOCKED naming the process that has the file, ERR_CHECKPOINT_CORRUPT where the file is not what
 * was written, and ERR_CHECKPOINT_IO with the file system's error as its cause.
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
  readonly #locked = new Set<string>();
  /** How many locked keys and saves under way need the file's lock, and what lets go of it. */
  #uses = 0;
  #unlock: (() => Promise<void>) | undefined;
  /** The last of the calls, which go one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  load(key: string): Promise<C | undefined> {
    return this.#inTurn('read', async () => {
      const cursor = (await this.#read()).get(key);
      if (cursor === undefined) return undefined;
      try {
        return Cursor.parse(cursor) as C;
      } catch (cause) {
        throw this.#corrupt(cause instanceof Error ? cause.message : 'it holds no cursor', cause);
      }
    });
  }

  save(key: string, cursor: C): Promise<void> {
    return this.#inTurn('save', () =>
      this.#guarded(async () => this.#write((await this.#read()).set(key, cursor))),
    );
  }

  clear(key: string): Promise<void> {
    return this.#inTurn('clear', () =>
      this.#guarded(async () => {
        const entries = await this.#read();
        if (entries.delete(key)) await this.#write(entries);
      }),
    );
  }

  lock(key: string): Promise<() => Promise<void>> {
    return this.#inTurn('lock', async () => {
      if (this.#locked.has(key)) {
        throw new PageturnError(
          'ERR_CHECKPOINT_LOCKED',
          `the key ${JSON.stringify(key)} of ${this.#path} is in use by another traversal of this process`,
        );
      }
      await this.#enter();
      this.#locked.add(key);
      let held = true;
      return () =>
        this.#inTurn('unlock', async () => {
          if (!held) return;
          held = false;
          this.#locked.delete(key);
          await this.#leave();
        });
    });
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    await this.#enter();
    try {
      await work();
    } finally {
      await this.#leave();
    }
  }

  async #enter(): Promise<void> {
    if (this.#uses === 0) {
      await sweepLeftovers(this.#path);
      this.#unlock = await lockFile(this.#path);
    }
    this.#uses++;
  }

  async #leave(): Promise<void> {
    this.#uses--;
    if (this.#uses === 0) await this.#unlock?.();
  }

  async #read(): Promise<Map<string, unknown>> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
      throw error;
    }
    return parseCheckpoint(text, (flaw) => {
      throw this.#corrupt(flaw);
    });
  }

  async #write(cursors: ReadonlyMap<string, unknown>): Promise<void> {
    if (cursors.size === 0) {
      await rm(this.#path);
      return syncFolder(dirname(this.#path));
    }
    await replaceFile(this.#path, (file) => file.writeFile(formatCheckpoint(cursors)));
  }

  #inTurn<R>(action: string, work: () => Promise<R>): Promise<R> {
    const turn = this.#last.then(work).catch((error: unknown) => {
      throw error instanceof PageturnError ? error : this.#ioError(action, error);
    });
    this.#last = turn.catch(() => {});
    return turn;
  }

  #corrupt(flaw: string, cause?: unknown): PageturnError {
    return new PageturnError(
      'ERR_CHECKPOINT_CORRUPT',
      `the checkpoint ${this.#path} cannot be used: ${flaw}; put a good copy in its place, or delete it to begin anew`,
      { cause },
    );
  }

  #ioError(action: string, cause: unknown): PageturnError {
    const { code, message } = cause as NodeJS.ErrnoException;
    const folder = dirname(this.#path);
    // Node's message goes on with the call and its paths.
    const why = code === 'ENOENT' ? `there is no folder ${folder}, create it first` : message.split(',')[0];
    return new PageturnError(
      'ERR_CHECKPOINT_IO',
      `cannot ${action} the checkpoint ${this.#path}: ${why}; what was saved before is as it was`,
      { cause },
    );
  }
}
