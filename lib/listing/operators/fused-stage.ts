import type { Cursor } from '../../core/cursor-shape.js';
import type { Scope } from '../../core/scope.js';
import { emptyBuffer, type PageBuffer, refillBuffer } from '../pages/page-buffer.js';
import { isSamePlace, type Position } from '../traversal/position.js';
import { type Content, contentOf } from './content-of.js';
import { NOTHING, type Nothing, type Stage, type Wanted } from './stage.js';
import type { Step } from './step.js';
import { StepChain } from './step-chain.js';

interface FusedStageOptions<S> {
  readonly steps: readonly Step[];
  /** Their names as a cursor has them: place in the whole chain and name. */
  readonly names: readonly string[];
  /** The cursor the traversal was opened at. */
  readonly from: Cursor | undefined;
  /** The page upstream, if upstream is the pages themselves: it is read here without a call per item. */
  readonly buffer: PageBuffer<S> | undefined;
  readonly scope: Scope;
}

/**
 * All synchronous operators between two asynchronous ones as one stage: a value passes the whole chain, or stops in it,
 * without a promise and without an iterator of its own.
 */
export class FusedStage<S, T> implements Stage<T> {
  readonly isOrdered: boolean;
  readonly #upstream: Stage<S>;
  readonly #steps: readonly Step[];
  readonly #chain: StepChain;
  readonly #scope: Scope;
  /** The token of the page the traversal was opened in. */
  readonly #resumedAt: string | undefined;
  /** Whether a cursor remembers anything of these operators. */
  readonly #isRemembered: boolean;
  /** What is read from: the page upstream, or the one value taken from anything else. */
  readonly #buffer: PageBuffer<S>;
  readonly #readsPage: boolean;
  /** Where the counts in front of the item belong; values that come out of order may share a place. */
  #place: Position | undefined;

  constructor(upstream: Stage<S>, { steps, names, from, buffer, scope }: FusedStageOptions<S>) {
    this.#upstream = upstream;
    this.#steps = steps;
    this.#scope = scope;
    this.isOrdered = upstream.isOrdered;
    this.#buffer = buffer ?? emptyBuffer();
    this.#readsPage = buffer !== undefined;
    this.#chain = new StepChain(steps, this.#buffer, {
      names,
      from,
      scope,
      beforeItem: steps.some(({ counts }) => counts) ? () => this.#noteCounts() : undefined,
      contentOf: upstream.isOrdered ? (item) => this.#contentOf(item as S) : undefined,
      isOnResumedPage: () => this.#isOnResumedPage(upstream.position()),
    });
    this.#resumedAt = from?.token;
    this.#isRemembered = steps.some(({ counts, kind }) => counts || kind === 'flat');
  }

  get isLimited(): boolean {
    return this.#chain.hasEnded || this.#upstream.isLimited;
  }

  acknowledgeAndTake(): T | Nothing {
    do {
      const value = this.#chain.acknowledgeAndTake();
      if (value !== NOTHING) return value as T;
      // A callback has ended the traversal: what it was called with is not acknowledged.
      if (this.#scope.isOver) return NOTHING;
      this.acknowledge();
    } while (this.#refill());
    return NOTHING;
  }

  advance(wanted: Wanted): Promise<boolean> {
    if (this.#chain.hasEnded) return Promise.resolve(false);
    return this.#upstream.advance({ ...wanted, values: this.#valuesWanted(wanted.values) });
  }

  acknowledge(): void {
    const buffer = this.#buffer;
    this.#chain.acknowledge();
    if (!this.#chain.isItemDone) return;
    buffer.inHand = false;
    if (buffer.index >= buffer.items.length) this.#upstream.acknowledge();
  }

  position(after = false): Position {
    // A value that was taken back, after a break or a failure, comes again: upstream has not moved past it yet.
    const isReadOut = this.#readsPage || this.#buffer.index >= this.#buffer.items.length;
    const isItemAfter = after && this.#chain.isItemDone && isReadOut;
    const position = this.#upstream.position(isItemAfter);
    if (!this.#isRemembered) return position;
    const isBehind =
      this.isOrdered || !this.#place
        ? !this.#buffer.inHand || isItemAfter
        : !isSamePlace(position, this.#place);
    const isOnResumedPage = this.#isOnResumedPage(position);
    return {
      ...position,
      counts: { ...position.counts, ...this.#chain.readCounts({ after, isBehind }) },
      flat: { ...position.flat, ...this.#chain.readFlat(after, isOnResumedPage) },
    };
  }

  close(): void {
    try {
      this.#chain.close();
    } finally {
      this.#upstream.close();
    }
  }

  #isOnResumedPage({ page }: Position): boolean {
    return page.token === this.#resumedAt;
  }

  #noteCounts(): void {
    if (!this.isOrdered) {
      const place = this.#upstream.position();
      if (this.#place && isSamePlace(place, this.#place)) return;
      this.#place = place;
    }
    this.#chain.counts.beforeItem = this.#chain.counts.now();
  }

  /** What an item is recognised by: its content, and behind other stages also the item of the page it came from. */
  #contentOf(item: S): Content {
    if (this.#readsPage) return contentOf(item);
    const { page, offset } = this.#upstream.position();
    const source = 'items' in page && offset < page.items.length ? page.keyAt(offset) : '';
    const content = this.#upstream.contentOf?.(item) ?? contentOf(item);
    return () => JSON.stringify([source, content()]);
  }

  /** Puts one more value from upstream into the buffer, which is read out; false if there is none at hand. */
  #refill(): boolean {
    const value = this.#readsPage || this.#chain.isLimited ? NOTHING : this.#upstream.acknowledgeAndTake();
    if (value === NOTHING) return false;
    refillBuffer(this.#buffer, [value], 0);
    return true;
  }

  #valuesWanted(downstream: number): number {
    if (this.#chain.isLimited) return 0;
    let wanted = downstream;
    for (let place = this.#steps.length - 1; place >= 0; place--) {
      const step = this.#steps[place] as Step;
      if (step.wants) wanted = Math.min(wanted, step.wants(this.#chain.counts.at(place)));
      // One item may become many: if there is a limit, only one is sure to be wanted.
      if (step.kind === 'flat' && wanted !== Number.POSITIVE_INFINITY) wanted = Math.min(wanted, 1);
    }
    return wanted;
  }
}
