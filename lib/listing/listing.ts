import { AsyncIterableX } from 'ix/asynciterable/asynciterablex';
import { assertSignal } from '../core/abort.js';
import { assertKnownOptions } from '../core/assert-known-options.js';
import type { CheckpointStore } from '../core/checkpoint-store.js';
import { Cursor } from '../core/cursor.js';
import { invalidArgument } from '../core/errors.js';
import type { Page } from '../core/page.js';
import { BatchFlow, type BatchOptions } from './operators/batch-flow.js';
import { distinctBy } from './operators/distinct-by.js';
import { drop } from './operators/drop.js';
import { dropWhile } from './operators/drop-while.js';
import { filter } from './operators/filter.js';
import { flatMap } from './operators/flat-map.js';
import { map } from './operators/map.js';
import { type AsyncMapper, MapAsyncFlow, type MapAsyncOptions } from './operators/map-async-flow.js';
import type { Step } from './operators/step.js';
import { take } from './operators/take.js';
import { takeWhile } from './operators/take-while.js';
import { tap } from './operators/tap.js';
import { type Plan, withStage, withStep } from './plan.js';
import { every, find, forEach, reduce, some, toArray } from './terminals.js';
import { ResumedTraversal, type ResumeOptions } from './traversal/resumed-traversal.js';
import { type OpenOptions, Traversal } from './traversal/traversal.js';

/**
 * A token-paged listing as an async iterable: lazy, immutable, and iterable again and again. Nothing is sent before
 * somebody iterates; every `for await` is a traversal of its own, with its own requests and state. Operators return a
 * new listing; callbacks are synchronous unless the operator says otherwise. For everything that is not here there is
 * ix: `users.pipe(buffer(25))`.
 *
 * @example
 * const names = users.filter((user) => user.Username?.endsWith('@acme.com')).map((user) => user.Username);
 * for await (const name of names.take(100)) console.log(name);
 */
export class Listing<T> extends AsyncIterableX<T> {
  readonly #plan: Plan;

  /** @internal Listings are made by `paginate`, `listUsers` and `fromPages`. */
  constructor(plan: Plan) {
    super();
    this.#plan = plan;
  }

