import { callbackError } from '../../core/callback-error.js';
import type { Cursor } from '../../core/cursor.js';
import type { Destination, DrainEnd, DrainTotals, Published } from '../../core/destination.js';
import { PageturnError } from '../../core/errors.js';
import { publish } from '../../core/events.js';
import type { Receipt } from '../../core/receipt.js';
import { BatchStage } from '../operators/batch-stage.js';
import { tokenRejectedAgain } from '../pages/restarts.js';
import { chainOf, ofJob, type Plan, withStage } from '../plan.js';
import { readSavedCursor } from '../traversal/saved-cursor.js';
import { Traversal } from '../traversal/traversal.js';
import { DestinationCalls } from './destination-calls.js';
import { addTraversal, newTotals } from './drain-totals.js';

export interface DrainOptions {
  /** The most rows in one write. Default 1,000. */
  readonly batch?: number | undefined;
  /** The longest a row waits for others to be written with it, in milliseconds. Default 5,000. */
  readonly everyMs?: number | undefined;
  /** Aborts the drain, which then throws the signal's reason; the next run resumes it. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each write, and awaited. */
  readonly onProgress?: ((totals: DrainTotals) => void | Promise<void>) | undefined;
  /** Called with the receipt, also of a drain that fails or is aborted, while the destination is still open, and awaited. */
  readonly receipt?: ((receipt: Receipt) => void | Promise<void>) | undefined;
}

interface DrainSettings extends Pick<DrainOptions, 'onProgress' | 'receipt'> {
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
  const { target } = destination;
  const calls = new DestinationCalls({ target, signals: settings.signals, clock: plan.source.clock });
  try {
    calls.signal.throwIfAborted();
    return await new Drain(plan, destination, { ...settings, calls }).run();
  } finally {
    calls.end();
  }
}

interface OpenDrainSettings extends DrainSettings {
  readonly calls: DestinationCalls;
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
    const { calls } = this.#settings;
    const from = await this.#open();
    const close = () => calls.close(() => this.#destination.close());
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

  async #open(): Promise<unknown> {
    const { calls } = this.#settings;
    const { signal } = calls;
    const job = { query: this.#plan.source.query, chain: this.#chain };
    try {
      const { fence, position } = await calls.call('open', () => this.#destination.open(job, { signal }));
      this.#fence = fence;
      if (position) this.#earlier = { ...position.totals, resumed: position.totals.resumed + 1 };
      this.#totals = this.#earlier;
      return position?.cursor;
    } catch (error) {
      calls.undoOpening(() => this.#destination.close());
      throw error;
    }
  }

  /** Writes what is missing, and publishes. */
  async #fill(saved: unknown): Promise<Receipt> {
    const { calls } = this.#settings;
    const from = saved === undefined ? undefined : this.#read(saved);
    calls.cursor = from;
    this.#isOwned = true;
    const reason = from?.exhausted ? 'exhausted' : await this.#write(from);
    const end: DrainEnd = { reason, fence: this.#fence, totals: this.#totals };
    return this.#receipt(reason, await calls.call('publish', () => this.#destination.finish(end)));
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
        if (!this.#destination.startOver || !isTokenRejected(error) || pages <= farthest) {
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
    const { batch: size, everyMs: maxWaitMs, calls } = this.#settings;
    const { source } = this.#plan;
    const plan: Plan = this.#destination.startOver
      ? { ...this.#plan, source: { ...source, onTokenRejected: 'fail' } }
      : this.#plan;
    const batches = withStage(plan, {
      kind: 'async',
      name: undefined,
      start: (upstream, context) => new BatchStage<T>(upstream, { size, maxWaitMs, ...context }),
    });
    return new Traversal<T[]>(batches, { from, signals: [calls.signal] });
  }

  async #writeAll(walk: Traversal<T[]>): Promise<'exhausted' | 'limit'> {
    for await (const rows of walk) await this.#writeRows(walk, rows, walk.cursorAfter);
    await this.#writeRows(walk, [], walk.cursor);
    return walk.end?.reason === 'limit' ? 'limit' : 'exhausted';
  }

  async #writeRows(walk: Traversal<T[]>, rows: readonly T[], cursor: Cursor): Promise<void> {
    const { calls, onProgress } = this.#settings;
    const written = this.#totals.written - this.#earlier.written + rows.length;
    const totals = addTraversal(this.#earlier, walk, written);
    const position = { fence: this.#fence, cursor, totals };
    await calls.call('write to', () => this.#destination.write(rows, position));
    calls.cursor = cursor;
    this.#totals = totals;
    try {
      await onProgress?.(totals);
    } catch (error) {
      throw callbackError(error, 'onProgress');
    }
  }

  /** Keeps what a failed traversal has done, for the receipt of a later run. */
  async #save(walk: Traversal<T[]>): Promise<void> {
    const cursor = this.#settings.calls.cursor ?? walk.cursor;
    const { written, items } = this.#totals;
    const totals = { ...addTraversal(this.#earlier, walk, 0), written, items };
    this.#totals = totals;
    await this.#settings.calls.call('write to', () =>
      this.#destination.write([], { fence: this.#fence, cursor, totals }),
    );
  }

  /** Takes back what was written; what the work cost still counts. */
  async #startOver(walk: Traversal<T[]>): Promise<void> {
    const done = addTraversal(this.#earlier, walk, 0);
    const totals = { ...done, items: 0, written: 0, restarts: done.restarts + 1 };
    const { calls } = this.#settings;
    const { cursor } = this.#walk(undefined);
    await calls.call('start over in', async () =>
      this.#destination.startOver?.({ fence: this.#fence, cursor, totals }),
    );
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
