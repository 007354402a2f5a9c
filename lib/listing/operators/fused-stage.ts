import type { Cursor } from '../../core/cursor-shape.js';
import type { Scope } from '../../core/scope.js';
import { emptyBuffer, type PageBuffer, refillBuffer } from '../pages/page-buffer.js';
import { isSamePlace, type Position } from '../traversal/position.js';
import type { Content } from './content-of.js';
import { NOTHING, type Nothing, type Stage, type Wanted } from './stage.js';
import type { Step } from './step.js';
import { StepChain } from './step-chain.js';
import { StepCounts } from './step-counts.js';

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
 * Neighbouring synchronous operators as one stage: a value passes the whole chain, or stops in it, without a promise and
 * without its own iterator.
 */
export class FusedStage<S, T> implements Stage<T> {
  readonly isOrdered: boolean;
  readonly #upstream: Stage<S>;
  readonly #steps: readonly Step[];
  readonly #chain: StepChain;
  readonly #counts: StepCounts;
  readonly #scope: Scope;
  /** What is read from: the page upstream, or the one value taken from anything else. */
  readonly #buffer: PageBuffer<S>;
  /** That one value. */
  readonly #one: S[] | undefined;
  /** Where the counts before the item belong; values that come out of order may share a place. */
  #place: Position | undefined;

  constructor(upstream: Stage<S>, { steps, names, from, buffer, scope }: FusedStageOptions<S>) {
    this.isOrdered = upstream.isOrdered;
    this.#upstream = upstream;
    this.#steps = steps;
    this.#scope = scope;
    this.#buffer = buffer ?? emptyBuffer();
    this.#one = buffer ? undefined : [];
    this.#counts = new StepCounts(steps, names, from);
    this.#chain = new StepChain(steps, {
      buffer: this.#buffer,
      counts: this.#counts,
      scope,
      beforeItem: this.#counts.isEmpty ? undefined : () => this.#noteCounts(),
    });
  }

  get isLimited(): boolean {
    return this.#chain.isLimited || this.#upstream.isLimited;
  }

  acknowledgeAndTake(): T | Nothing {
    do {
      const value = this.#chain.take();
      if (this.#scope.isOver) {
        // A callback has ended the traversal: what it was called with comes again.
        this.#chain.putBack();
        return NOTHING;
      }
      if (value !== NOTHING) return value as T;
      this.acknowledge();
    } while (this.#refill());
    // What a flatMap has left of its item begins the next run.
    if (this.#chain.isLimited) this.#upstream.close();
    return NOTHING;
  }

  acknowledge(): void {
    const buffer = this.#buffer;
    buffer.inHand = false;
    if (buffer.index >= buffer.items.length) this.#upstream.acknowledge();
  }

  advance(wanted: Wanted): Promise<boolean> {
    if (this.#chain.isLimited) return Promise.resolve(false);
    return this.#upstream.advance({ ...wanted, values: this.#valuesWanted(wanted.values) });
  }

  position(after = false): Position {
    // A value that was put back, at a limit or after a failure, comes again: upstream has not moved past it yet.
    const isReadOut = !this.#one || this.#buffer.index >= this.#buffer.items.length;
    const position = this.#upstream.position(after && isReadOut);
    if (this.#counts.isEmpty) return position;
    const isAfter =
      this.isOrdered || !this.#place
        ? !this.#buffer.inHand || (after && isReadOut)
        : !isSamePlace(position, this.#place);
    return { ...position, counts: { ...position.counts, ...this.#counts.read(isAfter) } };
  }

  contentOf(): Content {
    const { items, index } = this.#buffer;
    return this.#upstream.contentOf(items[index - 1] as S);
  }

  close(): void {
    this.#upstream.close();
  }

  #noteCounts(): void {
    if (!this.isOrdered) {
      const place = this.#upstream.position();
      if (this.#place && isSamePlace(place, this.#place)) return;
      this.#place = place;
    }
    this.#counts.note();
  }

  /** Puts one more value from upstream into the buffer, which was read to the end; false if none is ready. */
  #refill(): boolean {
    if (!this.#one || this.#chain.isLimited) return false;
    const value = this.#upstream.acknowledgeAndTake();
    if (value === NOTHING) return false;
    this.#one[0] = value;
    refillBuffer(this.#buffer, this.#one, 0);
    return true;
  }

  #valuesWanted(downstream: number): number {
    return this.#steps.reduce(
      (wanted, { wants }, place) => (wants ? Math.min(wanted, wants(this.#counts.at(place))) : wanted),
      downstream,
    );
  }
}
