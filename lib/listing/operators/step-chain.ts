import { callbackError } from '../../core/callback-error.js';
import type { Cursor, OpenFlatMap } from '../../core/cursor-shape.js';
import type { PageturnError } from '../../core/errors.js';
import type { Scope } from '../../core/scope.js';
import type { PageBuffer } from '../pages/page-buffer.js';
import type { Content } from './content-of.js';
import { FlatProgress } from './flat-progress.js';
import {
  acknowledgedOf,
  closeIterables,
  nextValue,
  type OpenIterable,
  openIterable,
} from './open-iterable.js';
import { rejectPromise } from './reject-promise.js';
import { NOTHING, type Nothing } from './stage.js';
import type { Op, Slot, Step } from './step.js';
import { StepCounts } from './step-counts.js';

// An engine folds a constant of this module into the code, and looks an imported one up at every use.
const NONE: Nothing = NOTHING;

type Apply = (value: unknown, index: number) => unknown;

interface StepChainOptions {
  /** The names of the operators as a cursor has them: place and name. */
  readonly names: readonly string[];
  /** The cursor the traversal was opened at. */
  readonly from: Cursor | undefined;
  readonly scope: Scope;
  /** Called in front of each item of the buffer; undefined if no operator counts. */
  readonly beforeItem: (() => void) | undefined;
  /** The content of an item of the buffer; undefined if positions do not tell which item a value came from. */
  readonly contentOf: ((item: unknown) => Content) | undefined;
  /** Whether the position is on the page where an earlier run left off. */
  readonly isOnResumedPage: () => boolean;
}

/** A running chain of operators: each value passes through them in turn, until one of them sets a limit. */
export class StepChain {
  readonly counts: StepCounts;
  readonly #steps: readonly Step[];
  readonly #buffer: PageBuffer<unknown>;
  readonly #scope: Scope;
  readonly #beforeItem: (() => void) | undefined;
  readonly #flat: FlatProgress;
  /** The operators field by field: the loop over them is the hottest of all. */
  readonly #applies: readonly Apply[];
  readonly #isMap: readonly boolean[];
  /** Which of the operators that are written out are maps, as bits: one look instead of three into an array. */
  readonly #maps: number;
  readonly #undos: readonly Op['undo'][];
  /** How many values came in at each: the index of the next one. */
  readonly #entered: number[];
  /** The operator applied last. */
  #at = 0;
  /** The iterables that are open, the innermost last. */
  readonly #iterables: OpenIterable[] = [];
  /** Whether a callback or an iterable may be running, so that the chain cannot be closed under it. */
  #isRunning = false;
  #isClosed = false;
  /** Whether the next value does not come from the buffer: one look for a limit, an open iterable and an abort. */
  #isDiverted = false;
  /** The operator that set a limit, and whether it set it in front of the value; -1: none. */
  #limitAt = -1;
  #isLimitBefore = false;

