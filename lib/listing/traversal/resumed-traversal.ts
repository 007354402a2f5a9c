import { firstAborted } from '../../core/abort.js';
import type { CheckpointStore } from '../../core/checkpoint-store.js';
import { Cursor } from '../../core/cursor.js';
import { PageturnError } from '../../core/errors.js';
import { publish } from '../../core/events.js';
import type { Plan } from '../plan.js';
import { Interruptible, LEFT } from './interruptible.js';
import { Traversal } from './traversal.js';
import { traversalBusy } from './traversal-busy.js';
import { failureAt, type TraversalEnd } from './traversal-end.js';
import type { TraversalStats } from './traversal-stats.js';

export interface ResumeOptions {
  /** The name the position is kept under. Default: the operation, such as `Connect.ListUsers`. */
  readonly key?: string | undefined;
  /** The longest time between two saves while items are taken, in milliseconds; from 0, a save for every item. Default 5,000. */
  readonly everyMs?: number | undefined;
  /** Aborts the run: it saves its place and throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface ResumedTraversalOptions {
  readonly store: CheckpointStore;
  readonly key: string;
  readonly everyMs: number;
  readonly signals: readonly AbortSignal[];
}

/**
 * A traversal that goes on from a checkpoint and keeps it: loaded under the store's lock with the first `next()`, saved
 * before each page that is fetched, every so often, and at every end but one: a listing that is exhausted clears it.
 */
export class ResumedTraversal<T> implements AsyncIterableIterator<T, undefined> {
  readonly #plan: Plan;
  readonly #options: ResumedTraversalOptions;
  #walk: Traversal<T> | undefined;
  #isOpen = false;
  /** Whether somebody iterates. */
  #isConsumed = false;
  /** Whether the consumer has left. */
  #isLeft = false;
  /** Waits for the store that an abort or a return() ends. */
  readonly #waits: Interruptible;
  #unlock: () => Promise<void> = async () => {};
  /** The end of a run where it is not that of its walk: the store failed it, or it was left before it began. */
  #end: TraversalEnd | undefined;
  #pagesSaved = 0;
  #dueAt = 0;
  /** Saves and everything else that concerns the store, one after the other. */
  #last: Promise<unknown> = Promise.resolve();
  /** The last save: an abort does not wait for it, the next save does. */
  #saving: Promise<void> = Promise.resolve();

  constructor(plan: Plan, options: ResumedTraversalOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#waits = new Interruptible(options.signals);
  }

  /** Where to go on from; undefined before the checkpoint was loaded. */
  get cursor(): Cursor | undefined {
    return this.#walk?.cursor;
  }

  /** Why the traversal ended; undefined while it runs. */
  get end(): TraversalEnd | undefined {
    return this.#end ?? this.#walk?.end;
  }

  /** What this run has done; earlier runs do not count. */
  get stats(): TraversalStats | undefined {
    return this.#walk?.stats;
  }

