import type { Cursor } from '../../core/cursor.js';
import { emptyBuffer, type PageBuffer, showItems } from '../pages/page-buffer.js';
import { isSamePlace, type Mark } from '../traversal/position.js';
import { type Flow, NOTHING, type Nothing, type Origin } from './flow.js';
import type { Slot, Step } from './step.js';
import { StepChain } from './step-chain.js';

interface StepsFlowOptions<S> {
  readonly steps: readonly Step[];
  /** How many steps stand before these in the chain. */
  readonly position: number;
  /** The cursor the traversal goes on from. */
  readonly from: Cursor | undefined;
  /** The page upstream, where upstream is the pages themselves: it is read here without a call per item. */
  readonly window: PageBuffer<S> | undefined;
  /** What aborts the traversal: a callback may do it in the middle of many values. */
  readonly signals: readonly AbortSignal[];
}

/**
 * All synchronous operators between two asynchronous ones as one stage: a value passes the whole chain, or stops in it,
 * without a promise and without an iterator of its own.
 */
export class StepsFlow<S, T> implements Flow<T> {
  demand: () => number = () => Number.POSITIVE_INFINITY;
  readonly #upstream: Flow<S>;
  readonly #steps: readonly Step[];
  readonly #chain: StepChain;
  /** The token of the page the traversal went on in. */
  readonly #resumedAt: string | undefined;
  /** Whether a cursor remembers anything of these steps. */
  readonly #isRemembered: boolean;
  /** What is read from: the page upstream, or the one value polled from anything else. */
  readonly #window: PageBuffer<S>;
  readonly #readsPage: boolean;
  /** The place the noted counts belong to, which many values may share. */
  #place: Mark | undefined;

  constructor(upstream: Flow<S>, { steps, position, from, window, signals }: StepsFlowOptions<S>) {
    this.#upstream = upstream;
    this.#steps = steps;
    this.#window = window ?? emptyBuffer();
    this.#readsPage = window !== undefined;
    this.#chain = new StepChain(steps, this.#window, {
      position,
      from,
      beforeValue: steps.some((step) => step.counts) ? () => this.#noteCounts() : undefined,
      signals,
      origin: () => upstream.origin(),
    });
    this.#resumedAt = from?.token;
    this.#isRemembered = steps.some(({ counts, kind }) => counts || kind === 'flat');
    upstream.demand = () => this.#demand();
  }

  get limited(): boolean {
    return this.#chain.hasEnded || this.#upstream.limited;
  }

  poll(): T | Nothing {
    do {
      const value = this.#chain.poll();
      if (value !== NOTHING) return value as T;
      // Not acknowledged: what was in work when it was stopped comes again.
      if (this.#chain.isStopped) return NOTHING;
      this.acknowledge();
    } while (!this.#chain.isLimited && this.#refill());
    return NOTHING;
  }

  advance(): Promise<boolean> {
    return this.#chain.hasEnded ? Promise.resolve(false) : this.#upstream.advance();
  }

  acknowledge(): void {
    this.#chain.acknowledge();
    if (!this.#chain.isItemDone) return;
    this.#window.inHand = false;
    if (this.#window.index >= this.#window.items.length) this.#upstream.acknowledge();
  }

  mark(): Mark {
    const mark = this.#upstream.mark();
    if (!this.#isRemembered) return mark;
    const isOnResumedPage = mark.page.token === this.#resumedAt;
    const isBehind = this.#readsPage ? !this.#window.inHand : !this.#place || !isSamePlace(mark, this.#place);
    const { counts, given } = this.#chain.remember({ isBehind, isOnResumedPage });
    return { ...mark, counts: { ...mark.counts, ...counts }, given: [...(mark.given ?? []), ...given] };
  }

  origin(): Origin {
    return this.#chain.origin();
  }

  pause(reason?: unknown): void {
    this.#upstream.pause(reason);
  }

  close(reason?: unknown): void {
    try {
      this.#chain.close();
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
    this.#chain.memory.note();
  }

  /** Puts one more value from upstream into the window, which is read out; false where there is none at hand. */
  #refill(): boolean {
    const value = this.#readsPage ? NOTHING : this.#upstream.poll();
    if (value === NOTHING) return false;
    showItems(this.#window, [value], 0);
    return true;
  }

  #demand(): number {
    if (this.#chain.isLimited) return 0;
    let wanted = this.demand();
    for (let i = this.#steps.length - 1; i >= 0; i--) {
      const step = this.#steps[i] as Step;
      if (step.wants) wanted = Math.min(wanted, step.wants((this.#chain.memory.slots[i] as Slot).count));
      // One value may become many: where there is a limit, only one is sure to be wanted.
      if (step.kind === 'flat' && wanted !== Number.POSITIVE_INFINITY) wanted = Math.min(wanted, 1);
    }
    return wanted;
  }
}
