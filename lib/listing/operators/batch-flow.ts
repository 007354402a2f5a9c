import type { Clock } from '../../core/clock.js';
import type { Mark } from '../traversal/position.js';
import { type Flow, NOTHING, type Nothing, type Origin } from './flow.js';
import { UpstreamReader } from './upstream-reader.js';

export interface BatchOptions {
  /** The longest the first value of a batch waits for the others, in milliseconds; from 0. Default: as long as it takes. */
  readonly maxWaitMs?: number;
}

interface BatchFlowOptions {
  readonly size: number;
  /** How long the first value of a batch waits for the others; undefined: as long as it takes. */
  readonly maxWaitMs: number | undefined;
  readonly clock: Clock;
}

/** The place in front of a batch, and what its first value came of. */
interface Front {
  readonly mark: Mark;
  readonly origin: Origin;
}

/** Gathers values into arrays; a batch is acknowledged as a whole. */
export class BatchFlow<S> implements Flow<S[]> {
  demand: () => number = () => Number.POSITIVE_INFINITY;
  readonly #options: BatchFlowOptions;
  readonly #reader: UpstreamReader<S>;
  #gathered: S[] = [];
  /** The front of the batch being gathered, and of the one in hand. */
  #front: Front | undefined;
  #given: Front | undefined;
  #dueAt = Number.POSITIVE_INFINITY;
  #cancel = new AbortController();
  #wake = () => {};

  constructor(upstream: Flow<S>, options: BatchFlowOptions) {
    this.#options = options;
    this.#reader = new UpstreamReader(upstream, () => this.#wake());
    // All batches are full but the last of a listing, and those that are due before they are.
    upstream.demand = () => {
      const batches = this.demand();
      const inLast = options.maxWaitMs === undefined ? options.size : 1;
      return batches > 0 ? Math.max(0, (batches - 1) * options.size + inLast - this.#gathered.length) : 0;
    };
  }

  get limited(): boolean {
    return this.#reader.upstream.limited;
  }

  poll(): S[] | Nothing {
    this.acknowledge();
    this.#gather();
    if (!this.#isReady) return NOTHING;
    const batch = this.#gathered;
    this.#given = this.#front;
    this.#gathered = [];
    this.#front = undefined;
    this.#dueAt = Number.POSITIVE_INFINITY;
    return batch;
  }

  async advance(): Promise<boolean> {
    const { signal } = this.#cancel;
    while (!signal.aborted) {
      this.#gather();
      // A callback may have ended the traversal.
      if (signal.aborted || this.#isReady) break;
      if (this.#reader.over) return false;
      this.#reader.throwFailure();
      this.#reader.request();
      await this.#change(signal);
    }
    return true;
  }

  acknowledge(): void {
    if (this.#given && !this.#front) this.#reader.upstream.acknowledge();
    this.#given = undefined;
  }

  mark(): Mark {
    return (this.#given ?? this.#front)?.mark ?? this.#reader.upstream.mark();
  }

  origin(): Origin {
    return (this.#given as Front).origin;
  }

  pause(reason?: unknown): void {
    this.#cancel.abort(reason);
    this.#cancel = new AbortController();
    this.#reader.pause(reason);
    this.#wake();
  }

  close(reason?: unknown): void {
    this.pause(reason);
    this.#reader.upstream.close(reason);
  }

  get #isReady(): boolean {
    const { size, clock } = this.#options;
    if (this.#gathered.length === 0) return false;
    return this.#gathered.length >= size || this.#reader.over || clock.now() >= this.#dueAt;
  }

  #gather(): void {
    const { size, maxWaitMs, clock } = this.#options;
    while (this.#gathered.length < size) {
      const value = this.#reader.poll();
      if (value === NOTHING) break;
      if (!this.#front) {
        const { upstream } = this.#reader;
        this.#front = { mark: upstream.mark(), origin: upstream.origin() };
        if (maxWaitMs !== undefined) this.#dueAt = clock.now() + maxWaitMs;
      }
      this.#gathered.push(value);
    }
  }

  /** Resolves when upstream has news, when the batch is due, or when all is paused; leaves no timer. */
  async #change(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const timer = new AbortController();
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (this.#dueAt === Number.POSITIVE_INFINITY || signal.aborted) return;
      clock.sleep(Math.max(0, this.#dueAt - clock.now()), timer.signal).then(resolve, () => {});
    });
    timer.abort();
  }
}
