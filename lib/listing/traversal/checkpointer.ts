import { assertFunction } from '../../core/assert-function.js';
import type { CheckpointStore } from '../../core/checkpoint-store.js';
import type { Clock } from '../../core/clock.js';
import type { Cursor, Query } from '../../core/cursor.js';
import { isPageturnError, PageturnError } from '../../core/errors.js';
import { publish } from '../../core/events.js';
import { quoted } from '../../core/quoted.js';
import type { Scope } from '../../core/scope.js';
import { readSavedCursor } from './read-saved-cursor.js';
import { failureAt } from './traversal-end.js';
import { withinGrace } from './within-grace.js';

/** Options of `Listing.resume`. */
export interface ResumeOptions {
  /** The name the position is kept under. Default: the operation, such as `Connect.ListUsers`. */
  readonly key?: string | undefined;
  /** The longest time between two saves while items are taken, in milliseconds; from 0, a save for every item. Default 5,000. */
  readonly everyMs?: number | undefined;
  /** Aborts the run: it saves its position and throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

interface CheckpointerOptions {
  readonly store: CheckpointStore;
  readonly key: string;
  readonly everyMs: number;
  readonly query: Query;
  /** The operators of the listing: a checkpoint of others is refused. */
  readonly chain: readonly string[];
  readonly clock: Clock;
}

/** Keeps the position of a traversal in a store: called at its opening, its advances and its end. */
export class Checkpointer {
  readonly #options: CheckpointerOptions;
  #unlock: (() => Promise<void>) | undefined;
  #scope: Scope | undefined;
  #dueAt = 0;
  /** The last save: an abort does not wait for it, but the next save does. */
  #saving: Promise<void> = Promise.resolve();
  /** The release of the lock after opening failed; closing waits for it, so that the next run finds the store free. */
  #releasing: Promise<unknown> | undefined;

  constructor(options: CheckpointerOptions) {
    this.#options = options;
  }

  /** Whether so much time has passed since the last save that another one is due. */
  get isDue(): boolean {
    return this.#options.clock.now() >= this.#dueAt;
  }

  /** Takes the store's lock and loads the position; the lock is released if that fails. */
  async open(scope: Scope): Promise<Cursor | undefined> {
    const { store, key } = this.#options;
    this.#scope = scope;
    const unlock = await this.#lock(scope);
    try {
      const saved: unknown = await scope.wait(async () => store.load(key));
      const from = saved === undefined ? undefined : this.#read(saved);
      if (from) this.#publish('load');
      this.#unlock = unlock;
      this.#setDue();
      return from;
    } catch (error) {
      // The error of the load is the one to throw.
      this.#release(unlock());
      throw error;
    }
  }

  /** Saves a position, after the saves before it. */
  save(cursor: Cursor): Promise<void> {
    const write = () => this.#write(cursor);
    this.#saving = this.#saving.then(write, write);
    return this.#saving;
  }

  /** Saves the last position, or clears the key of an exhausted listing, and releases the lock. */
  async close(lastCursor: () => Cursor): Promise<void> {
    if (this.#releasing) await this.#releasing;
    const unlock = this.#unlock;
    if (!unlock) return;
    this.#unlock = undefined;
    let cursor: Cursor;
    try {
      cursor = lastCursor();
      await (cursor.exhausted ? this.#clear(cursor) : this.save(cursor));
    } catch (error) {
      // Throw the first error.
      await unlock().catch(() => {});
      throw error;
    }
    await withCursor(cursor, 'the checkpoint could not be unlocked', unlock);
  }

  /** A lock that is granted after the traversal has left is released again. */
  async #lock(scope: Scope): Promise<() => Promise<void>> {
    const { store, key } = this.#options;
    const call = scope.fork(scope.pauses);
    const locked = (async () => scope.call(() => store.lock?.(key, { signal: call.signal })))();
    try {
      const unlock = await scope.wait(() => locked);
      if (unlock !== undefined) assertFunction('what lock of the store resolves to', unlock);
      return async () => scope.call(async () => unlock?.());
    } catch (error) {
      this.#release(locked.then((unlock) => unlock?.()));
      throw error;
    } finally {
      scope.release(call);
    }
  }

  #release(released: Promise<void>): void {
    this.#releasing = withinGrace(this.#options.clock, released).catch(() => {});
  }

  #read(saved: unknown): Cursor {
    const { key, query, chain } = this.#options;
    const where = `from checkpoint ${quoted(key)}`;
    return readSavedCursor(saved, { query, chain, where, startOver: 'clear it to start over' });
  }

  async #write(cursor: Cursor): Promise<void> {
    const { store, key } = this.#options;
    await this.#call(cursor, 'the position could not be saved', async () => store.save(key, cursor));
    this.#publish('save');
    this.#setDue();
  }

  async #clear(cursor: Cursor): Promise<void> {
    const { store, key } = this.#options;
    await this.#call(cursor, 'the checkpoint could not be cleared', async () => store.clear(key));
    this.#publish('clear');
  }

  #call(cursor: Cursor, message: string, work: () => Promise<void>): Promise<void> {
    return withCursor(cursor, message, () => this.#scope?.call(work) ?? work());
  }

  #setDue(): void {
    this.#dueAt = this.#options.clock.now() + this.#options.everyMs;
  }

  #publish(action: 'load' | 'save' | 'clear'): void {
    const { key, query } = this.#options;
    publish('pageturn:checkpoint', () => ({ operation: query.operation, key, action }));
  }
}

/** Gives an error of the store the position that should have been kept, and the code of an error of ours. */
async function withCursor(cursor: Cursor, message: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    if (isPageturnError(cause)) throw failureAt(cursor, cause);
    throw new PageturnError('ERR_CHECKPOINT_IO', message, { cause, cursor });
  }
}
