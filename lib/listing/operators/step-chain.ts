import { firstAborted } from '../../core/abort.js';
import type { Cursor } from '../../core/cursor.js';
import type { PageturnError } from '../../core/errors.js';
import { callbackError } from '../callback-error.js';
import type { PageBuffer } from '../pages/page-buffer.js';
import { LEFT } from '../traversal/interruptible.js';
import { NOTHING, type Nothing, type Origin } from './flow.js';
import { type Frame, FrameStack } from './frame-stack.js';
import { rejectPromise } from './reject-promise.js';
import type { Op, Slot, Step } from './step.js';
import { type ChainPlace, StepMemory } from './step-memory.js';

// An engine folds a constant of this module into the code, and looks an imported one up at every use.
const NONE: Nothing = NOTHING;

type Apply = (value: unknown, index: number) => unknown;

interface StepChainOptions {
  /** How many operators stand before these. */
  readonly position: number;
  /** The cursor the traversal goes on from. */
  readonly from: Cursor | undefined;
  /** Called in front of each value of the window; undefined where no operator counts. */
  readonly beforeValue: (() => void) | undefined;
  readonly signals: readonly AbortSignal[];
  /** What the value read from the window last came of. */
  readonly origin: () => Origin;
}

/** The operators of a chain at work: what they count, the iterables they opened, and the limit they set. */
export class StepChain {
  readonly memory: StepMemory;
  readonly #steps: readonly Step[];
  readonly #window: PageBuffer<unknown>;
  readonly #beforeValue: (() => void) | undefined;
  readonly #signals: readonly AbortSignal[];
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
  readonly #frames: FrameStack;
  /** The operator that set a limit, and whether it set it in front of the value; -1: none. */
  #limitAt = -1;
  #limitBefore = false;
  /** Whether the next value comes from somewhere else than the window: from a frame, or not at all. */
  #diverted = false;