  [Symbol.asyncIterator](): this {
    if (this.#isConsumed && this.end === undefined) throw traversalBusy();
    this.#isConsumed = true;
    return this;
  }

  /** As {@link Traversal.next}. After a failure it loads the checkpoint again and goes on from there. */
  next(): Promise<IteratorResult<T, undefined>> {
    return this.#inTurn(() => this.#next());
  }

  /** Saves the place, the item in hand not acknowledged, and lets go of the checkpoint. */
  async return(): Promise<IteratorResult<T, undefined>> {
    this.#isLeft = true;
    this.#waits.interrupt();
    try {
      await this.#walk?.return();
    } finally {
      // An iterable of the caller's that will not be closed does not keep the checkpoint.
      await this.#inTurn(() => this.#stop());
    }
    return { value: undefined, done: true };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  async #next(): Promise<IteratorResult<T, undefined>> {
    const { end } = this;
    if (end?.reason === 'aborted') throw end.cause;
    if (this.#isLeft || (end && end.reason !== 'failed')) return { value: undefined, done: true };
    let walk: Traversal<T> | undefined;
    try {
      walk = this.#isOpen && this.#walk ? this.#walk : await this.#open();
      if (this.#isLeft) return { value: undefined, done: true };
      return await this.#step(walk);
    } catch (error) {
      if (this.#isLeft && (!walk || error === LEFT)) return { value: undefined, done: true };
      const walkEnd = walk?.end;
      // The error that ended the run is the one to hear of; the position saved before it still stands.
      await walk?.return().catch(() => {});
      this.#end = walkEnd ?? this.#endIn(error, walk?.end?.restarts);
      this.#isConsumed = false;
      await this.#leave().catch(() => {});
      throw error;
    }
  }

  async #step(walk: Traversal<T>): Promise<IteratorResult<T, undefined>> {
    const result = await walk.next();
    if (result.done) await this.#leave();
    else if (this.#plan.source.clock.now() >= this.#dueAt) await this.#waits.wait(() => this.#save(walk));
    return result;
  }

  async #open(): Promise<Traversal<T>> {
    const { source } = this.#plan;
    const { store, key, signals } = this.#options;
    for (const signal of signals) signal.throwIfAborted();
    this.#unlock = await this.#lock();
    try {
      const saved = await this.#waits.wait(async () => store.load(key));
      const from = saved === undefined ? undefined : readCursor(saved, key, source.query);
      if (from) this.#tell('load');
      const walk = new Traversal<T>(this.#plan, { from, signals, onAdvance: () => this.#savePage() });
      this.#walk = walk;
      this.#end = undefined;
      this.#isOpen = true;
      this.#pagesSaved = 0;
      this.#setDue();
      return walk;
    } catch (error) {
      await this.#unlock();
      throw error;
    }
  }

  /** The store's lock; one that comes when nobody waits for it any more is let go of again. */
  async #lock(): Promise<() => Promise<void>> {
    const { store, key } = this.#options;
    const locked = Promise.resolve(store.lock?.(key));
    try {
      return (await this.#waits.wait(() => locked)) ?? this.#unlock;
    } catch (error) {
      locked.then((unlock) => unlock?.()).catch(() => {});
      throw error;
    }
  }

  /** Saves once for each page: as its last item is acknowledged, before the next page is asked for. */
  async #savePage(): Promise<void> {
    const walk = this.#walk;
    if (!walk || walk.stats.pages === this.#pagesSaved) return;
    await this.#save(walk);
  }

  #save(walk: Traversal<T>): Promise<void> {
    this.#pagesSaved = walk.stats.pages;
    const write = () => this.#write(walk.cursor);
    this.#saving = this.#saving.then(write, write);
    return this.#saving;
  }

  async #write(cursor: Cursor): Promise<void> {
    try {
      await this.#options.store.save(this.#options.key, cursor);
    } catch (cause) {
      throw saveFailed(cause, cursor);
    }
    this.#tell('save');
    this.#setDue();
  }

  async #stop(): Promise<void> {
    // A next() that was under way may have opened the walk since.
    try {
      await this.#walk?.return();
    } finally {
      if (!this.end) this.#end = { reason: 'stopped', restarts: 0 };
      await this.#leave();
    }
  }

  #endIn(error: unknown, restarts = 0): TraversalEnd {
    const aborted = firstAborted(this.#options.signals);
    if (aborted) return { reason: 'aborted', cause: aborted.reason, restarts };
    return { reason: 'failed', ...(error instanceof PageturnError ? { error } : { cause: error }), restarts };
  }

  async #leave(): Promise<void> {
    const walk = this.#walk;
    if (!this.#isOpen || !walk) return;
    this.#isOpen = false;
    try {
      if (walk.end?.reason === 'exhausted') {
        await this.#options.store.clear(this.#options.key);
        this.#tell('clear');
      } else {
        await this.#save(walk);
      }
    } finally {
      await this.#unlock();
      this.#unlock = async () => {};
    }
  }

  #setDue(): void {
    this.#dueAt = this.#plan.source.clock.now() + this.#options.everyMs;
  }

  #tell(action: 'load' | 'save' | 'clear'): void {
    const { operation } = this.#plan.source.query;
    publish('pageturn:checkpoint', () => ({ operation, key: this.#options.key, action }));
  }

  #inTurn<R>(work: () => Promise<R>): Promise<R> {
    const result = this.#last.then(work, work);
    this.#last = result;
    return result;
  }
}

/** A position that could not be saved is a failure of the run, with the position. */
function saveFailed(cause: unknown, cursor: Cursor): PageturnError {
  if (cause instanceof PageturnError) return failureAt(cursor, cause);
  return new PageturnError('ERR_CHECKPOINT_IO', 'the position could not be saved', { cause, cursor });
}

function readCursor(saved: unknown, key: string, query: Cursor['query']): Cursor {
  try {
    return Cursor.parse(saved, query);
  } catch (error) {
    if (!(error instanceof PageturnError)) throw error;
    throw new PageturnError(
      error.code,
      `the checkpoint ${JSON.stringify(key)} cannot be gone on from: ${error.message}; run the query it was made for, or clear it to begin anew`,
      { cause: error },
    );
  }
}
