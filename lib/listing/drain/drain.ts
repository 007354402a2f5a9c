import { callbackError } from '../../core/callback-error.js';
import type { Cursor } from '../../core/cursor.js';
import type {
  Destination,
  DrainEnd,
  DrainPosition,
  DrainTotals,
  Job,
  Published,
} from '../../core/destination.js';
import { PageturnError } from '../../core/errors.js';
import { publish } from '../../core/events.js';
import type { FailedItem } from '../../core/failed-item.js';
import type { Receipt } from '../../core/receipt.js';
import { BatchStage } from '../operators/batch-stage.js';
import type { HandedFailure } from '../operators/map-async-stage.js';
import { allFailedBefore } from '../operators/tolerance.js';
import { tokenRejectedAgain } from '../pages/restarts.js';
import { chainOf, ofJob, type Plan, withStage } from '../plan.js';
import { readSavedCursor } from '../traversal/saved-cursor.js';
import { Traversal } from '../traversal/traversal.js';
import { DestinationCalls } from './destination-calls.js';
import { addTraversal, newTotals } from './drain-totals.js';
import { FailureDrain } from './failure-drain.js';

export interface DrainOptions {
  /** The most rows in one write. Default 1,000. */
  readonly batch?: number | undefined;
  /**
   * The longest a row waits for others to be written with it, and a position behind items that become no rows for one, in
   * milliseconds. Default 5,000.
   */
  readonly everyMs?: number | undefined;
  /** Aborts the drain, which then throws the signal's reason; the next run resumes it. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each write, and awaited. */
  readonly onProgress?: ((totals: DrainTotals) => void | Promise<void>) | undefined;
  /** Called with the receipt, also of a drain that fails or is aborted, while the destination is still open, and awaited. */
  readonly receipt?: ((receipt: Receipt) => void | Promise<void>) | undefined;
  /** Where the failed items of a `mapAsync` with `tolerate` go; published before the rows are. */
  readonly failed?: Destination<FailedItem<unknown>> | undefined;
}

interface DrainSettings extends Pick<DrainOptions, 'onProgress' | 'receipt' | 'failed'> {
  readonly batch: number;
  readonly everyMs: number;
  readonly signals: readonly AbortSignal[];
  /** The time of the day, for the receipt. */
  readonly now?: () => Date;
}

/** Writes a listing into a destination, from where its last run left off. */
export async function drain<T>(
  plan: Plan,
  destination: Destination<T>,
  settings: DrainSettings,
): Promise<Receipt> {
  const { signals, failed } = settings;
  const { clock } = plan.source;
  const calls = new DestinationCalls({ target: destination.target, signals, clock });
  const failures = failed && new FailureDrain(failed, { signals, clock });
  try {
    calls.signal.throwIfAborted();
    return await new Drain(plan, destination, { ...settings, calls, failures }).run();
  } finally {
    calls.end();
    failures?.end();
  }
}

/** A position that the destination of failed items relies on. */
const DURABLE = { isDurable: true } as const;

interface OpenDrainSettings extends DrainSettings {
  readonly calls: DestinationCalls;
  readonly failures: FailureDrain | undefined;
}

class Drain<T> {
  readonly #plan: Plan;
  readonly #chain: readonly string[];
  readonly #destination: Destination<T>;
  readonly #settings: OpenDrainSettings;
  #fence = 0;
  /** Whether the target is this run's: otherwise it has no receipt to give. */
  #isOwned = false;
  /** What was done before the current traversal. */
  #earlier: DrainTotals;
  #totals: DrainTotals;

  constructor(plan: Plan, destination: Destination<T>, settings: OpenDrainSettings) {
    this.#plan = ofJob(plan);
    this.#chain = chainOf(plan);
    this.#destination = destination;
    this.#settings = settings;
    this.#earlier = newTotals(this.#now());
    this.#totals = this.#earlier;
  }

