import { type Apply, applyAt } from './apply-at.js';
import { callbackError } from './callback-error.js';
import { type Flow, NOTHING, type Nothing } from './flow.js';
import { FrameStack } from './frame-stack.js';
import { isSamePlace, type Mark } from './mark.js';
import { emptyWindow, type PageWindow } from './page-window.js';
import { rejectPromise } from './steps/reject-promise.js';
import type { Op, Slot, Step } from './steps/step.js';

// An engine folds a constant of this module into the code, and looks an imported one up at every use.
const NONE: Nothing = NOTHING;

interface StepsFlowOptions<S> {
  readonly steps: readonly Step[];
  /** How many steps stand before these in the chain; counts are named by their place. */
  readonly position: number;
  /** Counts of the cursor the traversal goes on from. */
  readonly counts: Readonly<Record<string, number>> | undefined;
  /** The page upstream, where upstream is the pages themselves: it is read here without a call per item. */
  readonly window: PageWindow<S> | undefined;
}

/**
 * All synchronous operators between two asynchronous ones as one loop over their functions: a value passes the whole
 * chain, or stops in it, without a promise and without an iterator of its own.
 */
export class StepsFlow<S, T> implements Flow<T> {
  demand: () => number = () => Number.POSITIVE_INFINITY;
  readonly #upstream: Flow<S>;
  readonly #steps: readonly Step[];
  readonly #names: readonly string[];
  readonly #slots: Slot[];
  /** The operators at work, field by field: the loop over them is the hottest of all. */
  readonly #kinds: Op['kind'][];
  readonly #applies: Apply[];
  readonly #undos: Op['undo'][];
  /** How many values each was applied to. */
  readonly #indexes: number[];
  readonly #counting: readonly number[];
  readonly #frames = new FrameStack();
  /** What is read from: the page upstream, or the one value polled from anything else. */
  readonly #window: PageWindow<S>;
  readonly #readsPage: boolean;
  /** Counts before the upstream value in work, by slot; and the place they belong to, which many values may share. */
  readonly #before: number[] = [];
  #place: Mark | undefined;
  /** The operator that set a limit, and whether it set it in front of the value; -1: none. */
  #limitAt = -1;
  #limitBefore = false;
  /** Whether the next value comes from somewhere else than the window: from a frame, or not at all. */
  #diverted = false;

