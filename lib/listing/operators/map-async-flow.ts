import { callbackError } from '../callback-error.js';
import type { Mark } from '../traversal/position.js';
import { type Flow, NOTHING, type Nothing, type Origin } from './flow.js';
import { UpstreamReader } from './upstream-reader.js';

/** Work on one value. The signal aborts when the traversal ends before the work does. */
export type AsyncMapper<S, R> = (value: S, call: { readonly signal: AbortSignal }) => R | PromiseLike<R>;

export interface MapAsyncOptions {
  /** How many values are worked on at once; a whole number from 1. Default 8. */
  readonly concurrency?: number;
  /** Whether results come in the order of the listing; false: as they are done. Default true. */
  readonly ordered?: boolean;
}

interface MapAsyncFlowOptions<S, R> {
  readonly mapper: AsyncMapper<S, R>;
  readonly concurrency: number;
  readonly ordered: boolean;
}

interface Job<S> {
  readonly value: S;
  readonly mark: Mark;
  readonly origin: Origin;
  state: 'waiting' | 'running' | 'done' | 'failed';
  outcome: unknown;
}

/**
 * Works on several values at once and keeps the place: it lies in front of the first value that is not done and
 * acknowledged, whatever was finished behind it.
 */
export class MapAsyncFlow<S, R> implements Flow<R> {
  demand: () => number = () => Number.POSITIVE_INFINITY;
  readonly #options: MapAsyncFlowOptions<S, R>;
  readonly #reader: UpstreamReader<S>;
  /** Every value taken in and not acknowledged, as they came. */
  #jobs: Job<S>[] = [];
  /** Jobs that ended and were not given, as they ended. */
  #ended: Job<S>[] = [];
  #given: Job<S> | undefined;
  #cancel = new AbortController();
  #wake = () => {};

  constructor(upstream: Flow<S>, options: MapAsyncFlowOptions<S, R>) {
    this.#options = options;
    this.#reader = new UpstreamReader(upstream, () => this.#wake());
    upstream.demand = () => Math.max(0, this.demand() - this.#ungiven);
  }

  get limited(): boolean {
    return this.#reader.upstream.limited;
  }

  poll(): R | Nothing {
    this.acknowledge();
    this.#fill();
    const job = this.#ready;
    if (!job) return NOTHING;
    if (job.state === 'failed') {
      throw callbackError(job.outcome, 'mapAsync');
    }
    this.#ended.splice(this.#ended.indexOf(job), 1);
    this.#given = job;
    return job.outcome as R;
  }

  async advance(): Promise<boolean> {
    const { signal } = this.#cancel;
    while (!signal.aborted) {
      this.#fill();
      // A callback may have ended the traversal.
      if (signal.aborted || this.#ready) break;
      if (this.#jobs.length === 0) {
        if (this.#reader.over) return false;
        this.#reader.throwFailure();
      }
      if (this.#hasRoom) this.#reader.request();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return true;
  }

  acknowledge(): void {
    if (!this.#given) return;
    this.#jobs.splice(this.#jobs.indexOf(this.#given), 1);
    this.#given = undefined;
    if (this.#jobs.length === 0) this.#reader.upstream.acknowledge();
  }

  mark(): Mark {
    return this.#jobs[0]?.mark ?? this.#reader.upstream.mark();
  }

  origin(): Origin {
    return (this.#given as Job<S>).origin;
  }

  pause(reason?: unknown): void {
    this.#cancel.abort(reason);
    this.#cancel = new AbortController();
    for (const job of this.#jobs) if (job.state !== 'done') job.state = 'waiting';
    this.#ended = this.#ended.filter((job) => job.state === 'done');
    this.#reader.pause(reason);
    this.#wake();
  }

  close(reason?: unknown): void {
    this.pause(reason);
    this.#reader.upstream.close(reason);
  }

  get #ready(): Job<S> | undefined {
    if (!this.#options.ordered) return this.#ended[0];
    const first = this.#jobs[0];
    return first && (first.state === 'done' || first.state === 'failed') ? first : undefined;
  }

  get #ungiven(): number {
    return this.#jobs.length - (this.#given ? 1 : 0);
  }

  /** What is done and not yet asked for takes a place too, so that a slow consumer slows the work down. */
  get #hasRoom(): boolean {
    return this.#ungiven < Math.min(this.#options.concurrency, Math.max(1, this.demand()));
  }

  #fill(): void {
    const { signal } = this.#cancel;
    for (const job of this.#jobs) if (job.state === 'waiting' && !signal.aborted) this.#start(job);
    while (this.#hasRoom && !signal.aborted) {
      const value = this.#reader.poll();
      // A callback in front may have ended the traversal: what it let through comes again.
      if (value === NOTHING || signal.aborted) break;
      const job: Job<S> = {
        value,
        mark: this.#reader.upstream.mark(),
        origin: this.#reader.upstream.origin(),
        state: 'waiting',
        outcome: undefined,
      };
      this.#jobs.push(job);
      this.#start(job);
    }
  }

  #start(job: Job<S>): void {
    const { signal } = this.#cancel;
    job.state = 'running';
    const end = (state: 'done' | 'failed', outcome: unknown) => {
      // Paused away: the value will be worked on again.
      if (signal.aborted) return;
      job.state = state;
      job.outcome = outcome;
      this.#ended.push(job);
      this.#wake();
    };
    this.#work(job.value, signal).then(
      (outcome) => end('done', outcome),
      (error: unknown) => end('failed', error),
    );
  }

  /** Async, so that a mapper which throws at once fails like one that rejects. */
  async #work(value: S, signal: AbortSignal): Promise<R> {
    return this.#options.mapper(value, { signal });
  }
}