  constructor(
    steps: readonly Step[],
    window: PageBuffer<unknown>,
    { position, from, beforeValue, signals, origin }: StepChainOptions,
  ) {
    this.#steps = steps;
    this.#window = window;
    this.#beforeValue = beforeValue;
    this.#signals = signals;
    this.memory = new StepMemory(steps, {
      position,
      from,
      limit: (place, when) => this.#setLimit(place, when),
    });
    this.#frames = new FrameStack({
      count: () => this.memory.now(),
      isStopped: () => this.isStopped,
      origin,
    });
    const ops = steps.map((step, i) => step.start(this.memory.slots[i] as Slot));
    this.#applies = ops.map(({ apply }) => apply as Apply);
    this.#isMap = steps.map(({ kind }) => kind === 'map');
    this.#maps = this.#isMap.slice(0, 3).reduce((bits, isMap, i) => bits | (Number(isMap) << i), 0);
    this.#undos = ops.map(({ undo }) => undo);
    this.#entered = ops.map(() => 0);
  }

  /** Whether a limit was reached; the values in front of it may still be on their way. */
  get isLimited(): boolean {
    return this.#limitAt >= 0;
  }

  /** Whether a limit was reached and everything in front of it has come out. */
  get hasEnded(): boolean {
    return this.#limitAt >= 0 && this.#frames.isOver;
  }

  /** Whether nothing more is wanted: the chain was closed or cut by a limit, or a signal aborted, be it by a callback of its own. */
  get isStopped(): boolean {
    return this.#frames.isClosed || firstAborted(this.#signals) !== undefined;
  }

  /** Whether the item in hand is done with once its last value is: not while more values of it are to come. */
  get isItemDone(): boolean {
    return this.#frames.frames.length === 0 && !this.#limitBefore;
  }

  /** What a cursor remembers of the chain. */
  remember(place: ChainPlace): ReturnType<StepMemory['read']> {
    return this.memory.read(this.#frames.frames, place);
  }

  origin(): Origin {
    return this.#frames.origin();
  }

  /** The value given last is done with. */
  acknowledge(): void {
    if (!this.#limitBefore) this.#frames.acknowledge();
  }

  /** The next value that comes out; NOTHING where the window is read out, or a limit reached. */
  poll(): unknown {
    for (;;) {
      const value = this.#pollWindow();
      if (value !== NONE || !this.#diverted) return value;
      const held = this.#pollFrames();
      if (held !== NONE) return held;
      this.#diverted = this.isLimited || this.isStopped;
      if (this.#diverted) return NONE;
    }
  }

  /** Closes the iterables that are open, and keeps the place in them. */
  close(): void {
    this.#diverted = true;
    this.#frames.close();
  }

  /** The next value of the window that gets through. */
  #pollWindow(): unknown {
    const window = this.#window;
    const applies = this.#applies;
    const maps = this.#maps;
    const entered = this.#entered;
    const beforeValue = this.#beforeValue;
    const isWatched = this.#signals.length > 0;
    const { length } = applies;
    let answer: unknown;
    try {
      while (!this.#diverted && window.index < window.items.length) {
        if (isWatched && this.isStopped) break;
        if (beforeValue) beforeValue();
        window.inHand = true;
        let value: unknown = window.items[window.index++];

        // Written out for the first operators: an engine inlines a callback only into a call that always meets the same
        // one, and loses in the loop over them half of what that gains; bench/per-item shows it.
        this.#at = 0;
        answer = (applies[0] as Apply)(value, (entered[0] as number)++);
        if (maps & 1) value = typeof answer === 'object' ? this.#notPromise(0, answer) : answer;
        else if (answer !== true && (answer === false || !this.#goesOn(0, value, answer))) continue;
        if (length === 1) return value;

        this.#at = 1;
        answer = (applies[1] as Apply)(value, (entered[1] as number)++);
        if (maps & 2) value = typeof answer === 'object' ? this.#notPromise(1, answer) : answer;
        else if (answer !== true && (answer === false || !this.#goesOn(1, value, answer))) continue;
        if (length === 2) return value;

        this.#at = 2;
        answer = (applies[2] as Apply)(value, (entered[2] as number)++);
        if (maps & 4) value = typeof answer === 'object' ? this.#notPromise(2, answer) : answer;
        else if (answer !== true && (answer === false || !this.#goesOn(2, value, answer))) continue;
        if (length === 3) return value;

        value = this.#runFrom(3, value);
        if (value !== NONE) return value;
      }
    } catch (error) {
      throw this.#takeBack(undefined, error);
    }
    return NONE;
  }

  /** Takes a value through the operators from one on; NOTHING where it stops in the chain. */
  #runFrom(place: number, input: unknown): unknown {
    const applies = this.#applies;
    const entered = this.#entered;
    let value = input;
    for (let i = place; i < applies.length; i++) {
      this.#at = i;
      const answer = (applies[i] as Apply)(value, (entered[i] as number)++);
      if (this.#isMap[i]) value = typeof answer === 'object' ? this.#notPromise(i, answer) : answer;
      else if (answer !== true && !this.#goesOn(i, value, answer)) return NONE;
    }
    return value;
  }

  /** What an operator answered, where that is no promise. */
  #notPromise(place: number, answer: unknown): unknown {
    rejectPromise((this.#steps[place] as Step).name, answer);
    return answer;
  }

  /** Whether a value goes on by an answer that is not simply yes. */
  #goesOn(place: number, value: unknown, answer: unknown): boolean {
    if (!answer) return false;
    if ((this.#steps[place] as Step).kind === 'keep') {
      this.#notPromise(place, answer);
      return true;
    }
    const values = answer as Iterator<unknown>;
    if (this.#frames.isClosed) {
      values.return?.();
      // Ended by the callback itself: the value it opened is put back, and comes again.
      throw LEFT;
    }
    const given = this.memory.givenAt(place);
    const isSame = this.#frames.push(values, place + 1, value, given);
    this.memory.noteOpened(place, given, isSame);
    this.#diverted = true;
    return false;
  }

  #pollFrames(): unknown {
    while (!this.isStopped) {
      this.acknowledge();
      const frame = this.#topFrame();
      if (!frame) break;
      try {
        const value = this.#runFrom(frame.entry, frame.held);
        frame.held = NONE;
        if (value !== NONE) return value;
      } catch (error) {
        throw this.#takeBack(frame, error);
      }
    }
    return NONE;
  }

  #topFrame(): Frame | undefined {
    try {
      return this.#frames.top(this.#limitAt);
    } catch (error) {
      throw this.#frames.isOver ? error : this.#takeBackOpened(error);
    }
  }

  /** Puts the value back whose iterable failed: it is opened again, and what it gave already is skipped. */
  #takeBackOpened(error: unknown): PageturnError {
    const failed = this.#frames.pop() as Frame;
    this.#at = failed.entry - 1;
    this.memory.keepGiven(failed);
    const outer = this.#frames.frames.at(-1);
    if (outer) {
      outer.held = outer.log.at(-1);
      outer.isOpen = true;
    }
    return this.#takeBack(outer, error);
  }

  /**
   * Puts the value in work, of a frame or of the window, back in front of the operators, one of which failed; answers
   * with what is to be thrown.
   */
  #takeBack(frame: Frame | undefined, error: unknown): PageturnError {
    const failed = this.#at;
    const entry = frame?.entry ?? 0;
    for (const undo of this.#undos.slice(entry, failed)) undo?.();
    for (let i = entry; i <= failed; i++) (this.#entered[i] as number)--;
    if (frame) {
      frame.noted = this.memory.now();
    } else {
      this.#window.index--;
      this.#window.inHand = false;
      this.memory.note();
    }
    if (this.#limitAt >= entry) {
      this.#limitAt = -1;
      this.#limitBefore = false;
    }
    this.#diverted = this.isLimited || this.#frames.frames.length > 0;
    return callbackError(error, (this.#steps[failed] as Step).name);
  }

  #setLimit(step: number, when: 'before' | 'after'): void {
    this.#limitAt = Math.max(this.#limitAt, step);
    this.#diverted = true;
    if (when === 'before') this.#limitBefore = true;
  }
}
