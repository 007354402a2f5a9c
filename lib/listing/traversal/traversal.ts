import type { Cursor } from '../../core/cursor.js';
import { isPageturnError, PageturnError } from '../../core/errors.js';
import { RequestStats } from '../../core/request-stats.js';
import { Scope } from '../../core/scope.js';
import type { HandedFailure } from '../operators/failure-handover.js';
import { acknowledgeAndTakeAll, EVERYTHING, NOTHING, type Nothing } from '../operators/stage.js';
import type { Plan } from '../plan.js';
import { CallQueue } from './call-queue.js';
import type { Checkpointer } from './checkpointer.js';
import { RunningStages } from './running-stages.js';
import { failureAt, type TraversalEnd } from './traversal-end.js';
import { TraversalSpan } from './traversal-span.js';
import { type TraversalStats, traversalStats } from './traversal-stats.js';
import { withinGrace } from './within-grace.js';

// An engine folds a constant of this module into the code, and looks an imported one up at every use.
const NONE: Nothing = NOTHING;

/** Options of `Listing.open`. */
export interface OpenOptions {
  /** Where to begin: the cursor of an earlier traversal of the same query. Default: at the first item. */
  readonly from?: Cursor | undefined;
  /** Aborts the traversal; it then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

interface TraversalOptions {
  readonly from?: Cursor | undefined;
  readonly signals?: readonly AbortSignal[];
  /** Keeps the position; the traversal begins where it says. */
  readonly checkpointer?: Checkpointer | undefined;
  /** Takes the failed items that operators tolerate. */
  readonly onFailure?: ((failure: HandedFailure) => void) | undefined;
}

type Result<T> = IteratorResult<T, undefined>;

/**
 * One pass over a listing: an async iterator that tracks its position (`cursor`), and reports why it ended (`end`) and
 * what it did (`stats`). It is for one consumer: a second `for await` at the same time throws ERR_TRAVERSAL_BUSY; calls
 * of `next()` that overlap are answered one after the other, each with its own item.
 *
 * @example
 * const walk = users.open();
 * for await (const user of walk) if (!(await handle(user))) break;
 * await save(walk.cursor); // the item at which the loop ended comes again from here
 */
export class Traversal<T> implements AsyncIterableIterator<T, undefined> {
  readonly #plan: Plan;
  readonly #requests = new RequestStats();
  readonly #scope: Scope;
  readonly #signals: readonly AbortSignal[];
  readonly #checkpointer: Checkpointer | undefined;
  readonly #span = new TraversalSpan();
  readonly #stages: RunningStages<T>;
  #yielded = 0;
  /** Pages received when the position was saved last. */
  #pagesSaved = 0;
  /** Whether a value was taken and not delivered, because the save before it failed. */
  #isWithheld = false;
  #end: TraversalEnd | undefined;
  /** Whether values may be taken: not before the opening, nor once a signal has aborted or the consumer has left. */
  #isRunning = false;
  #isOpening = false;
  /** Whether the consumer has left, after whatever end: a failed traversal does not continue then. */
  #isLeft = false;
  /** What the first `return()` does, for every later one to wait for. */
  #leaving: Promise<void> | undefined;
  /** Whether there is a consumer; an end releases it, because a failed traversal can continue. */
  #isConsumed = false;
  readonly #calls = new CallQueue();
  /** Whether callbacks may be running, within which no other value can be taken. */
  #isTaking = false;

