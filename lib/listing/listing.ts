import { assertSignal } from '../core/abort.js';
import { assertDuration } from '../core/assert-duration.js';
import { assertFunction } from '../core/assert-function.js';
import { assertKnownOptions } from '../core/assert-known-options.js';
import { assertWholeNumber } from '../core/assert-whole-number.js';
import type { CheckpointStore } from '../core/checkpoint-store.js';
import { assertResumable, Cursor } from '../core/cursor.js';
import type { Destination, Lease } from '../core/destination.js';
import { invalidArgument, PageturnError } from '../core/errors.js';
import type { ListedPage } from '../core/page.js';
import type { Receipt } from '../core/receipt.js';
import { type DrainOptions, drain } from './drain/drain.js';
import { type BatchOptions, batch } from './operators/batch.js';
import { distinctBy } from './operators/distinct-by.js';
import { drop } from './operators/drop.js';
import { dropWhile } from './operators/drop-while.js';
import { filter } from './operators/filter.js';
import { flatMap } from './operators/flat-map.js';
import { map } from './operators/map.js';
import { type MapAsyncOptions, mapAsync } from './operators/map-async.js';
import type { AsyncMapper } from './operators/map-async-stage.js';
import { pages } from './operators/pages.js';
import type { Step } from './operators/step.js';
import { take } from './operators/take.js';
import { takeWhile } from './operators/take-while.js';
import { tap } from './operators/tap.js';
import { type Pipe, pipe } from './pipe.js';
import { chainOf, type Plan, type PlannedStage, tolerates, withStage, withStep } from './plan.js';
import { every, find, forEach, reduce, some, toArray } from './terminals.js';
import { Checkpointer, type ResumeOptions } from './traversal/checkpointer.js';
import { type OpenOptions, Traversal } from './traversal/traversal.js';

/**
 * A token-paged listing as an async iterable: lazy, immutable, and iterable again and again. Nothing is sent before it
 * is iterated; every `for await` is a separate traversal, with its own requests and state. Operators return a new
 * listing; their callbacks are synchronous unless the operator says otherwise. For everything else, use ix:
 * `users.pipe(buffer(25))`.
 *
 * @example
 * const names = users.filter((user) => user.Username?.endsWith('@acme.com')).map((user) => user.Username);
 * for await (const name of names.take(100)) console.log(name);
 */
export class Listing<T> implements AsyncIterable<T> {
  readonly #plan: Plan;

  /** @internal Listings are made by `paginate`, `listUsers` and `fromPages`. */
  constructor(plan: Plan) {
    if (typeof plan?.source?.open !== 'function')
      throw invalidArgument('a listing', 'made by a function, such as fromPages', plan);
    this.#plan = plan;
  }

  /** @internal What a listing is; undefined for anything else. */
  static planOf(listing: object): Plan | undefined {
    return #plan in listing ? listing.#plan : undefined;
  }

