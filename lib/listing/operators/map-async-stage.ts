import { callbackError } from '../../core/callback-error.js';
import type { Scope } from '../../core/scope.js';
import { ScopedCall } from '../../core/scoped-call.js';
import { runIn, type TraversalTrace } from '../../core/tracing.js';
import type { Position } from '../traversal/position.js';
import { NOTHING, type Nothing, type Stage, type Wanted } from './stage.js';
import { UpstreamReader } from './upstream-reader.js';

/** Work on one value. The signal aborts when the traversal ends before the work does. */
export type AsyncMapper<S, R> = (value: S, call: { readonly signal: AbortSignal }) => R | PromiseLike<R>;

export interface MapAsyncOptions {
  /** How many values are worked on at once; a whole number from 1. Default 8. */
  readonly concurrency?: number;
  /** Whether results come in the order of the listing; false: as they are done. Default true. */
  readonly ordered?: boolean;
}

interface MapAsyncStageOptions<S, R> {
  readonly mapper: AsyncMapper<S, R>;
  readonly concurrency: number;
  readonly ordered: boolean;
  readonly scope: Scope;
  /** The trace of the traversal, if there is one: the requests of the mapper belong to it. */
  readonly trace: () => TraversalTrace | undefined;
}

interface Job<S> {
  readonly value: S;
  readonly position: Position;
  state: 'waiting' | 'running' | 'done' | 'failed';
  outcome: unknown;
}

/**
 * Works on several values at once and keeps the position: it lies in front of the first value that is not done and
 * acknowledged, whatever was finished behind it.
 */
export class MapAsyncStage<S, R> implements Stage<R> {
  readonly isOrdered: boolean;
  readonly #options: MapAsyncStageOptions<S, R>;
  readonly #reader: UpstreamReader<S>;
  /** Every value taken in and not acknowledged, as they came. */
  readonly #jobs: Job<S>[] = [];
  /** Jobs that ended and were not delivered, as they ended. */
  #ended: Job<S>[] = [];
  #delivered: Job<S> | undefined;
  /** How many more results are sure to be wanted. */
  #wanted = 1;
  #wake = () => {};

  constructor(upstream: Stage<S>, options: MapAsyncStageOptions<S, R>) {
    this.isOrdered = options.ordered && upstream.isOrdered;
    this.#options = options;
    this.#reader = new UpstreamReader(upstream, () => this.#wake());
    options.scope.onPause(() => this.#pause());
  }

  get isLimited(): boolean {
    return this.#reader.upstream.isLimited;
  }

  acknowledgeAndTake(): R | Nothing {
    this.acknowledge();
    this.#fill();
    const job = this.#ready;
    if (!job) return NOTHING;
    if (job.state === 'failed') throw callbackError(job.outcome, 'mapAsync');
    this.#ended.splice(this.#ended.indexOf(job), 1);
    this.#delivered = job;
    this.#wanted--;
    return job.outcome as R;
  }

  async advance({ values }: Wanted): Promise<boolean> {
    this.#wanted = values;
    const { scope } = this.#options;
    const { pauses } = scope;
    while (scope.pauses === pauses) {
      this.#fill();
      // A callback may have ended the traversal.
      if (scope.isOver || this.#ready) break;
      if (this.#jobs.length === 0) {
        if (this.#reader.isOver) return false;
        this.#reader.throwFailure();
      }
      // Before the request, which may itself bring on a pause.
      const change = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      if (this.#hasRoom) this.#reader.request(this.#wantedUpstream);
      await change;
    }
    return true;
  }

  acknowledge(): void {
    if (!this.#delivered) return;
    this.#jobs.splice(this.#jobs.indexOf(this.#delivered), 1);
    this.#delivered = undefined;
    if (this.#jobs.length === 0) this.#reader.upstream.acknowledge();
  }

  position(after = false): Position {
    const first = after ? this.#jobs.find((job) => job !== this.#delivered) : this.#jobs[0];
    return first?.position ?? this.#reader.upstream.position(after && this.#delivered !== undefined);
  }

  close(): void {
    this.#reader.upstream.close();
  }

  get #ready(): Job<S> | undefined {
    if (!this.#options.ordered) return this.#ended[0];
    const first = this.#jobs[0];
    return first && (first.state === 'done' || first.state === 'failed') ? first : undefined;
  }

  get #undelivered(): number {
    return this.#jobs.length - (this.#delivered ? 1 : 0);
  }

  /** A result that is not asked for yet takes a place too, so that a slow consumer slows the work down. */
  get #hasRoom(): boolean {
    return this.#undelivered < Math.min(this.#options.concurrency, Math.max(1, this.#wanted));
  }

  get #wantedUpstream(): Wanted {
    return { values: Math.max(0, this.#wanted - this.#undelivered), pages: Number.POSITIVE_INFINITY };
  }

  /** Work that was running starts over when it is asked for again. */
  #pause(): void {
    for (const job of this.#jobs) if (job.state !== 'done') job.state = 'waiting';
    this.#ended = this.#ended.filter((job) => job.state === 'done');
    this.#reader.pause();
    this.#wake();
  }

  #fill(): void {
    const { scope } = this.#options;
    for (const job of this.#jobs) if (job.state === 'waiting' && !scope.isOver) this.#start(job);
    while (this.#hasRoom && !scope.isOver) {
      const value = this.#reader.acknowledgeAndTake();
      // A callback upstream may have ended the traversal: what it was called with comes again.
      if (value === NOTHING || scope.isOver) break;
      const job: Job<S> = {
        value,
        position: this.#reader.upstream.position(),
        state: 'waiting',
        outcome: undefined,
      };
      this.#jobs.push(job);
      this.#start(job);
    }
  }

  #start(job: Job<S>): void {
    const call = new ScopedCall(this.#options.scope);
    job.state = 'running';
    const end = (state: 'done' | 'failed', outcome: unknown) => {
      call.close();
      // The value will be worked on again.
      if (!call.isWanted) return;
      job.state = state;
      job.outcome = outcome;
      this.#ended.push(job);
      this.#wake();
    };
    this.#work(job.value, call).then(
      (outcome) => end('done', outcome),
      (error: unknown) => end('failed', error),
    );
  }

  /** Async, so that a mapper which throws at once fails like one that rejects. */
  async #work(value: S, call: { readonly signal: AbortSignal }): Promise<R> {
    const { mapper, scope, trace } = this.#options;
    return runIn(trace(), () => scope.call(() => mapper(value, call)));
  }
}