  constructor(upstream: Flow<S>, { steps, position, counts, window }: StepsFlowOptions<S>) {
    this.#upstream = upstream;
    this.#steps = steps;
    this.#window = window ?? emptyWindow();
    this.#readsPage = window !== undefined;
    this.#names = steps.map(({ name }, i) => `${position + i}.${name}`);
    this.#slots = steps.map((_, i) => ({
      count: counts?.[this.#names[i] as string] ?? 0,
      limit: (when) => this.#setLimit(i, when),
    }));
    const ops = steps.map((step, i) => step.start(this.#slots[i] as Slot));
    this.#kinds = ops.map(({ kind }) => kind);
    this.#applies = ops.map(({ apply }) => apply as Apply);
    this.#undos = ops.map(({ undo }) => undo);
    this.#indexes = ops.map(() => 0);
    this.#counting = steps.flatMap((step, i) => (step.counts ? [i] : []));
    upstream.demand = () => this.#demand();
  }

  get limited(): boolean {
    return this.#ended || this.#upstream.limited;
  }

  get #ended(): boolean {
    return this.#limitAt >= 0 && this.#frames.length === 0;
  }

  poll(): T | Nothing {
    const window = this.#window;
    do {
      while (!this.#diverted && window.index < window.items.length) {
        if (this.#counting.length > 0) this.#noteCounts();
        window.inHand = true;
        const value = this.#run(window.items[window.index++], 0);
        if (value !== NONE) return value as T;
      }
      if (this.#frames.length > 0) {
        const value = this.#pollFrames();
        if (value !== NONE) return value as T;
      }
      this.#diverted = this.#limitAt >= 0;
      this.acknowledge();
    } while (!this.#diverted && this.#refill(window));
    return NONE;
  }

  advance(): Promise<boolean> {
    return this.#ended ? Promise.resolve(false) : this.#upstream.advance();
  }

  acknowledge(): void {
    if (this.#frames.length > 0 || this.#limitBefore) return;
    this.#window.inHand = false;
    if (this.#window.index >= this.#window.items.length) this.#upstream.acknowledge();
  }

  mark(): Mark {
    const mark = this.#upstream.mark();
    if (this.#counting.length === 0) return mark;
    const isBehind = this.#readsPage ? !this.#window.inHand : !this.#place || !isSamePlace(mark, this.#place);
    const counts = { ...mark.counts };
    for (const i of this.#counting) {
      counts[this.#names[i] as string] = (isBehind ? this.#slots[i]?.count : this.#before[i]) ?? 0;
    }
    return { ...mark, counts };
  }

  pause(reason?: unknown): void {
    this.#upstream.pause(reason);
  }

  close(reason?: unknown): void {
    try {
      this.#frames.close();
    } finally {
      this.#upstream.close(reason);
    }
  }

  #noteCounts(): void {
    if (!this.#readsPage) {
      const place = this.#upstream.mark();
      if (this.#place && isSamePlace(place, this.#place)) return;
      this.#place = place;
    }
    for (const i of this.#counting) this.#before[i] = (this.#slots[i] as Slot).count;
  }

  /** Whether there is more to read: in the window after all, or one more value from upstream. */
  #refill(window: PageWindow<S>): boolean {
    if (window.index < window.items.length) return true;
    const value = this.#readsPage ? NONE : this.#upstream.poll();
    if (value === NONE) return false;
    window.items = [value];
    window.index = 0;
    return true;
  }

  /** Takes a value through the operators from one on; NOTHING where it stops in the chain. */
  #run(input: unknown, entry: number): unknown {
    const applies = this.#applies;
    const kinds = this.#kinds;
    const indexes = this.#indexes;
    let value = input;
    let i = entry;
    try {
      for (; i < applies.length; i++) {
        const index = indexes[i] as number;
        indexes[i] = index + 1;
        const answer = applyAt(i, applies[i] as Apply, value, index);
        const kind = kinds[i];
        if (kind === 'keep') {
          if (answer === true) continue;
          if (!answer) return NONE;
          this.#rejectPromise(i, answer);
        } else if (kind === 'flat') {
          this.#frames.push(answer as Iterator<unknown>, i + 1);
          this.#diverted = true;
          return NONE;
        } else {
          // An async function gives a promise from its first call on, so one look is enough.
          if (index === 0) this.#rejectPromise(i, answer);
          value = answer;
        }
      }
    } catch (error) {
      this.#takeBack(entry, i);
      throw callbackError(error, (this.#steps[i] as Step).name);
    }
    return value;
  }

  #rejectPromise(step: number, answer: unknown): void {
    rejectPromise((this.#steps[step] as Step).name, answer);
  }

  #pollFrames(): unknown {
    for (let frame = this.#frames.top(this.#limitAt); frame; frame = this.#frames.top(this.#limitAt)) {
      const value = this.#run(frame.held, frame.entry);
      frame.held = NONE;
      if (value !== NONE) return value;
    }
    return NONE;
  }

  #takeBack(entry: number, failed: number): void {
    for (let i = entry; i <= failed; i++) {
      (this.#indexes[i] as number)--;
      if (i < failed) this.#undos[i]?.();
    }
    if (entry === 0) {
      this.#window.index--;
      this.#window.inHand = false;
    }
    if (this.#limitAt >= entry) {
      this.#limitAt = -1;
      this.#limitBefore = false;
      this.#diverted = this.#frames.length > 0;
    }
  }

  #setLimit(step: number, when: 'before' | 'after'): void {
    this.#limitAt = Math.max(this.#limitAt, step);
    this.#diverted = true;
    if (when === 'before') this.#limitBefore = true;
  }

  #demand(): number {
    if (this.#limitAt >= 0) return 0;
    let wanted = this.demand();
    for (let i = this.#steps.length - 1; i >= 0; i--) {
      const step = this.#steps[i] as Step;
      if (step.wants) wanted = Math.min(wanted, step.wants((this.#slots[i] as Slot).count));
      // One value may become many, so only one is sure to be wanted.
      if (step.name === 'flatMap') wanted = Math.min(wanted, 1);
    }
    return wanted;
  }
}
