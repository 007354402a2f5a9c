import { callbackError } from '../../core/callback-error.js';
import type { Cursor } from '../../core/cursor.js';
import type { Destination, DrainEnd, DrainPosition, DrainTotals } from '../../core/destination.js';
import { isPageturnError, type PageturnError } from '../../core/errors.js';
import { publish } from '../../core/events.js';
import { BatchStage } from '../operators/batch-stage.js';
import type { HandedFailure } from '../operators/failure-handover.js';
import { allFailedBefore } from '../operators/tolerance.js';
import { tokenRejectedAgain } from '../pages/restarts.js';
import { type Plan, withStage } from '../plan.js';
import { Traversal } from '../traversal/traversal.js';
import type { DestinationCalls } from './destination-calls.js';
import { addTraversal } from './drain-totals.js';
import type { FailureDrain } from './failure-drain.js';

interface RowDrainOptions<T> {
  readonly plan: Plan;
  readonly destination: Destination<T>;
  readonly calls: DestinationCalls;
  readonly failures: FailureDrain | undefined;
  readonly fence: number;
  readonly batch: number;
  readonly everyMs: number;
  readonly onProgress: ((totals: DrainTotals) => void | Promise<void>) | undefined;
}

/**
 * The rows of a drain on their way to its destination, each batch with the position after it. Where a token is rejected
 * they start over, if the destinations can take back what they have.
 */
export class RowDrain<T> {
  readonly #options: RowDrainOptions<T>;
  /** Which parts of the listing failed, if it came to its end without them. */
  shortfall: PageturnError | undefined;
  /** What was done before the current traversal. */
  #earlier: DrainTotals;
  #totals: DrainTotals;

  constructor(options: RowDrainOptions<T>, earlier: DrainTotals) {
    this.#options = options;
    this.#earlier = earlier;
    this.#totals = earlier;
  }

  get totals(): DrainTotals {
    return this.#totals;
  }

  /** The cursor at the beginning of the listing. */
  get start(): Cursor {
    return this.#walk(undefined).cursor;
  }

  /** Keeps the position of the last run with the totals of this one, so that it counts even if it is killed at once. */
  async resume({ cursor, failures }: DrainPosition): Promise<void> {
    const { destination, calls, fence } = this.#options;
    const position = { fence, cursor, totals: this.#totals, ...(failures && { failures }) };
    await calls.call('write to', () => destination.write([], position));
  }

  /** Writes the rows after a cursor that are missing. */
  async write(saved: Cursor | undefined): Promise<DrainEnd['reason']> {
    const { query } = this.#options.plan.source;
    let from = saved;
    for (let farthest = -1; ; ) {
      const walk = this.#walk(from);
      try {
        return await this.#writeAll(walk);
      } catch (error) {
        await walk.return().catch(() => {});
        const { pages } = walk.stats;
        // A token that is rejected no later than the last one would be rejected forever.
        if (!this.#canStartOver || !isTokenRejected(error) || pages <= farthest) {
          if (walk.end?.reason === 'failed') await this.#save(walk).catch(() => {});
          throw isTokenRejected(error) && farthest >= 0 ? tokenRejectedAgain(error) : error;
        }
        farthest = pages;
        from = undefined;
        await this.#startOver(walk);
        const restart = this.#totals.restarts;
        publish('pageturn:restart', () => ({ operation: query.operation, restart, error }));
      }
    }
  }

  /** A traversal in batches; the batches are not of the listing, so cursors do not know about them. */
  #walk(from: Cursor | undefined): Traversal<T[]> {
    const { plan: own, batch: size, everyMs: maxWaitMs, calls, failures } = this.#options;
    const failed = () => failures?.pending ?? 0;
    const plan: Plan = this.#canStartOver
      ? { ...own, source: { ...own.source, onTokenRejected: 'fail' } }
      : own;
    const batches = withStage(plan, {
      kind: 'async',
      name: undefined,
      start: (upstream, { clock, scope }) =>
        new BatchStage<T>(upstream, { size, maxWaitMs, clock, scope, failed, deliversPositions: true }),
    });
    const onFailure = failures && ((failure: HandedFailure) => failures.add(failure));
    return new Traversal<T[]>(batches, { from, signals: [calls.signal], onFailure });
  }

