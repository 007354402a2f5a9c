import { callbackError } from '../../core/callback-error.js';
import type { PageturnError } from '../../core/errors.js';
import type { Scope } from '../../core/scope.js';
import type { PageBuffer } from '../pages/page-buffer.js';
import { rejectPromise } from './reject-promise.js';
import { NOTHING, type Nothing } from './stage.js';
import type { Op, Step } from './step.js';
import type { StepCounts } from './step-counts.js';

// An engine folds a constant of this module into the code, and looks an imported one up at every use.
const NONE: Nothing = NOTHING;

type Apply = (value: unknown, index: number) => unknown;

interface StepChainOptions {
  readonly buffer: PageBuffer<unknown>;
  readonly counts: StepCounts;
  readonly scope: Scope;
  /** Called before each item of the buffer; undefined if no operator counts. */
  readonly beforeItem: (() => void) | undefined;
}

/** Operators that run on the items of a buffer: each value passes through them in turn, until one sets a limit. */
export class StepChain {
  /** Whether an operator wants no more values. */
  isLimited = false;
  readonly #steps: readonly Step[];
  readonly #buffer: PageBuffer<unknown>;
  readonly #counts: StepCounts;
  readonly #scope: Scope;
  readonly #beforeItem: (() => void) | undefined;
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
  /** Whether no more items are taken: one look for a limit and for the end of the traversal. */
  #isStopped = false;
  /** Whether the limit lies before the item taken last. */
  #isLimitBefore = false;

  constructor(steps: readonly Step[], { buffer, counts, scope, beforeItem }: StepChainOptions) {
    this.#steps = steps;
    this.#buffer = buffer;
    this.#counts = counts;
    this.#scope = scope;
    this.#beforeItem = beforeItem;
    scope.onPause(() => {
      this.#isStopped = true;
    });
    const limit = (when: 'before' | 'after') => this.#setLimit(when);
    const ops = steps.map((step, place) => step.start(counts.slot(place, limit)));
    this.#applies = ops.map(({ apply }) => apply as Apply);
    this.#isMap = steps.map(({ kind }) => kind === 'map');
    this.#maps = this.#isMap.slice(0, 3).reduce((bits, isMap, i) => bits | (Number(isMap) << i), 0);
    this.#undos = ops.map(({ undo }) => undo);
    this.#entered = ops.map(() => 0);
  }

  /** The next value that gets through; NOTHING if the buffer is read out, a limit is reached or the traversal is over. */
  take(): unknown {
    const buffer = this.#buffer;
    const beforeItem = this.#beforeItem;
    const applies = this.#applies;
    const maps = this.#maps;
    const entered = this.#entered;
    const { length } = applies;
    let answer: unknown;
    this.#isStopped = this.isLimited || this.#scope.isOver;
    try {
      while (!this.#isStopped && buffer.index < buffer.items.length) {
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

        value = this.#runRest(value);
        if (value !== NONE) return value;
      }
    } catch (error) {
      throw this.#failed(error);
    }
    if (this.#isLimitBefore) this.putBack();
    return NONE;
  }

  /** Treats the item taken last as unread, unless it is acknowledged. */
  putBack(): void {
    const buffer = this.#buffer;
    if (!buffer.inHand) return;
    this.#counts.restore();
    buffer.index--;
    buffer.inHand = false;
  }

  /** Takes a value through the operators that are not written out; NOTHING if it stops in the chain. */
  #runRest(input: unknown): unknown {
    const applies = this.#applies;
    const entered = this.#entered;
    let value = input;
    for (let i = 3; i < applies.length; i++) {
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
    return Boolean(answer && this.#notPromise(place, answer));
  }

  /** An operator failed: the item comes again. Returns what is to be thrown. */
  #failed(error: unknown): PageturnError {
    const failedAt = this.#at;
    for (let i = failedAt - 1; i >= 0; i--) this.#undos[i]?.();
    for (let i = 0; i <= failedAt; i++) (this.#entered[i] as number)--;
    this.isLimited = false;
    this.#isLimitBefore = false;
    this.putBack();
    return callbackError(error, (this.#steps[failedAt] as Step).name);
  }

  #setLimit(when: 'before' | 'after'): void {
    this.isLimited = true;
    this.#isStopped = true;
    if (when === 'before') this.#isLimitBefore = true;
  }
}
