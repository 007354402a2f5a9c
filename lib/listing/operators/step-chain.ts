import { callbackError } from '../../core/callback-error.js';
import type { Cursor, OpenFlatMap } from '../../core/cursor-shape.js';
import type { PageturnError } from '../../core/errors.js';
import type { Scope } from '../../core/scope.js';
import type { PageBuffer } from '../pages/page-buffer.js';
import type { Content } from './content-of.js';
import { FlatProgress } from './flat-progress.js';
import { rejectPromise } from './reject-promise.js';
import { NOTHING, type Nothing } from './stage.js';
import type { Op, Slot, Step } from './step.js';

// An engine folds a constant of this module into the code, and looks an imported one up at every use.
const NONE: Nothing = NOTHING;

type Apply = (value: unknown, index: number) => unknown;

/** An iterable that a flatMap opened: its values enter the chain at the operator behind it. */
interface Frame {
  /** An array is read by its index, which costs no iterator result a value. */
  readonly values: Iterator<unknown> | readonly unknown[];
  /** How many values of an array are read. */
  index: number;
  readonly entry: number;
  /** How many of its values are acknowledged. */
  acknowledged: number;
  /** Whether the value taken last is not: it is being processed, or in the consumer's hand. */
  isOpen: boolean;
  /** What the operators had counted in front of that value. */
  countsBefore: readonly number[];
  isDone: boolean;
}

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