  async run(): Promise<Receipt> {
    const { calls, failures } = this.#settings;
    const from = await this.#open();
    const close = async () => {
      try {
        await failures?.close();
      } finally {
        await calls.close(() => this.#destination.close());
      }
    };
    let receipt: Receipt;
    try {
      receipt = await this.#fill(from);
    } catch (error) {
      // The error that ended the drain is the one to throw.
      const end = calls.signal.aborted ? 'aborted' : 'failed';
      if (this.#isOwned && !isFenced(error)) await this.#report(this.#receipt(end, {})).catch(() => {});
      await close().catch(() => {});
      throw error;
    }
    try {
      await this.#report(receipt);
    } finally {
      await close();
    }
    return receipt;
  }

  async #open(): Promise<DrainPosition | undefined> {
    const { calls } = this.#settings;
    const { signal } = calls;
    try {
      const { fence, position } = await calls.call('open', () =>
        this.#destination.open(this.#job, { signal }),
      );
      this.#fence = fence;
      if (position) this.#earlier = { ...position.totals, resumed: position.totals.resumed + 1 };
      this.#totals = this.#earlier;
      return position;
    } catch (error) {
      calls.undoOpening(() => this.#destination.close());
      throw error;
    }
  }

  /** Writes what is missing, and publishes. */
  async #fill(saved: DrainPosition | undefined): Promise<Receipt> {
    const { calls } = this.#settings;
    const from = saved && this.#read(saved.cursor);
    calls.cursor = from;
    const isPublishing = await this.#openFailures(saved);
    this.#isOwned = true;
    const limited = isPublishing ? 'limit' : undefined;
    const reason = from?.exhausted ? 'exhausted' : (limited ?? (await this.#write(from)));
    const end: DrainEnd = { reason, fence: this.#fence, totals: this.#totals };
    await this.#publishFailures(end, isPublishing);
    return this.#receipt(reason, await calls.call('publish', () => this.#destination.finish(end)));
  }

  /** Whether the failed items were about to be published, or were published, when the last run ended. */
  async #openFailures(saved: DrainPosition | undefined): Promise<boolean> {
    const { failures } = this.#settings;
    const kept = saved?.failures;
    const start = () => ({ cursor: this.#walk(undefined).cursor, totals: this.#totals });
    if (failures) await failures.open(this.#job, saved ?? start());
    else if (kept) {
      throw new PageturnError(
        'ERR_CURSOR_MISMATCH',
        `cannot resume the unfinished run into ${this.#destination.target}: its failed items are in ${kept.target}; pass that as failed, or discard it to start over`,
      );
    }
    return kept?.isPublishing ?? false;
  }

  /** Before the rows: a process that dies in between finds in the position how far it was. */
  async #publishFailures(end: DrainEnd, isPublishing: boolean): Promise<void> {
    const { failures, calls } = this.#settings;
    const { cursor } = calls;
    if (!failures || !cursor) return;
    if (!isPublishing) {
      const position = { fence: this.#fence, cursor, totals: this.#totals };
      await failures.write([], position);
      const kept = { ...failures.kept([]), isPublishing: true as const };
      const marked = { ...position, failures: kept, ...DURABLE };
      await calls.call('write to', () => this.#destination.write([], marked));
    }
    await failures.finish(end);
  }

  #read(saved: unknown): Cursor {
    const where = `the unfinished run into ${this.#destination.target}`;
    const { exhausted, ...cursor } = saved as Cursor;
    const { query } = this.#plan.source;
    const options = { query, chain: this.#chain, where, startOver: 'discard it to start over' };
    return { ...readSavedCursor(cursor, options), ...(exhausted && { exhausted }) };
  }

  async #write(saved: Cursor | undefined): Promise<'exhausted' | 'limit'> {
    const { query } = this.#plan.source;
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
    const { batch: size, everyMs: maxWaitMs, calls, failures } = this.#settings;
    const { source } = this.#plan;
    const failed = () => failures?.pending ?? 0;
    const plan: Plan = this.#canStartOver
      ? { ...this.#plan, source: { ...source, onTokenRejected: 'fail' } }
      : this.#plan;
    const batches = withStage(plan, {
      kind: 'async',
      name: undefined,
      start: (upstream, context) =>
        new BatchStage<T>(upstream, { size, maxWaitMs, failed, deliversPositions: true, ...context }),
    });
    const onFailure = failures && ((failure: HandedFailure) => failures.add(failure));
    return new Traversal<T[]>(batches, { from, signals: [calls.signal], onFailure });
  }

  async #writeAll(walk: Traversal<T[]>): Promise<'exhausted' | 'limit'> {
    for await (const rows of walk) await this.#writeRows(walk, rows, walk.cursorAfter);
    await this.#writeRows(walk, [], walk.cursor);
    return walk.end?.reason === 'limit' ? 'limit' : 'exhausted';
  }

  async #writeRows(walk: Traversal<T[]>, rows: readonly T[], cursor: Cursor): Promise<void> {
    const { onProgress } = this.#settings;
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
    const { calls, failures } = this.#settings;
    const failed = failures?.take(cursor) ?? [];
    const position = { fence: this.#fence, cursor, totals };
    const kept = failures && { failures: failures.kept(failed), ...(failed.length > 0 && DURABLE) };
    await calls.call('write to', () => this.#destination.write(rows, { ...position, ...kept }));
    calls.cursor = cursor;
    this.#totals = totals;
    if (failed.length > 0) await failures?.write(failed, position);
  }

  /** Keeps what a failed traversal has done, for the receipt of a later run, and the items it failed on before. */
  async #save(walk: Traversal<T[]>): Promise<void> {
    const { calls, failures } = this.#settings;
    const { written, items } = this.#totals;
    const before = calls.cursor ?? walk.cursor;
    const cursor = failures?.hasBefore(walk.cursor) ? walk.cursor : before;
    const done = addTraversal(this.#earlier, walk, { written: 0, failed: allFailedBefore(cursor) });
    await this.#keep([], cursor, { ...done, written, items: cursor === before ? items : done.items });
  }

  /** Takes back what was written; what the work cost still counts. */
  async #startOver(walk: Traversal<T[]>): Promise<void> {
    const done = addTraversal(this.#earlier, walk, { written: 0, failed: 0 });
    const totals = { ...done, items: 0, written: 0, restarts: done.restarts + 1 };
    const { calls, failures } = this.#settings;
    const { cursor } = this.#walk(undefined);
    const position = { fence: this.#fence, cursor, totals };
    const kept = failures && { failures: failures.kept([]) };
    await calls.call('start over in', async () => this.#destination.startOver?.({ ...position, ...kept }));
    await failures?.startOver(position);
    calls.cursor = cursor;
    this.#earlier = totals;
    this.#totals = totals;
  }

  #receipt(end: Receipt['end'], published: Published): Receipt {
    return {
      query: this.#plan.source.query,
      ...this.#totals,
      endedAt: this.#now(),
      end,
      complete: end === 'exhausted',
      target: this.#destination.target,
      ...published,
    };
  }

  async #report(receipt: Receipt): Promise<void> {
    try {
      await this.#settings.receipt?.(receipt);
    } catch (error) {
      throw callbackError(error, 'receipt');
    }
  }

  get #job(): Job {
    return { query: this.#plan.source.query, chain: this.#chain };
  }

  get #canStartOver(): boolean {
    const { failures } = this.#settings;
    return this.#destination.startOver !== undefined && (failures?.canStartOver ?? true);
  }

  #now(): string {
    return (this.#settings.now?.() ?? new Date()).toISOString();
  }
}

function isTokenRejected(error: unknown): boolean {
  return error instanceof PageturnError && error.code === 'ERR_TOKEN_REJECTED';
}

function isFenced(error: unknown): boolean {
  return error instanceof PageturnError && error.code === 'ERR_DESTINATION_FENCED';
}