  /**
   * One traversal, held in the hand: it tells its `cursor`, its `end` and its `stats`.
   * Throws ERR_CURSOR_MISMATCH if `from` belongs to another query.
   *
   * @example
   * const walk = users.open({ from: Cursor.parse(saved), signal: AbortSignal.timeout(60_000) });
   * for await (const user of walk) await handle(user);
   */
  open(options: OpenOptions = {}): Traversal<T> {
    assertKnownOptions('options of open', options, ['from', 'signal']);
    const { from, signal } = options;
    const { source } = this.#plan;
    const cursor = from === undefined ? undefined : Cursor.parse(from, source.query);
    return new Traversal<T>(this.#plan, { from: cursor, signals: this.#signals(signal) });
  }

  /**
   * One traversal that goes on where the last run with this store stopped, and keeps the position there: saved before
   * each page that is fetched, at least every `everyMs`, and when it is left, aborted or fails; cleared when the listing
   * is exhausted. Items come at least once: those handled but not acknowledged when a process is killed come again.
   * Rejects with ERR_CHECKPOINT_LOCKED where another process is at it, with ERR_CURSOR_MISMATCH where the checkpoint
   * belongs to another query, and with whatever the store itself fails with.
   *
   * @example
   * for await (const user of users.resume(fileCheckpoint('users.cursor.json'))) await save(user);
   */
  resume(store: CheckpointStore, options: ResumeOptions = {}): ResumedTraversal<T> {
    assertStore(store);
    assertKnownOptions('options of resume', options, ['key', 'everyMs', 'signal']);
    const { key = this.#plan.source.query.operation, everyMs = 5_000, signal } = options;
    if (!(typeof everyMs === 'number' && everyMs >= 0)) {
      throw invalidArgument('everyMs', 'a number of milliseconds from 0', everyMs);
    }
    return new ResumedTraversal<T>(this.#plan, { store, key, everyMs, signals: this.#signals(signal) });
  }

  [Symbol.asyncIterator](signal?: AbortSignal): Traversal<T> {
    return this.open({ signal });
  }

  /** Keeps the items the predicate says yes to. */
  filter<S extends T>(predicate: (value: T, index: number) => value is S): Listing<S>;
  filter(predicate: (value: T, index: number) => boolean): Listing<T>;
  filter(predicate: (value: T, index: number) => boolean): Listing<T> {
    return this.#with(filter(callback('filter', predicate)));
  }

  /** Turns each item into what the mapper returns. */
  map<R>(mapper: (value: T, index: number) => R): Listing<R> {
    return this.#with(map(callback('map', mapper)));
  }

  /** Turns each item into any number of items. An item is acknowledged with the last of what it became. */
  flatMap<R>(mapper: (value: T, index: number) => Iterable<R>): Listing<R> {
    return this.#with(flatMap(callback('flatMap', mapper)));
  }

  /** At most the first `limit` items, `Infinity` for all; no page is fetched that they do not need. */
  take(limit: number): Listing<T> {
    return this.#with(take(countOrAll('take', limit)));
  }

  /** All but the first `skipped` items. */
  drop(skipped: number): Listing<T> {
    return this.#with(drop(countOrAll('drop', skipped)));
  }

  /** The items in front of the first that the predicate says no to. */
  takeWhile(predicate: (value: T, index: number) => boolean): Listing<T> {
    return this.#with(takeWhile(callback('takeWhile', predicate)));
  }

  /** The items from the first on that the predicate says no to. */
  dropWhile(predicate: (value: T, index: number) => boolean): Listing<T> {
    return this.#with(dropWhile(callback('dropWhile', predicate)));
  }

  /** The first item of each key. The keys seen are kept in memory, and forgotten between two traversals. */
  distinctBy(keyOf: (value: T) => unknown): Listing<T> {
    return this.#with(distinctBy(callback('distinctBy', keyOf)));
  }

  /** Calls `look` with each item that passes, and passes it on. */
  tap(look: (value: T, index: number) => void): Listing<T> {
    return this.#with(tap(callback('tap', look)));
  }

  /**
   * Works on several items at once. An item is acknowledged when its result is, and everything before it; a failing
   * mapper ends the traversal with ERR_CALLBACK_FAILED and its own error as the cause.
   *
   * @example
   * const described = users.mapAsync((user, { signal }) => describe(user, signal), { concurrency: 4 });
   */
  mapAsync<R>(mapper: AsyncMapper<T, R>, options: MapAsyncOptions = {}): Listing<R> {
    assertKnownOptions('options of mapAsync', options, ['concurrency', 'ordered']);
    const { concurrency = 8, ordered = true } = options;
    if (typeof ordered !== 'boolean') throw invalidArgument('ordered', 'true or false', ordered);
    const settings = {
      mapper: callback('mapAsync', mapper),
      concurrency: count('concurrency', concurrency, 1),
      ordered,
    };
    return this.#stage({ kind: 'flow', create: (upstream) => new MapAsyncFlow<T, R>(upstream, settings) });
  }

  /** Gathers items into arrays of `size`, the last one shorter. A batch is acknowledged as a whole. */
  batch(size: number, options: BatchOptions = {}): Listing<T[]> {
    assertKnownOptions('options of batch', options, ['maxWaitMs']);
    const { maxWaitMs } = options;
    if (maxWaitMs !== undefined && !(maxWaitMs >= 0)) {
      throw invalidArgument('maxWaitMs', 'a number of milliseconds from 0', maxWaitMs);
    }
    const whole = count('batch size', size, 1);
    return this.#stage({
      kind: 'flow',
      create: (upstream, clock) => new BatchFlow<T>(upstream, { size: whole, maxWaitMs, clock }),
    });
  }

  /** Fetches up to `pages` pages ahead while the consumer works; never one that a `take` makes needless. */
  prefetch(pages: number): Listing<T> {
    return new Listing({ ...this.#plan, prefetch: count('prefetch', pages, 0) });
  }

  /**
   * The same listing by the page: each with the items the operators so far let through, and what the response said
   * beside them. Empty pages come too. Not after `mapAsync` or `batch`, which know no pages.
   */
  pages(): Listing<Page<T>> {
    if (this.#plan.stages.some(({ kind }) => kind !== 'steps')) {
      throw invalidArgument(
        'pages()',
        'called before mapAsync, batch or pages',
        'a listing that went through one',
      );
    }
    return this.#stage({ kind: 'pages' });
  }

  /** All items in an array. */
  toArray(): Promise<T[]> {
    return toArray(this.open());
  }

  /** Calls `action` with each item, one after the other; waits where it returns a promise. */
  override forEach(
    action: (value: T, index: number, signal?: AbortSignal) => void | Promise<void>,
    thisArg?: unknown,
    signal?: AbortSignal,
  ): Promise<void> {
    return forEach(this.open({ signal }), callback('forEach', action).bind(thisArg), signal);
  }

  /**
   * Folds the items into one value, beginning with `initial`, or with the first item where none is given; an empty
   * listing is then ERR_INVALID_ARGUMENT.
   */
  reduce(reducer: (accumulator: T, value: T, index: number) => T): Promise<T>;
  reduce<A>(reducer: (accumulator: A, value: T, index: number) => A, initial: A): Promise<A>;
  reduce<A>(reducer: (accumulator: A, value: T, index: number) => A, ...initial: A[]): Promise<A> {
    return reduce(this.open(), callback('reduce', reducer), initial);
  }

  /** Whether the predicate says yes to any item; stops at the first. */
  some(predicate: (value: T, index: number) => boolean): Promise<boolean> {
    return some(this.open(), callback('some', predicate));
  }

  /** Whether the predicate says yes to every item; stops at the first no. */
  every(predicate: (value: T, index: number) => boolean): Promise<boolean> {
    return every(this.open(), callback('every', predicate));
  }

  /** The first item the predicate says yes to, or undefined; fetches no page behind it. */
  find(predicate: (value: T, index: number) => boolean): Promise<T | undefined> {
    return find(this.open(), callback('find', predicate));
  }

  #signals(signal: AbortSignal | undefined): AbortSignal[] {
    assertSignal(signal);
    return [this.#plan.source.signal, signal].filter((one) => one !== undefined);
  }

  #with<R>(step: Step): Listing<R> {
    return new Listing<R>(withStep(this.#plan, step));
  }

  #stage<R>(stage: Plan['stages'][number]): Listing<R> {
    return new Listing<R>(withStage(this.#plan, stage));
  }
}

function callback<F>(operator: string, value: F): F {
  if (typeof value !== 'function') throw invalidArgument(`the callback of ${operator}`, 'a function', value);
  return value;
}

function assertStore(store: unknown): void {
  const { load, save, clear } = (store ?? {}) as Partial<CheckpointStore>;
  if ([load, save, clear].every((method) => typeof method === 'function')) return;
  throw invalidArgument('the store of resume', "a checkpoint, such as fileCheckpoint('users.json')", store);
}

function count(name: string, value: number, least: number): number {
  if (!Number.isSafeInteger(value) || value < least) {
    throw invalidArgument(name, `a whole number from ${least}`, value);
  }
  return value;
}

function countOrAll(name: string, value: number): number {
  return value === Number.POSITIVE_INFINITY ? value : count(name, value, 0);
}