/** The operators of a chain at work: what they count, the iterables they opened, and the limit they set. */
export class StepChain {
  /** What the operators had counted in front of the item taken last. */
  countsBeforeItem: readonly number[] = [];
  readonly #names: readonly string[];
  readonly #steps: readonly Step[];
  readonly #buffer: PageBuffer<unknown>;
  readonly #scope: Scope;
  readonly #beforeItem: (() => void) | undefined;
  readonly #flat: FlatProgress;
  readonly #slots: readonly Slot[];
  /** The places of the operators that count. */
  readonly #counting: readonly number[];
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
  readonly #frames: Frame[] = [];
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
    this.#names = names;
    this.#scope = scope;
    this.#beforeItem = beforeItem;
    scope.onPause(() => {
      this.#isDiverted = true;
    });
    this.#flat = new FlatProgress(names, contentOf && from?.flat);
    this.#counting = steps.flatMap(({ counts }, place) => (counts ? [place] : []));
    this.#slots = names.map((name, place) => ({
      count: from?.counts?.[name] ?? 0,
      limit: (when) => this.#setLimit(place, when),
    }));
    const ops = steps.map((step, place) => step.start(this.#slots[place] as Slot));
    this.#applies = ops.map(({ apply }, place) => {
      if (!contentOf || steps[place]?.kind !== 'flat') return apply as Apply;
      return (value, index) => {
        if (this.#frames.length === 0) this.#flat.begin(this.#item, contentOf(this.#item), isOnResumedPage);
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
    return this.isLimited && this.#frames.length === 0;
  }

  /** Whether the item taken last is done once the value in hand is acknowledged. */
  get isItemDone(): boolean {
    return this.#frames.length === 0 && !this.#isLimitBefore;
  }

  /** What the operator at a place has counted. */
  countAt(place: number): number {
    return (this.#slots[place] as Slot).count;
  }

  /** What all counting operators have counted. */
  counts(): readonly number[] {
    return this.#counting.map((place) => this.countAt(place));
  }

  /** The next value that comes out; NOTHING if the buffer is read out, a limit reached, or nothing more is wanted. */
  take(): unknown {
    this.#isRunning = true;
    const value = this.#take();
    this.#isRunning = false;
    // A callback has ended the traversal; the consumer is gone, and does not hear what an iterable throws.
    if (this.#isClosed) this.#rewind();
    return value;
  }

  /** The value taken last is done. */
  acknowledge(): void {
    const frame = this.#frames.at(-1);
    if (!frame?.isOpen || this.#isLimitBefore) return;
    frame.acknowledged++;
    frame.isOpen = false;
    this.#flat.dropSkips();
  }

  /** For a cursor: what is counted; `after`: once the value in hand is acknowledged, `isBehind`: so is its item. */
  readCounts({ after, isBehind }: { after: boolean; isBehind: boolean }): Record<string, number> {
    const now = this.counts();
    const innermost = this.#frames.at(-1);
    return Object.fromEntries(
      this.#counting.map((place, i) => {
        const frame = this.#frames.findLast(({ entry }) => entry <= place);
        const isNow = frame ? !frame.isOpen || (after && frame === innermost) : isBehind;
        const counts = isNow ? now : (frame?.countsBefore ?? this.countsBeforeItem);
        return [this.#names[place] as string, counts[i] ?? 0];
      }),
    );
  }

  /**
   * For a cursor: how far the flatMaps are in the item in hand, or were in one that is still to come. The item an earlier
   * run left off in is expected on its page only.
   */
  readFlat({
    after,
    isOnResumedPage,
  }: {
    after: boolean;
    isOnResumedPage: boolean;
  }): Record<string, OpenFlatMap> {
    const counts = this.#frames.length > 0 ? this.#acknowledgedByPlace(after) : undefined;
    return this.#flat.read(counts, isOnResumedPage);
  }

  /** Closes the iterables that are open; the item they came from comes again, but for what was acknowledged of it. */
  close(): void {
    this.#isClosed = true;
    const refusals = this.#isRunning ? [] : this.#rewind();
    if (refusals.length > 0) throw callbackError(refusals[0], 'flatMap');
  }

  get #item(): unknown {
    return this.#buffer.items[this.#buffer.index - 1];
  }

  #take(): unknown {
    do {
      if (this.#frames.length > 0) {
        const value = this.#takeFromFrames();
        if (value !== NONE) return value;
      } else {
        if (this.#limitAt >= 0) return NONE;
        const value = this.#takeFromBuffer();
        if (value !== NONE || this.#frames.length === 0) return value;
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
    this.#open(place, answer as Frame['values']);
    return false;
  }

  /** Opens an iterable, and skips what an earlier run acknowledged of it. */
  #open(place: number, values: Frame['values']): void {
    const frame: Frame = {
      values,
      index: 0,
      entry: place + 1,
      acknowledged: 0,
      isOpen: false,
      countsBefore: [],
      isDone: false,
    };
    this.#frames.push(frame);
    this.#isDiverted = true;
    frame.acknowledged = this.#flat.takeSkip(place);
    for (let left = frame.acknowledged; left > 0 && this.#pull(frame) !== NONE; left--) frame.isOpen = false;
  }

  #takeFromFrames(): unknown {
    for (let frame = this.#frames.at(-1); frame && !this.#scope.isOver; frame = this.#frames.at(-1)) {
      if (this.#limitAt >= frame.entry) {
        // The limit lies behind the iterable: what is left of it begins the next chunk.
        const [refusal] = this.#rewind();
        this.#isRunning = false;
        if (refusal !== undefined) throw callbackError(refusal, 'flatMap');
        return NONE;
      }
      this.acknowledge();
      try {
        let value = this.#pull(frame);
        if (value !== NONE) value = this.#runFrom(frame.entry, value);
        else if (frame.isDone && !this.#scope.isOver) this.#pop();
        if (value !== NONE) return value;
      } catch (error) {
        throw this.#putBack(error);
      }
    }
    return NONE;
  }

  /** The next value of an iterable; NOTHING if it has none, or ended the traversal. */
  #pull(frame: Frame): unknown {
    if (this.#counting.length > 0) frame.countsBefore = this.counts();
    // If it throws, that is the failure of the operator that opened it.
    this.#at = frame.entry - 1;
    const { values } = frame;
    let value: unknown;
    if (isArray(values)) {
      frame.isDone = frame.index >= values.length;
      value = values[frame.index++];
    } else {
      const next = values.next();
      frame.isDone = next.done === true;
      value = next.value;
    }
    if (frame.isDone || this.#scope.isOver) return NONE;
    frame.isOpen = true;
    return value;
  }

  /** The innermost iterable is read out. */
  #pop(): void {
    this.#frames.pop();
    if (this.#frames.length === 0) this.#buffer.inHand = false;
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

  /** Takes the item in hand as not read, but for what was acknowledged of it. Returns what iterables threw when closed. */
  #rewind(): unknown[] {
    const refusals: unknown[] = [];
    if (!this.#buffer.inHand) return refusals;
    const counts = this.readCounts({ after: false, isBehind: false });
    for (const place of this.#counting) {
      (this.#slots[place] as Slot).count = counts[this.#names[place] as string] ?? 0;
    }
    this.#flat.rewind(this.#item, this.#acknowledgedByPlace(false));
    for (const frame of this.#frames.splice(0).reverse()) closeFrame(frame, refusals);
    this.#buffer.index--;
    this.#buffer.inHand = false;
    return refusals;
  }

  #acknowledgedByPlace(after: boolean): Map<number, number> {
    const innermost = this.#frames.at(-1);
    return new Map(
      this.#frames.map((frame) => {
        const isNext = after && frame === innermost && frame.isOpen;
        return [frame.entry - 1, frame.acknowledged + Number(isNext)];
      }),
    );
  }

  #setLimit(place: number, when: 'before' | 'after'): void {
    this.#limitAt = Math.max(this.#limitAt, place);
    this.#isDiverted = true;
    if (when === 'before') this.#isLimitBefore = true;
  }
}

function closeFrame({ values, isDone }: Frame, refusals: unknown[]): void {
  try {
    if (!isDone && !isArray(values)) values.return?.();
  } catch (error) {
    refusals.push(error);
  }
}

function isArray(values: Frame['values']): values is readonly unknown[] {
  return Array.isArray(values);
}