  constructor(
    steps: readonly Step[],
    buffer: PageBuffer<unknown>,
    { names, from, scope, beforeItem, contentOf, isOnResumedPage }: StepChainOptions,
  ) {
    this.#steps = steps;
    this.#buffer = buffer;
    this.#scope = scope;
    this.#beforeItem = beforeItem;
    scope.onPause(() => {
      this.#isDiverted = true;
    });
    this.#flat = new FlatProgress(names, contentOf && from?.flat);
    this.counts = new StepCounts(steps, { names, from, limit: (place, when) => this.#setLimit(place, when) });
    const ops = steps.map((step, place) => step.start(this.counts.slots[place] as Slot));
    this.#applies = ops.map(({ apply }, place) => {
      if (!contentOf || steps[place]?.kind !== 'flat') return apply as Apply;
      return (value, index) => {
        if (this.#iterables.length === 0)
          this.#flat.begin(this.#item, contentOf(this.#item), isOnResumedPage);
        return (apply as Apply)(value, index);
      };
    });
    this.#isMap = steps.map(({ kind }) => kind === 'map');
    this.#maps = this.#isMap.slice(0, 3).reduce((bits, isMap, i) => bits | (Number(isMap) << i), 0);
    this.#undos = ops.map(({ undo }) => undo);
    this.#entered = ops.map(() => 0);
  }

  /** Whether a limit was reached; values in front of it may still be on their way. */
  get isLimited(): boolean {
    return this.#limitAt >= 0;
  }

  /** Whether a limit was reached and everything in front of it has come out. */
  get hasEnded(): boolean {
    return this.isLimited && this.#iterables.length === 0;
  }

  /** Whether the item taken last is done once the current value is acknowledged. */
  get isItemDone(): boolean {
    return this.#iterables.length === 0 && !this.#isLimitBefore;
  }

  /**
   * Acknowledges the value before and takes the next one that comes out. NOTHING if the buffer is read out, a limit is
   * reached or the traversal is over: only the stage can then acknowledge the last item.
   */
  acknowledgeAndTake(): unknown {
    this.#isRunning = true;
    let value = this.#isDiverted ? NONE : this.#takeFromBuffer();
    if (value === NONE && this.#isDiverted) value = this.#takeDiverted();
    this.#isRunning = false;
    // A callback has ended the traversal; the consumer is gone, so errors of an iterable are ignored.
    if (this.#isClosed) this.#rewind();
    return value;
  }

  /** The value taken last is done. */
  acknowledge(): void {
    const innermost = this.#iterables[this.#iterables.length - 1];
    if (!innermost?.isOpen || this.#isLimitBefore) return;
    innermost.acknowledged++;
    innermost.isOpen = false;
    this.#flat.dropSkips();
  }

  /** For a cursor: what is counted; `after`: once the current value is acknowledged, `isBehind`: so is its item. */
  readCounts({ after, isBehind }: { after: boolean; isBehind: boolean }): Record<string, number> {
    const now = this.counts.now();
    const innermost = this.#iterables.at(-1);
    return this.counts.read((place) => {
      const iterable = this.#iterables.findLast(({ entry }) => entry <= place);
      const isNow = iterable ? !iterable.isOpen || (after && iterable === innermost) : isBehind;
      return isNow ? now : (iterable?.countsBefore ?? this.counts.beforeItem);
    });
  }

  /**
   * For a cursor: how far the flatMaps are in the current item, or were in one that is still to come. The item an earlier
   * run left off in is expected on its page only.
   */
  readFlat(after: boolean, isOnResumedPage: boolean): Record<string, OpenFlatMap> {
    const counts = this.#iterables.length > 0 ? acknowledgedOf(this.#iterables, after) : undefined;
    return this.#flat.read(counts, isOnResumedPage);
  }

  /** Closes the iterables that are open; their item is delivered again, except for what was acknowledged of it. */
  close(): void {
    this.#isClosed = true;
    if (!this.#isRunning) this.#rewindOrThrow();
  }

  get #item(): unknown {
    return this.#buffer.items[this.#buffer.index - 1];
  }

  #takeDiverted(): unknown {
    this.acknowledge();
    do {
      if (this.#iterables.length > 0) {
        const value = this.#takeFromIterables();
        if (value !== NONE) return value;
      } else {
        if (this.#limitAt >= 0) return NONE;
        const value = this.#takeFromBuffer();
        if (value !== NONE || this.#iterables.length === 0) return value;
      }
    } while (!this.#scope.isOver);
    return NONE;
  }

  /** The next value of the buffer that gets through; NOTHING also if a flatMap opened one. */
  #takeFromBuffer(): unknown {
    const buffer = this.#buffer;
    const applies = this.#applies;
    const maps = this.#maps;
    const entered = this.#entered;
    const beforeItem = this.#beforeItem;
    const { length } = applies;
    let answer: unknown;
    this.#isDiverted = this.#scope.isOver;
    try {
      while (!this.#isDiverted && buffer.index < buffer.items.length) {
        if (beforeItem) beforeItem();
        buffer.inHand = true;
        let value: unknown = buffer.items[buffer.index++];

        // Written out for the first operators: an engine inlines a callback only into a call that always meets the same
        // one, and loses in the loop over them half of what that gains; bench/per-item shows it.
        this.#at = 0;
        answer = (applies[0] as Apply)(value, (entered[0] as number)++);
        if (maps & 1) value = typeof answer === 'object' ? this.#notPromise(0, answer) : answer;
        else if (answer !== true && (answer === false || !this.#passes(0, answer))) continue;
        if (length === 1) return value;

        this.#at = 1;
        answer = (applies[1] as Apply)(value, (entered[1] as number)++);
        if (maps & 2) value = typeof answer === 'object' ? this.#notPromise(1, answer) : answer;
        else if (answer !== true && (answer === false || !this.#passes(1, answer))) continue;
        if (length === 2) return value;

        this.#at = 2;
        answer = (applies[2] as Apply)(value, (entered[2] as number)++);
        if (maps & 4) value = typeof answer === 'object' ? this.#notPromise(2, answer) : answer;
        else if (answer !== true && (answer === false || !this.#passes(2, answer))) continue;
        if (length === 3) return value;

        value = this.#runFrom(3, value);
        if (value !== NONE) return value;
      }
    } catch (error) {
      throw this.#putBack(error);
    }
    return NONE;
  }

  /** Takes a value through the operators from one on; NOTHING if it stops in the chain. */
  #runFrom(place: number, input: unknown): unknown {
    const applies = this.#applies;
    const entered = this.#entered;
    let value = input;
    for (let i = place; i < applies.length; i++) {
      this.#at = i;
      const answer = (applies[i] as Apply)(value, (entered[i] as number)++);
      if (this.#isMap[i]) value = typeof answer === 'object' ? this.#notPromise(i, answer) : answer;
      else if (answer !== true && !this.#passes(i, answer)) return NONE;
    }
    return value;
  }

  /** What an operator answered, if that is not a promise. */
  #notPromise(place: number, answer: unknown): unknown {
    rejectPromise((this.#steps[place] as Step).name, answer);
    return answer;
  }

  /** Whether a value passes by an answer that is not simply true. */
  #passes(place: number, answer: unknown): boolean {
    if (!answer) return false;
    if ((this.#steps[place] as Step).kind === 'keep') {
      this.#notPromise(place, answer);
      return true;
    }
    this.#open(place, answer as OpenIterable['values']);
    return false;
  }

  /** Opens an iterable, and skips what an earlier run acknowledged of it. */
  #open(place: number, values: OpenIterable['values']): void {
    const iterable = openIterable(values, place + 1);
    this.#iterables.push(iterable);
    this.#isDiverted = true;
    iterable.acknowledged = this.#flat.takeSkip(place);
    for (let left = iterable.acknowledged; left > 0; left--) {
      if (this.#pull(iterable) === NONE) return;
      iterable.isOpen = false;
    }
  }

  #takeFromIterables(): unknown {
    for (;;) {
      // Half the time of `at`, for every value.
      const iterable = this.#iterables[this.#iterables.length - 1];
      if (!iterable || this.#scope.isOver) return NONE;
      if (this.#limitAt >= iterable.entry) {
        // The limit lies behind the iterable: what is left of it begins the next chunk.
        this.#isRunning = false;
        this.#rewindOrThrow();
        return NONE;
      }
      this.acknowledge();
      try {
        let value = this.#pull(iterable);
        if (value !== NONE) value = this.#runFrom(iterable.entry, value);
        else if (iterable.isDone && !this.#scope.isOver) this.#pop();
        if (value !== NONE) return value;
      } catch (error) {
        throw this.#putBack(error);
      }
    }
  }

  /** The next value of an iterable; NOTHING if it has none, or ended the traversal. */
  #pull(iterable: OpenIterable): unknown {
    if (!this.counts.isEmpty) iterable.countsBefore = this.counts.now();
    // If it throws, that is the failure of the operator that opened it.
    this.#at = iterable.entry - 1;
    const value = nextValue(iterable);
    if (value === NONE || this.#scope.isOver) return NONE;
    iterable.isOpen = true;
    return value;
  }

  /** The innermost iterable is read out. */
  #pop(): void {
    this.#iterables.pop();
    if (this.#iterables.length === 0) this.#buffer.inHand = false;
    else this.acknowledge();
  }

  /** An operator failed: puts the item back in front of all operators. Returns what is to be thrown. */
  #putBack(error: unknown): PageturnError {
    const failedAt = this.#at;
    this.#isRunning = false;
    for (let i = failedAt - 1; i >= 0; i--) this.#undos[i]?.();
    for (let i = 0; i <= failedAt; i++) (this.#entered[i] as number)--;
    this.#limitAt = -1;
    this.#isLimitBefore = false;
    // What an iterable says to being closed is not what went wrong.
    this.#rewind();
    return callbackError(error, (this.#steps[failedAt] as Step).name);
  }

  /** Treats the current item as unread, except for the values of it that were acknowledged. Returns what iterables threw when closed. */
  #rewind(): readonly unknown[] {
    if (!this.#buffer.inHand) return [];
    this.counts.restore(this.readCounts({ after: false, isBehind: false }));
    this.#flat.rewind(this.#item, acknowledgedOf(this.#iterables, false));
    const thrown = closeIterables(this.#iterables);
    this.#buffer.index--;
    this.#buffer.inHand = false;
    return thrown;
  }

  #rewindOrThrow(): void {
    const thrown = this.#rewind();
    if (thrown.length > 0) throw callbackError(thrown[0], 'flatMap');
  }

  #setLimit(place: number, when: 'before' | 'after'): void {
    this.#limitAt = Math.max(this.#limitAt, place);
    this.#isDiverted = true;
    if (when === 'before') this.#isLimitBefore = true;
  }
}
