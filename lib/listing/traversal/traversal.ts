import { firstAborted, onAbort } from '../../core/abort.js';
import type { Cursor } from '../../core/cursor.js';
import { RequestStats } from '../../core/request-stats.js';
import { type Flow, NOTHING, type Nothing, takeAll } from '../operators/flow.js';
import type { PageFlow } from '../pages/page-flow.js';
import { type Plan, startFlow, worksAhead } from '../plan.js';
import { Interruptible, LEFT } from './interruptible.js';
import { toCursor } from './position.js';
import { traversalBusy } from './traversal-busy.js';
import { failureAt, type TraversalEnd } from './traversal-end.js';
import { type TraversalStats, traversalStats } from './traversal-stats.js';

// An engine folds a constant of this module into the code, and looks an imported one up at every use.
const NONE: Nothing = NOTHING;

export interface OpenOptions {
  /** Where to begin: the cursor of an earlier traversal of the same query. Default: at the first item. */
  readonly from?: Cursor | undefined;
  /** Aborts the traversal; it then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

interface TraversalOptions {
  readonly from?: Cursor | undefined;
  readonly signals?: readonly AbortSignal[];
  /** Awaited whenever everything at hand is acknowledged, before more is asked for. */
  readonly onAdvance?: (() => Promise<void>) | undefined;
}

/**
 * One walk over a listing, held in the hand: an async iterator that knows where it stands (`cursor`), why it ended
 * (`end`) and what it did (`stats`). It is for one consumer: a second `for await` while the first goes on throws
 * ERR_TRAVERSAL_BUSY; calls of `next()` that overlap are answered one after the other, each with an item of its own.
 *
 * @example
 * const walk = users.open();
 * for await (const user of walk) if (!(await handle(user))) break;
 * await save(walk.cursor); // the item in hand at the break comes again from here
 */
export class Traversal<T> implements AsyncIterableIterator<T, undefined> {
  readonly #plan: Plan;
  readonly #flow: Flow<T>;
  readonly #pages: PageFlow<unknown>;
  readonly #requests = new RequestStats();
  readonly #signals: readonly AbortSignal[];
  readonly #isWatched: boolean;
  readonly #worksAhead: boolean;
  readonly #onAdvance: (() => Promise<void>) | undefined;
  #yielded = 0;
  #end: TraversalEnd | undefined;
  /** Whether the consumer has left, after whatever end: a failure is not gone on with then. */
  #isLeft = false;
  /** Whether somebody iterates; an end sets it free, for a failed traversal can be gone on with. */
  #isConsumed = false;
  /** Calls of `next` that wait, and the last of them. */
  #pending = 0;
  #last: Promise<unknown> = Promise.resolve();
  readonly #waits: Interruptible;
  #unlinks: (() => void)[] = [];