  /**
   * Opens a traversal that you control yourself: it has a `cursor`, an `end` and `stats`. A cursor with counts of
   * `take`, `drop` or `dropWhile` fits only listings with the same operators; any other cursor of the query fits.
   * Throws ERR_CURSOR_MISMATCH if `from` belongs to another query or to other operators, ERR_CURSOR_EXHAUSTED if there
   * is nothing after it.
   *
   * @example
   * const walk = users.open({ from: Cursor.parse(saved), signal: AbortSignal.timeout(60_000) });
   * for await (const user of walk) await handle(user);
   */
  open(options: OpenOptions = {}): Traversal<T> {
    assertKnownOptions('options of open', options, ['from', 'signal']);
    const { from, signal } = options;
    const cursor = from === undefined ? undefined : Cursor.parse(from, this.#plan.source.query);
    if (cursor) assertResumable(cursor, { chain: chainOf(this.#plan), isSameJob: false });
    this.#assertFailuresKept();
    return new Traversal<T>(this.#plan, { from: cursor, signals: this.#signals(signal) });
  }

  /**
   * Opens a traversal that begins where the last run with this store stopped. It saves its position in the store before
   * each page is fetched, at least every `everyMs`, and when it is left, aborted or fails, and clears it when the
   * listing is exhausted. Items come at least once: if a process is killed, items that were handled but not yet
   * acknowledged and saved come again. Rejects with ERR_CHECKPOINT_LOCKED if another process uses the checkpoint, with
   * ERR_CURSOR_MISMATCH if it belongs to another query or to other operators, with whatever the store throws when it
   * locks or loads, and with ERR_CHECKPOINT_IO, or the store's own code, if it cannot save, clear or unlock.
   *
   * @example
   * for await (const user of users.resume(fileCheckpoint('users.cursor.json'))) await save(user);
   */
  resume(store: CheckpointStore, options: ResumeOptions = {}): Traversal<T> {
    assertStore(store);
    assertKnownOptions('options of resume', options, ['key', 'everyMs', 'signal']);
    const { query, clock } = this.#plan.source;
    const { key = query.operation, everyMs = 5_000, signal } = options;
    if (typeof key !== 'string') throw invalidArgument('key', 'a string', key);
    assertDuration('everyMs', everyMs);
    this.#assertFailuresKept();
    const chain = chainOf(this.#plan);
    const checkpointer = new Checkpointer({ store, key, everyMs, query, chain, clock });
    return new Traversal<T>(this.#plan, { checkpointer, signals: this.#signals(signal) });
  }

  /**
   * Writes the items into a destination, from where its last run stopped, and publishes them when all are written.
   * Until a write is done, nothing is fetched except what `prefetch` reads ahead. Resolves to the receipt, which covers
   * all runs. If the destination can take back its rows, a rejected page token makes the listing start over.
   *
   * Rejects with ERR_CURSOR_MISMATCH if an unfinished run of another job is there, with ERR_DESTINATION_FENCED if another
   * run takes over, with ERR_DESTINATION_FAILED for what the destination throws, with the traversal's error, or with the
   * reason of the signal. In every case the next run resumes.
   *
   * The failed items of a `mapAsync` with `tolerate` go to the destination `failed`, each exactly once however often
   * the drain is interrupted, if both destinations promise `exactly-once`. Rejects with ERR_TOO_MANY_FAILURES if there
   * are more.
   *
   * @example
   * const receipt = await users.drainTo(destination, { signal: AbortSignal.timeout(600_000) });
   * if (receipt.complete) console.log(receipt.written, receipt.target);
   */
  async drainTo(destination: Destination<T>, options: DrainOptions = {}): Promise<Receipt> {
    assertDestination(destination);
    assertKnownOptions('options of drainTo', options, [
      'batch',
      'everyMs',
      'signal',
      'onProgress',
      'receipt',
      'failed',
      'lease',
    ]);
    const { batch = 1_000, everyMs = 5_000, signal, onProgress, receipt, failed, lease } = options;
    assertDuration('everyMs', everyMs);
    if (lease !== undefined) assertLease(lease);
    if (failed === undefined) this.#assertFailuresKept();
    else if (tolerates(this.#plan)) assertDestination(failed, 'the destination failed of drainTo');
    else throw invalidArgument('failed', 'left out unless a mapAsync has tolerate', failed);
    return drain<T>(this.#plan, destination, {
      batch: count('batch', batch, 1),
      everyMs,
      signals: this.#signals(signal),
      onProgress: onProgress && callback('onProgress', onProgress),
      receipt: receipt && callback('receipt', receipt),
      failed,
      lease,
    });
  }

  [Symbol.asyncIterator](signal?: AbortSignal): Traversal<T> {
    return this.open({ signal });
  }

  /** ix passes abort signals only to iterables that carry this tag. */
  get [Symbol.toStringTag](): string {
    return 'AsyncIterableX';
  }

  /** Applies ix operators; the last one may be any function that takes an async iterable. */
  get pipe(): Pipe<T> {
    return ((...operators: readonly unknown[]) => pipe(this, operators)) as Pipe<T>;
  }

  /** Keeps the items that satisfy the predicate. */
  filter<S extends T>(predicate: (value: T, index: number) => value is S): Listing<S>;
  filter(predicate: (value: T, index: number) => boolean): Listing<T>;
  filter(predicate: (value: T, index: number) => boolean): Listing<T> {
    return this.#with(filter(callback('filter', predicate)));
  }

  /** Replaces each item with what the mapper returns. */
  map<R>(mapper: (value: T, index: number) => R): Listing<R> {
    return this.#with(map(callback('map', mapper)));
  }

  /**
   * Replaces each item with any number of values. A cursor within the values of one item holds a count: on resume the
   * mapper runs again and that many values are skipped, so it must give the same values for the same item. An item that
   * has changed is delivered again from its first value. After `mapAsync(fn, { ordered: false })` nothing is skipped.
   */
  flatMap<R>(mapper: (value: T, index: number) => Iterable<R>): Listing<R> {
    return this.#stage(flatMap(callback('flatMap', mapper)));
  }

  /** At most the first `limit` items, `Infinity` for all; fetches no more pages than they need. */
  take(limit: number): Listing<T> {
    return this.#with(take(countOrAll('take', limit)));
  }

  /** All but the first `skipped` items. */
  drop(skipped: number): Listing<T> {
    return this.#with(drop(countOrAll('drop', skipped)));
  }

  /** The items before the first that fails the predicate. */
  takeWhile(predicate: (value: T, index: number) => boolean): Listing<T> {
    return this.#with(takeWhile(callback('takeWhile', predicate)));
  }

  /** The items from the first that fails the predicate on. */
  dropWhile(predicate: (value: T, index: number) => boolean): Listing<T> {
    return this.#with(dropWhile(callback('dropWhile', predicate)));
  }

  /** The first item of each key. Keys are kept in memory, and forgotten when the traversal ends. */
  distinctBy(keyOf: (value: T) => unknown): Listing<T> {
    return this.#with(distinctBy(callback('distinctBy', keyOf)));
  }

  /** Calls `look` with each item and passes it on. */
  tap(look: (value: T, index: number) => void): Listing<T> {
    return this.#with(tap(callback('tap', look)));
  }

  /**
   * Works on several items at once. An item is acknowledged once its result and everything before it are acknowledged.
   * If the mapper fails, the traversal ends with ERR_CALLBACK_FAILED and the error of the mapper as its cause, unless
   * `tolerate` allows the failure.
   *
   * @example
   * const described = users.mapAsync((user, { signal }) => describe(user, signal), { concurrency: 4 });
   */
  mapAsync<R>(mapper: AsyncMapper<T, R>, options: MapAsyncOptions<T> = {}): Listing<R> {
    return this.#stage(mapAsync(mapper, options));
  }

  /** Gathers items into arrays of `size`, the last one shorter. A batch is acknowledged as a whole. */
  batch(size: number, options: BatchOptions = {}): Listing<T[]> {
    return this.#stage(batch<T>(size, options));
  }

  /** Fetches up to `pages` pages ahead while the consumer works, but none that a `take` makes unnecessary. */
  prefetch(pages: number): Listing<T> {
    return new Listing({ ...this.#plan, prefetch: count('prefetch', pages, 0) });
  }

  /**
   * The same listing page by page: each with the items that the operators before it let through, and the rest of the
   * response. Empty pages are included. Not allowed after `mapAsync` or `batch`, whose results no longer belong to a
   * page.
   */
  pages(): Listing<ListedPage<T>> {
    if (this.#plan.stages.some(({ kind }) => kind === 'async')) {
      throw invalidArgument(
        'pages()',
        'called before mapAsync, batch or pages',
        'a listing that went through one',
      );
    }
    return this.#stage(pages);
  }

  /** All items in an array. */
  toArray(): Promise<T[]> {
    return toArray(this.open());
  }

  /** Calls `action` with each item, one after the other, and waits for it if it returns a promise. */
  forEach(
    action: (value: T, index: number, signal?: AbortSignal) => void | Promise<void>,
    thisArg?: unknown,
    signal?: AbortSignal,
  ): Promise<void> {
    return forEach(this.open({ signal }), callback('forEach', action).bind(thisArg), signal);
  }

  /**
   * Folds the items into one value, beginning with `initial`, or with the first item if there is none; an empty listing
   * is then ERR_INVALID_ARGUMENT.
   */
  reduce(reducer: (accumulator: T, value: T, index: number) => T): Promise<T>;
  reduce<A>(reducer: (accumulator: A, value: T, index: number) => A, initial: A): Promise<A>;
  reduce<A>(reducer: (accumulator: A | T, value: T, index: number) => A, ...initial: A[]): Promise<A | T> {
    return reduce(this.open(), callback('reduce', reducer), initial);
  }

  /** Whether any item satisfies the predicate; stops at the first. */
  some(predicate: (value: T, index: number) => boolean): Promise<boolean> {
    return some(this.open(), callback('some', predicate));
  }

  /** Whether every item satisfies the predicate; stops at the first that does not. */
  every(predicate: (value: T, index: number) => boolean): Promise<boolean> {
    return every(this.open(), callback('every', predicate));
  }

  /** The first item that satisfies the predicate, or undefined; fetches no page after it. */
  find(predicate: (value: T, index: number) => boolean): Promise<T | undefined> {
    return find(this.open(), callback('find', predicate));
  }

  /** Throws unless the failed items that are tolerated have somewhere to go. */
  #assertFailuresKept(): void {
    if (!tolerates(this.#plan, { withoutCallback: true })) return;
    throw new PageturnError(
      'ERR_INVALID_ARGUMENT',
      'mapAsync tolerates failed items, but they have nowhere to go; pass onFailed in tolerate, or drain the listing with failed',
    );
  }

  #signals(signal: AbortSignal | undefined): AbortSignal[] {
    assertSignal(signal);
    return [this.#plan.source.signal, signal].filter((one) => one !== undefined);
  }

  #with<R>(step: Step): Listing<R> {
    return new Listing<R>(withStep(this.#plan, step));
  }

  #stage<R>(stage: PlannedStage): Listing<R> {
    return new Listing<R>(withStage(this.#plan, stage));
  }
}

function callback<F>(operator: string, value: F): F {
  assertFunction(`the callback of ${operator}`, value);
  return value;
}

function assertStore(store: unknown): void {
  const { load, save, clear, lock = load } = (store ?? {}) as Partial<CheckpointStore>;
  if ([load, save, clear, lock].every((method) => typeof method === 'function')) return;
  throw invalidArgument('the store of resume', "a checkpoint, such as fileCheckpoint('users.json')", store);
}

function assertDestination(destination: unknown, name = 'the destination of drainTo'): void {
  const { open, write, finish, close } = (destination ?? {}) as Partial<Destination<never>>;
  if ([open, write, finish, close].every((method) => typeof method === 'function')) return;
  throw invalidArgument(name, 'an object with open, write, finish and close', destination);
}

function assertLease(lease: unknown): void {
  assertKnownOptions('lease', lease, ['token', 'run']);
  const { token, run } = lease as Lease;
  assertWholeNumber('lease.token', token, 0);
  if (run !== undefined && (typeof run !== 'string' || run === '')) {
    throw invalidArgument('lease.run', 'a name that is not empty', run);
  }
}

function count(name: string, value: number, least: number): number {
  assertWholeNumber(name, value, least);
  return value;
}

function countOrAll(name: string, value: number): number {
  return value === Number.POSITIVE_INFINITY ? value : count(name, value, 0);
}
