import type { Clock } from '../../core/clock.js';
import type { Scope } from '../../core/scope.js';
import { startTimer } from '../../core/start-timer.js';
import type { Position } from '../traversal/position.js';
import { type Content, contentAt, contentOf } from './content-of.js';
import { NOTHING, type Nothing, type Stage, type Wanted } from './stage.js';
import { UpstreamReader } from './upstream-reader.js';

interface BatchStageOptions {
  readonly size: number;
  /** How long the first value of a batch waits for the others; undefined: as long as it takes. */
  readonly maxWaitMs: number | undefined;
  readonly clock: Clock;
  readonly scope: Scope;
  /** How many failed items are to be written with the batch; a batch may have nothing else. */
  readonly failed?: () => number;
  /**
   * Whether a position waits like a value does, so that a batch without values is delivered where an operator lets none
   * through: the consumer can keep the position after it.
   */
  readonly deliversPositions?: boolean;
}

/** So many failed items make a batch due: they are part of the position, which a DynamoDB item of 400 KB must hold. */
const MOST_FAILED = 100;

/** Gathers values into arrays; a batch is acknowledged as a whole. */
export class BatchStage<S> implements Stage<S[]> {
  readonly isOrdered: boolean;
  readonly #options: BatchStageOptions;
  readonly #reader: UpstreamReader<S>;
  #gathered: S[] = [];
  /** Where the batch being gathered begins, and the one delivered last. */
  #front: Position | undefined;
  #delivered: Position | undefined;
  /** The position after the batch that was delivered last. */
  #kept: Position | undefined;
  #dueAt = Number.POSITIVE_INFINITY;
  /** Ends the wait until the batch is due. */
  #stop: (() => void) | undefined;

  constructor(upstream: Stage<S>, options: BatchStageOptions) {
    this.isOrdered = upstream.isOrdered;
    this.#options = options;
    this.#reader = new UpstreamReader(upstream, options.scope);
    options.scope.onPause(() => this.#stopTimer());
  }

  get isLimited(): boolean {
    return this.#reader.upstream.isLimited;
  }

  acknowledgeAndTake(): S[] | Nothing {
    this.acknowledge();
    this.#gather();
    if (!this.#isReady) return NOTHING;
    const batch = this.#gathered;
    this.#delivered = this.#front;
    this.#gathered = [];
    this.#front = undefined;
    this.#dueAt = Number.POSITIVE_INFINITY;
    this.#stopTimer();
    if (this.#options.deliversPositions) this.#kept = this.position(true);
    return batch;
  }

  async advance({ values }: Wanted): Promise<boolean> {
    const { scope } = this.#options;
    const { pauses } = scope;
    while (scope.pauses === pauses) {
      this.#gather();
      // A callback may have ended the traversal.
      if (scope.isOver || this.#isReady) break;
      if (this.#reader.isOver) return false;
      this.#reader.throwFailure();
      // Before the request, which may itself bring on a pause.
      const change = this.#change();
      this.#reader.request(this.#wantedUpstream(values));
      await change;
    }
    return true;
  }

  acknowledge(): void {
    if (this.#delivered && !this.#front) this.#reader.upstream.acknowledge();
    this.#delivered = undefined;
  }

  position(after = false): Position {
    const front = after ? this.#front : (this.#delivered ?? this.#front);
    return front ?? this.#reader.upstream.position(after && this.#delivered !== undefined);
  }

  contentOf(value: S[]): Content {
    return contentAt(this.position(), contentOf(value));
  }

  close(): void {
    this.#stopTimer();
    this.#reader.upstream.close();
  }

  get #isReady(): boolean {
    const { size, clock } = this.#options;
    const failed = this.#failed;
    if (!this.#isWaiting) return false;
    if (this.#gathered.length >= size || failed >= MOST_FAILED || clock.now() >= this.#dueAt) return true;
    // If a position can be saved here, an error waits until the values before it are delivered.
    const isLast =
      this.#reader.isOver || (this.#options.deliversPositions === true && this.#reader.hasFailed);
    return this.#gathered.length > 0 && isLast;
  }

  get #isWaiting(): boolean {
    return this.#gathered.length + this.#failed > 0 || this.#hasMoved;
  }

  get #failed(): number {
    return this.#options.failed?.() ?? 0;
  }

  /** Whether items were acknowledged, or pages read, after the batch that was delivered last, and no value is there. */
  get #hasMoved(): boolean {
    const { deliversPositions } = this.#options;
    if (!deliversPositions || !this.#kept || this.#gathered.length > 0 || this.#reader.isOver) return false;
    const { items, place } = this.#reader.upstream.position();
    return items !== this.#kept.items || place.token !== this.#kept.place.token;
  }

  /** All batches are full but the last of a listing, and those that are due before they are. */
  #wantedUpstream(batches: number): Wanted {
    const { size, maxWaitMs } = this.#options;
    const inLast = maxWaitMs === undefined ? size : 1;
    const values = batches > 0 ? Math.max(0, (batches - 1) * size + inLast - this.#gathered.length) : 0;
    return { values, pages: Number.POSITIVE_INFINITY };
  }

  #gather(): void {
    const { size, maxWaitMs, clock, scope, deliversPositions } = this.#options;
    if (deliversPositions) this.#kept ??= this.position(true);
    while (this.#gathered.length < size) {
      const value = this.#reader.acknowledgeAndTake();
      if (
        maxWaitMs !== undefined &&
        this.#dueAt === Number.POSITIVE_INFINITY &&
        (value !== NOTHING || this.#isWaiting)
      ) {
        this.#dueAt = clock.now() + maxWaitMs;
      }
      if (value === NOTHING || scope.isOver) break;
      this.#front ??= this.#reader.upstream.position();
      // An array that has waited for long is collected late, and its values with it.
      if (this.#gathered.length === 0) this.#gathered = [value];
      else this.#gathered.push(value);
    }
  }

  /** Resolves when upstream has news, when the batch is due, or at a pause. */
  #change(): Promise<void> {
    const changed = this.#reader.change();
    this.#startTimer();
    return changed;
  }

  /** One timer for a batch, not one for each page that it waits for: its signal takes more memory than a page. */
  #startTimer(): void {
    const { clock } = this.#options;
    if (this.#stop || this.#dueAt === Number.POSITIVE_INFINITY) return;
    this.#stop = startTimer(clock, Math.max(0, this.#dueAt - clock.now()), () => {
      // Fired too early by a clock, it is started again.
      this.#stop = undefined;
      this.#reader.wake();
    });
  }

  #stopTimer(): void {
    this.#stop?.();
    this.#stop = undefined;
  }
}