  constructor(plan: Plan, { from, signals = [], onAdvance }: TraversalOptions = {}) {
    const { pages, flow } = startFlow(plan, { from, stats: this.#requests, signals });
    this.#plan = plan;
    this.#pages = pages;
    this.#flow = flow as Flow<T>;
    this.#signals = signals;
    this.#isWatched = signals.length > 0;
    this.#worksAhead = worksAhead(plan);
    this.#waits = new Interruptible(signals);
    this.#onAdvance = onAdvance;
  }

  /** Where to go on from: behind every acknowledged item, in front of the one in hand. */
  get cursor(): Cursor {
    return toCursor(this.#flow.mark(), this.#plan.source.query);
  }

  /** Why the traversal ended; undefined while it runs. */
  get end(): TraversalEnd | undefined {
    return this.#end;
  }

  get stats(): TraversalStats {
    return traversalStats(this.#pages, this.#requests, this.#yielded);
  }

  [Symbol.asyncIterator](): this {
    if (this.#isConsumed || (this.#end && this.#pending > 0)) throw traversalBusy();
    this.#isConsumed = true;
    return this;
  }

  /**
   * The next item; asking for it acknowledges the one before. Rejects with a {@link PageturnError} that carries the
   * cursor, or with the reason of an aborted signal.
   */
  next(): Promise<IteratorResult<T, undefined>> {
    return this.#pending > 0 ? this.#enqueue() : this.#answer();
  }

  /**
   * The rest of the traversal in lots of what is at hand: for the terminals, which want every item and need no position
   * between two of them.
   *
   * @internal
   */
  async *lots(): AsyncGenerator<readonly T[], void, void> {
    for await (const first of this) {
      const rest = takeAll(this.#flow);
      this.#yielded += rest.length;
      yield [first];
      if (rest.length > 0) yield rest;
    }
  }

  /** Ends the traversal where it stands; a request under way is cancelled, and a `next()` that waits is told "done". */
  async return(): Promise<IteratorResult<T, undefined>> {
    if (this.#end === undefined) this.#finish({ reason: 'stopped' });
    if (!this.#isLeft) {
      this.#isLeft = true;
      this.#waits.interrupt();
      this.#flow.close();
    }
    return { value: undefined, done: true };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  /** The value at hand, where there is one; else what comes of waiting for it. */
  #answer(): Promise<IteratorResult<T, undefined>> {
    if (this.#end || this.#isWatched) {
      const over = this.#answerIfOver();
      if (over) return over;
    }
    try {
      const value = this.#take();
      if (value !== NONE) {
        this.#yielded++;
        return Promise.resolve({ value, done: false });
      }
    } catch (error) {
      return this.#end
        ? Promise.resolve({ value: undefined, done: true })
        : Promise.reject(this.#fail(error));
    }
    return this.#waitForMore();
  }

  #answerIfOver(): Promise<IteratorResult<T, undefined>> | undefined {
    // After a failure the same page is tried again.
    if (this.#end?.reason === 'failed' && !this.#isLeft) this.#end = undefined;
    if (this.#end?.reason === 'aborted') return Promise.reject(this.#end.cause);
    if (this.#end) return Promise.resolve({ value: undefined, done: true });
    if (firstAborted(this.#signals)) return Promise.reject(this.#fail(LEFT));
    if (this.#worksAhead) this.#watchSignals();
    return undefined;
  }

  #waitForMore(): Promise<IteratorResult<T, undefined>> {
    const isAlone = this.#pending++ === 0;
    const answer = this.#advance();
    if (isAlone) this.#last = answer;
    return answer;
  }

  /** Answers calls that overlap in the order they came. */
  #enqueue(): Promise<IteratorResult<T, undefined>> {
    const call = () => {
      this.#pending--;
      return this.#answer();
    };
    this.#pending++;
    const answer = this.#last.then(call, call);
    this.#last = answer;
    return answer;
  }

  async #advance(): Promise<IteratorResult<T, undefined>> {
    try {
      for (;;) {
        if (this.#onAdvance) await this.#waits.wait(this.#onAdvance);
        this.#assertWanted();
        if (!(await this.#waits.wait(() => this.#flow.advance()))) {
          this.#finish({ reason: this.#flow.limited ? 'limit' : 'exhausted' });
          this.#flow.close();
          return { value: undefined, done: true };
        }
        this.#assertWanted();
        const value = this.#take();
        if (value !== NONE) {
          this.#yielded++;
          return { value, done: false };
        }
      }
    } catch (error) {
      if (this.#end) return { value: undefined, done: true };
      throw this.#fail(error);
    } finally {
      this.#pending--;
    }
  }

  /** The value at hand, unless a callback on its way has ended or aborted the traversal: then it comes again. */
  #take(): T | Nothing {
    const value = this.#flow.poll();
    if (this.#end || this.#isWatched) this.#assertWanted();
    return value;
  }

  /** Throws where a callback, or anybody in between, has ended or aborted the traversal. */
  #assertWanted(): void {
    if (this.#end || firstAborted(this.#signals)) throw LEFT;
  }

  /** Ends the traversal in an error, and answers with what the consumer is to be told. */
  #fail(error: unknown): unknown {
    const aborted = firstAborted(this.#signals);
    if (aborted) {
      this.#finish({ reason: 'aborted', cause: aborted.reason });
      try {
        this.#flow.close(aborted.reason);
      } catch {
        // What an iterable of the caller's says to being closed is not why the traversal ended.
      }
      return aborted.reason;
    }
    const failure = failureAt(this.#cursorOrNone(), error);
    this.#finish({ reason: 'failed', error: failure });
    this.#flow.pause(failure);
    return failure;
  }

  /** A key function that throws must not hide what the traversal failed of. */
  #cursorOrNone(): Cursor | undefined {
    try {
      return this.cursor;
    } catch {
      return undefined;
    }
  }

  /** Work that goes on while the consumer has an item in hand ends with the abort, not with the next call. */
  #watchSignals(): void {
    if (this.#unlinks.length > 0) return;
    this.#unlinks = this.#signals.map((signal) => onAbort(signal, (reason) => this.#flow.pause(reason)));
  }

  #finish(end: Omit<TraversalEnd, 'restarts'>): void {
    for (const unlink of this.#unlinks.splice(0)) unlink();
    this.#isConsumed = false;
    this.#end = { ...end, restarts: this.#pages.restarts };
  }
}
