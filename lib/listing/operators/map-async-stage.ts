import { callbackError } from '../../core/callback-error.js';
import type { Scope } from '../../core/scope.js';
import { ScopedCall } from '../../core/scoped-call.js';
import { runIn, type TraversalTrace } from '../../core/tracing.js';
import type { Position } from '../traversal/position.js';
import { type Content, contentAt, contentOf } from './content-of.js';
import type { FailureHandover, HeldFailure } from './failure-handover.js';
import { NOTHING, type Nothing, type Stage, type Wanted } from './stage.js';
import { UpstreamReader } from './upstream-reader.js';

/** Work on one value. The signal aborts when the traversal ends before the work does. */
export type AsyncMapper<S, R> = (value: S, call: { readonly signal: AbortSignal }) => R | PromiseLike<R>;

interface MapAsyncStageOptions<S, R> {
  readonly mapper: AsyncMapper<S, R>;
  readonly concurrency: number;
  readonly ordered: boolean;
  readonly scope: Scope;
  /** The trace of the traversal, if there is one: the requests of the mapper belong to it. */
  readonly trace: () => TraversalTrace | undefined;
  /** Takes the failures that are tolerated; undefined: none is. */
  readonly failures?: FailureHandover<S>;
  /** The error of the traversal for one of the mapper. Default: ERR_CALLBACK_FAILED with it as the cause. */
  readonly errorOf?: (error: unknown) => unknown;
}

interface Job<S> {
  readonly value: S;
  readonly position: Position;
  /** How many items came before it, in all runs. */
  readonly nth: number;
  /** held: failed, and handed over once everything before it is done; handing: `onFailed` is running. */
  state: 'waiting' | 'running' | 'done' | 'failed' | 'held' | 'handing';
  outcome: unknown;
}

/**
 * Works on several values at once and keeps the position: it lies before the first value that is not done and
 * acknowledged, whatever was finished after it.
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

  constructor(upstream: Stage<S>, options: MapAsyncStageOptions<S, R>) {
    this.isOrdered = options.ordered && upstream.isOrdered;
    this.#options = options;
    options.scope.onPause(() => this.#restart());
    this.#reader = new UpstreamReader(upstream, options.scope);
  }

  get isLimited(): boolean {
    return this.#reader.upstream.isLimited;
  }

  acknowledgeAndTake(): R | Nothing {
    this.acknowledge();
    this.#fill();
    const job = this.#ready;
    if (!job) return NOTHING;
    if (job.state === 'failed') throw job.outcome;
    this.#ended.splice(this.#ended.indexOf(job), 1);
    this.#delivered = job;
    this.#wanted--;
    return job.outcome as R;
  }

  async advance({ values }: Wanted): Promise<boolean> {
    this.#wanted = values;
    const { scope } = this.#options;
    const { pauses } = scope;
    const failedBefore = this.#failed;
    while (scope.pauses === pauses) {
      this.#fill();
      // A callback may have ended the traversal. Failed items may be all there is, and a drain has to write them.
      if (scope.isOver || this.#ready || this.#failed > failedBefore) break;
      if (this.#jobs.length === 0) {
        if (this.#reader.isOver) return false;
        this.#reader.throwFailure();
      }
      // Before the request, which may itself bring on a pause.
      const change = this.#reader.change();
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
    const position =
      first?.position ?? this.#reader.upstream.position(after && this.#delivered !== undefined);
    const { tolerance } = this.#options.failures ?? {};
    if (!tolerance) return position;
    const counts = tolerance.counts(first?.nth ?? tolerance.taken);
    return { ...position, counts: { ...position.counts, ...counts } };
  }

  contentOf(value: R): Content {
    return contentAt(this.position(), contentOf(value));
  }

  close(): void {
    this.#reader.upstream.close();
  }

  get #ready(): Job<S> | undefined {
    if (!this.#options.ordered) return this.#ended[0];
    const first = this.#jobs[0];
    return first && (first.state === 'done' || first.state === 'failed') ? first : undefined;
  }

  get #failed(): number {
    return this.#options.failures?.tolerance.failed ?? 0;
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

  /** After a pause, work that was running starts over when it is asked for again. */
  #restart(): void {
    for (const job of this.#jobs) if (job.state !== 'done') job.state = 'waiting';
    this.#ended = this.#ended.filter((job) => job.state === 'done');
  }

  #fill(): void {
    const { scope, failures } = this.#options;
    this.#handOver();
    for (const job of this.#jobs) if (job.state === 'waiting' && !scope.isOver) this.#start(job);
    while (this.#hasRoom && !scope.isOver) {
      const value = this.#reader.acknowledgeAndTake();
      // A callback upstream may have ended the traversal: what it was called with comes again.
      if (value === NOTHING || scope.isOver) break;
      const job: Job<S> = {
        value,
        position: this.#reader.upstream.position(),
        nth: failures ? failures.tolerance.taken++ : 0,
        state: 'waiting',
        outcome: undefined,
      };
      this.#jobs.push(job);
      this.#start(job);
    }
  }

  #start(job: Job<S>): void {
    const { scope, failures, errorOf = (error: unknown) => callbackError(error, 'mapAsync') } = this.#options;
    const call = new ScopedCall(scope);
    job.state = 'running';
    const end = (state: 'done' | 'failed' | 'held', outcome: unknown) => {
      call.close();
      // The value will be worked on again.
      if (!call.isWanted) return;
      this.#end(job, state, outcome);
      this.#reader.wake();
    };
    this.#work(job.value, call).then(
      (outcome) => end('done', outcome),
      (error: unknown) => {
        const held = failures?.hold(job.value, error);
        if (held) end('held', held);
        else end('failed', errorOf(error));
      },
    );
  }

  /**
   * Hands over the failed items that have nothing unfinished before them, so that the position after them says
   * how many there were, in whatever order the others end.
   */
  #handOver(): void {
    const { failures, scope } = this.#options;
    if (!failures) return;
    for (let job = this.#jobs[0]; job?.state === 'held' && !scope.isOver; job = this.#jobs[0]) {
      const held = job.outcome as HeldFailure<S>;
      const handing = failures.handOver(held, job.nth);
      if (handing) {
        this.#passOnceHanded(job, held, handing);
        return;
      }
      // The callback may have ended the traversal: what it was called with comes again.
      if (!scope.isOver) this.#pass(held);
    }
  }

  #passOnceHanded(job: Job<S>, held: HeldFailure<S>, handing: PromiseLike<void>): void {
    const { scope } = this.#options;
    const { pauses } = scope;
    job.state = 'handing';
    const settle = (note: () => void) => {
      // The value will be worked on again.
      if (scope.pauses !== pauses) return;
      note();
      this.#reader.wake();
    };
    handing.then(
      () => settle(() => this.#pass(held)),
      (error: unknown) => settle(() => this.#end(job, 'failed', callbackError(error, 'onFailed'))),
    );
  }

  /** The failed item in front is acknowledged. */
  #pass(held: HeldFailure<S>): void {
    this.#options.failures?.acknowledge(held);
    this.#jobs.shift();
    if (this.#jobs.length === 0) this.#reader.upstream.acknowledge();
  }

  #end(job: Job<S>, state: 'done' | 'failed' | 'held', outcome: unknown): void {
    job.state = state;
    job.outcome = outcome;
    if (state !== 'held') this.#ended.push(job);
  }

  /** Async, so that a mapper which throws at once fails like one that rejects. */
  async #work(value: S, call: { readonly signal: AbortSignal }): Promise<R> {
    const { mapper, scope, trace } = this.#options;
    return runIn(trace(), () => scope.call(mapper, value, call));
  }
}