  async #writeAll(walk: Traversal<T[]>): Promise<DrainEnd['reason']> {
    while (await this.#writeNext(walk));
    await this.#writeRows(walk, [], walk.cursor);
    const { reason, error } = walk.end ?? {};
    if (reason === 'partial') this.shortfall = error;
    return reason === 'limit' || reason === 'partial' ? reason : 'exhausted';
  }

  /** False at the end. A loop over the traversal would keep the rows of the batch before while it waits for the next. */
  #writeNext(walk: Traversal<T[]>): Promise<boolean> {
    return walk.next().then((result) => {
      const { value: rows } = result;
      // The promise keeps the result; after a long wait, it is collected late.
      result.value = undefined;
      return rows ? this.#writeRows(walk, rows, walk.cursorAfter).then(() => true) : false;
    });
  }

  async #writeRows(walk: Traversal<T[]>, rows: readonly T[], cursor: Cursor): Promise<void> {
    const { onProgress } = this.#options;
    const written = this.#totals.written - this.#earlier.written + rows.length;
    const totals = addTraversal(this.#earlier, walk, { written, failed: allFailedBefore(cursor) });
    await this.#keep(rows, cursor, totals);
    try {
      await onProgress?.(totals);
    } catch (error) {
      throw callbackError(error, 'onProgress');
    }
  }

  /** Rows and failed items up to a cursor: the position has both, and then the failed items go where they belong. */
  async #keep(rows: readonly T[], cursor: Cursor, totals: DrainTotals): Promise<void> {
    const { destination, calls, failures, fence } = this.#options;
    const failed = failures?.take(cursor) ?? [];
    const position = { fence, cursor, totals };
    const kept = failures && { failures: failures.kept(failed), ...(failed.length > 0 && DURABLE) };
    await calls.call('write to', () => destination.write(rows, { ...position, ...kept }));
    calls.cursor = cursor;
    this.#totals = totals;
    if (failed.length > 0) await failures?.write(failed, position);
  }

  /** Keeps what a failed traversal has done, for the receipt of a later run, and the items it failed on before. */
  async #save(walk: Traversal<T[]>): Promise<void> {
    const { calls, failures } = this.#options;
    const { written, items } = this.#totals;
    const before = calls.cursor ?? walk.cursor;
    const cursor = failures?.hasBefore(walk.cursor) ? walk.cursor : before;
    const done = addTraversal(this.#earlier, walk, { written: 0, failed: allFailedBefore(cursor) });
    const totals = { ...done, written, items: cursor === before ? items : done.items };
    // A run whose first page never came, such as one with wrong credentials, leaves nothing to resume.
    if (calls.cursor === undefined && totals.pages === 0) this.#totals = totals;
    else await this.#keep([], cursor, totals);
  }

  /** Takes back what was written; what the work cost still counts. */
  async #startOver(walk: Traversal<T[]>): Promise<void> {
    const { destination, calls, failures, fence } = this.#options;
    const done = addTraversal(this.#earlier, walk, { written: 0, failed: 0 });
    const totals = { ...done, items: 0, written: 0, restarts: done.restarts + 1 };
    const cursor = this.start;
    const position = { fence, cursor, totals };
    const kept = failures && { failures: failures.kept([]) };
    await calls.call('start over in', async () => destination.startOver?.({ ...position, ...kept }));
    await failures?.startOver(position);
    calls.cursor = cursor;
    this.#earlier = totals;
    this.#totals = totals;
  }

  get #canStartOver(): boolean {
    const { destination, failures } = this.#options;
    return destination.startOver !== undefined && (failures?.canStartOver ?? true);
  }
}

/** A position that the destination of failed items relies on. */
const DURABLE = { isDurable: true } as const;

function isTokenRejected(error: unknown): boolean {
  return isPageturnError(error) && error.code === 'ERR_TOKEN_REJECTED';
}