  /** @internal */
  constructor(plan: Plan, { from, signals = [], checkpointer, onFailure }: TraversalOptions = {}) {
    this.#plan = plan;
    this.#scope = new Scope(signals);
    this.#signals = signals;
    this.#checkpointer = checkpointer;
    this.#stopAtEnd();
    this.#stages = new RunningStages(plan, {
      scope: this.#scope,
      from,
      stats: this.#requests,
      trace: () => this.#span.context,
      onFailure,
    });
  }

  /**
   * Where to resume: after every acknowledged item, before the current one. A traversal of `resume` begins at the
   * first item until its checkpoint is loaded.
   */
  get cursor(): Cursor {
    return this.#cursorAt(false);
  }

  /**
   * Where to resume once the current item is handled: after that item, even when the loop has ended there. Write it
   * into the transaction that stores the item, and the item takes effect exactly once.
   */
  get cursorAfter(): Cursor {
    return this.#cursorAt(true);
  }

  /** Why the traversal ended; undefined while it runs. */
  get end(): TraversalEnd | undefined {
    return this.#end;
  }

  /** What the traversal has done; earlier runs do not count. */
  get stats(): TraversalStats {
    return traversalStats(this.#stages.totals, this.#requests, this.#yielded);
  }

  /**
   * Items of the service that are acknowledged once the current value is, and how often the listing started over.
   *
   * @internal
   */
  get progressAfter(): { readonly items: number; readonly restarts: number } {
    return { items: this.#stages.last.position(true).items, restarts: this.#stages.totals.restarts };
  }

  [Symbol.asyncIterator](): this {
    if (this.#isConsumed || (this.#end && this.#calls.pending > 0)) throw traversalBusy();
    this.#isConsumed = true;
    return this;
  }

  /**
   * Resolves to the next item, and acknowledges the previous one. Rejects with a {@link PageturnError} that carries the
   * cursor, or with the reason of an aborted signal. After a failure it tries the same page again.
   */
  next(): Promise<Result<T>> {
    if (this.#isTaking || this.#scope.isCalling) return Promise.reject(traversalBusy('for a callback'));
    return this.#calls.pending > 0 ? this.#calls.enqueue(() => this.#take()) : this.#take();
  }

  /** The next value, if one is ready. */
  #take(): Promise<Result<T>> {
    if (!this.#isRunning) return this.#proceed(NONE);
    let value: T | Nothing;
    try {
      value = this.#takeAtHand();
    } catch (error) {
      return this.#proceed(NONE, { error });
    }
    // A callback may have ended the traversal.
    if (value === NONE || !this.#isRunning || this.#checkpointer?.isDue) return this.#proceed(value);
    this.#yielded++;
    return Promise.resolve({ value, done: false });
  }

  /**
   * The rest of the traversal in chunks of what is ready: for operations on the whole listing, which need no position
   * between two items.
   *
   * @internal
   */
  async *chunks(): AsyncGenerator<readonly T[], void, void> {
    for await (const first of this) {
      const rest = acknowledgeAndTakeAll(this.#stages.last);
      this.#yielded += rest.length;
      yield [first];
      if (rest.length > 0) yield rest;
    }
  }

  /**
   * Ends the traversal and keeps its position; a request in progress is cancelled, and a `next()` that waits resolves as
   * done. Rejects if an iterable of a `flatMap` cannot be closed, or the position cannot be saved.
   */
  async return(): Promise<Result<T>> {
    this.#leaving ??= this.#leave();
    await this.#leaving;
    return { value: undefined, done: true };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  async #leave(): Promise<void> {
    this.#isLeft = true;
    if (!this.#end) this.#finish({ reason: 'stopped' });
    this.#scope.leave();
    // A callback that ends the traversal comes to its end first.
    await null;
    try {
      this.#stages.last.close();
    } finally {
      // An opening or a save in progress comes first.
      await this.#calls.last.catch(() => {});
      await this.#closeCheckpointer();
    }
  }

  #cursorAt(after: boolean): Cursor {
    const cursor = this.#stages.cursor(after);
    return this.#end?.reason === 'exhausted' ? { ...cursor, exhausted: true } : cursor;
  }

  /** The first pause listener, so that no value is taken while the stages are notified. */
  #stopAtEnd(): void {
    this.#scope.onPause(() => {
      if (this.#scope.isOver) this.#isRunning = false;
      // The consumer may never look again.
      if (this.#scope.aborted) this.#endSpan({ reason: 'aborted' });
    });
  }

  /** Delivers a value, or waits for one; or takes what was thrown on the way to one. */
  #proceed(taken: T | Nothing, thrown?: { readonly error: unknown }): Promise<Result<T>> {
    this.#isTaking = false;
    const answer = this.#answer(taken, thrown);
    this.#calls.waitFor(answer);
    return answer;
  }

  async #answer(taken: T | Nothing, thrown?: { readonly error: unknown }): Promise<Result<T>> {
    let value = taken;
    this.#calls.pending++;
    try {
      if (thrown) throw thrown.error;
      if (!this.#isRunning && !this.#scope.isOver) {
        if (this.#isOver()) return { value: undefined, done: true };
        await this.#open();
        value = this.#takeAtHand();
      }
      for (;;) {
        // A callback may have ended the traversal: what it was called with is not delivered.
        this.#scope.throwIfOver();
        if (value !== NONE) break;
        if (this.#checkpointer && this.#stages.pages !== this.#pagesSaved) await this.#save();
        this.#isTaking = true;
        const advanced = this.#stages.last.advance(EVERYTHING);
        this.#isTaking = false;
        if (!(await advanced)) return await this.#complete();
        this.#scope.throwIfOver();
        value = this.#takeAtHand();
      }
      if (this.#checkpointer?.isDue) {
        this.#isWithheld = true;
        await this.#save();
        this.#isWithheld = false;
      }
      this.#yielded++;
      return { value, done: false };
    } catch (error) {
      if (this.#isLeft) return { value: undefined, done: true };
      return await this.#fail(error);
    } finally {
      this.#isTaking = false;
      this.#calls.pending--;
    }
  }

  #takeAtHand(): T | Nothing {
    this.#isTaking = true;
    const value = this.#stages.last.acknowledgeAndTake();
    this.#isTaking = false;
    return value;
  }

  /** Whether there is nothing more to come; throws the reason again if a signal has aborted. */
  #isOver(): boolean {
    if (this.#end?.reason === 'aborted') throw this.#end.cause;
    return this.#isLeft || (this.#end !== undefined && this.#end.reason !== 'failed');
  }

  /** At the first call, and at the first after a failure. */
  async #open(): Promise<void> {
    this.#end = undefined;
    this.#span.open(this.#plan.source.query.operation);
    this.#scope.link();
    this.#scope.throwIfOver();
    if (this.#checkpointer) {
      this.#isOpening = true;
      const from = await this.#checkpointer.open(this.#scope);
      this.#isOpening = false;
      // If a limit was reached before, all that is left to do is to save the position.
      if (!this.#stages.last.isLimited || this.#isWithheld) this.#restartStages(from);
      this.#isWithheld = false;
    }
    this.#isRunning = true;
  }

  /** Begins at the checkpoint, in place of stages that failed. */
  #restartStages(from: Cursor | undefined): void {
    this.#scope.reset();
    this.#stopAtEnd();
    this.#stages.restart(from);
    this.#pagesSaved = 0;
  }

  #save(): Promise<void> {
    this.#pagesSaved = this.#stages.pages;
    return this.#scope.wait(async () => this.#checkpointer?.save(this.cursor));
  }

  /** There are no more values. */
  async #complete(): Promise<Result<T>> {
    this.#stages.assertAtEnd();
    const { last, shortfall } = this.#stages;
    this.#finish(last.isLimited ? { reason: 'limit' } : (shortfall ?? { reason: 'exhausted' }));
    this.#stages.last.close();
    await this.#closeCheckpointer();
    return { value: undefined, done: true };
  }

  /** Ends the traversal in an error, if it has not ended, and throws what the consumer gets. */
  async #fail(error: unknown): Promise<never> {
    const thrown = this.#end ? error : this.#endIn(error);
    // The error that ended the run is the one to throw; the position saved before it still stands.
    await this.#closeCheckpointer().catch(() => {});
    throw thrown;
  }

  /** Keeps the last position. Only an abort ends the wait for a store that hangs. */
  async #closeCheckpointer(): Promise<void> {
    const closed = this.#checkpointer?.close(() => this.cursor);
    if (!closed) return;
    const scope = new Scope(this.#signals);
    scope.link();
    try {
      await scope.wait(() => closed);
    } catch (error) {
      if (!(scope.aborted && (await withinGrace(this.#plan.source.clock, closed)))) throw error;
    } finally {
      scope.unlink();
    }
  }

  #endIn(error: unknown): unknown {
    const { aborted } = this.#scope;
    if (aborted) {
      this.#finish({ reason: 'aborted', cause: aborted.reason });
      this.#stages.close();
      return aborted.reason;
    }
    const failure = this.#failureOf(error);
    this.#finish({
      reason: 'failed',
      ...(isPageturnError(failure) ? { error: failure } : { cause: failure }),
    });
    this.#scope.pause(failure);
    return failure;
  }

  /** A store's own error at the opening is passed on as it is; every other one carries the position. */
  #failureOf(error: unknown): unknown {
    if (this.#isOpening) return error;
    try {
      return failureAt(this.cursor, error);
    } catch {
      // A key function that throws must not hide why the traversal failed.
      return failureAt(undefined, error);
    }
  }

  #finish(end: Omit<TraversalEnd, 'restarts'>): void {
    this.#scope.unlink();
    this.#isRunning = false;
    this.#isOpening = false;
    this.#isConsumed = false;
    this.#end = { ...end, restarts: this.#stages.totals.restarts };
    this.#endSpan(this.#end);
  }

  #endSpan(end: Omit<TraversalEnd, 'restarts'>): void {
    this.#span.end(end, () => {
      const { pages, itemsReceived: itemsSeen, restarts } = this.#stages.totals;
      return { pages, itemsSeen, itemsYielded: this.#yielded, restarts };
    });
  }
}

/** ERR_TRAVERSAL_BUSY: two consumers would each get a part of the items, and a callback would lose its own. */
function traversalBusy(why = 'for the second'): PageturnError {
  return new PageturnError(
    'ERR_TRAVERSAL_BUSY',
    `this traversal already has a consumer; open() another one ${why}`,
  );
}
