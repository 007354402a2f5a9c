import { callbackError } from '../../core/callback-error.js';
import type { Cursor } from '../../core/cursor.js';
import type {
  Destination,
  DrainEnd,
  DrainPosition,
  DrainTotals,
  Job,
  Lease,
  Published,
} from '../../core/destination.js';
import { isPageturnError, PageturnError } from '../../core/errors.js';
import type { FailedItem } from '../../core/failed-item.js';
import type { Receipt } from '../../core/receipt.js';
import { chainOf, ofJob, type Plan } from '../plan.js';
import { readSavedCursor } from '../traversal/read-saved-cursor.js';
import { DestinationCalls } from './destination-calls.js';
import { newTotals } from './drain-totals.js';
import { FailureDrain } from './failure-drain.js';
import { RowDrain } from './row-drain.js';

/** Options of `Listing.drainTo`. */
export interface DrainOptions {
  /** The most rows in one write. Default 1,000. */
  readonly batch?: number | undefined;
  /**
   * The longest a row waits for others to be written with it, and a position after items that become no rows for one, in
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
  /**
   * The lease that lets this process run the job, where several may try: `postgres` and `dynamodb` refuse a run with an
   * older one (ERR_DESTINATION_FENCED).
   */
  readonly lease?: Lease | undefined;
}

interface DrainSettings extends Pick<DrainOptions, 'onProgress' | 'receipt' | 'failed' | 'lease'> {
  readonly batch: number;
  readonly everyMs: number;
  readonly signals: readonly AbortSignal[];
}

/** Writes a listing into a destination, from where its last run left off. */
export async function drain<T>(
  plan: Plan,
  destination: Destination<T>,
  settings: DrainSettings,
): Promise<Receipt> {
  const { signals, failed, lease } = settings;
  const { clock } = plan.source;
  const calls = new DestinationCalls({ target: destination.target, signals, clock });
  const failures = failed && new FailureDrain(failed, { signals, clock, lease });
  try {
    calls.signal.throwIfAborted();
    return await new Drain(plan, destination, { ...settings, calls, failures }).run();
  } finally {
    calls.end();
    failures?.end();
  }
}

interface OpenDrainSettings extends DrainSettings {
  readonly calls: DestinationCalls;
  readonly failures: FailureDrain | undefined;
}

/** What a run has once its destination is open. */
interface OpenRun<T> {
  readonly fence: number;
  /** Where the last run left off. */
  readonly saved: DrainPosition | undefined;
  readonly rows: RowDrain<T>;
}

class Drain<T> {
  readonly #plan: Plan;
  readonly #chain: readonly string[];
  readonly #destination: Destination<T>;
  readonly #settings: OpenDrainSettings;
  /** Whether the target is this run's: otherwise it has no receipt to give. */
  #isOwned = false;

  constructor(plan: Plan, destination: Destination<T>, settings: OpenDrainSettings) {
    this.#plan = ofJob(plan);
    this.#chain = chainOf(plan);
    this.#destination = destination;
    this.#settings = settings;
  }

  async run(): Promise<Receipt> {
    const { calls, failures } = this.#settings;
    const run = await this.#open();
    const close = async () => {
      try {
        await failures?.close();
      } finally {
        await calls.close(() => this.#destination.close());
      }
    };
    let receipt: Receipt;
    try {
      receipt = await this.#fill(run);
    } catch (error) {
      // The error that ended the drain is the one to throw.
      const end = calls.signal.aborted ? 'aborted' : 'failed';
      if (this.#isOwned && !isFenced(error)) {
        await this.#report(this.#receipt(end, run.rows.totals, {})).catch(() => {});
      }
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

  async #open(): Promise<OpenRun<T>> {
    const { calls, failures, batch, everyMs, onProgress, lease } = this.#settings;
    const none = newTotals(timeOfDay());
    try {
      const { fence, position: saved } = await calls.open(this.#destination, this.#job, lease);
      const earlier = saved ? { ...saved.totals, resumed: saved.totals.resumed + 1 } : none;
      const [plan, destination] = [this.#plan, this.#destination];
      const options = { plan, destination, calls, failures, fence, batch, everyMs, onProgress };
      return { fence, saved, rows: new RowDrain(options, earlier) };
    } catch (error) {
      calls.undoOpening(() => this.#destination.close());
      throw error;
    }
  }

  /** Writes what is missing, and publishes. */
  async #fill(run: OpenRun<T>): Promise<Receipt> {
    const { calls } = this.#settings;
    const { fence, saved, rows } = run;
    const from = saved && this.#read(saved.cursor);
    calls.cursor = from;
    const isPublishing = await this.#openFailures(run);
    this.#isOwned = true;
    if (saved) await rows.resume(saved);
    const limited = isPublishing ? 'limit' : undefined;
    const reason = from?.exhausted ? 'exhausted' : (limited ?? (await rows.write(from)));
    const end: DrainEnd = { reason, fence, totals: rows.totals };
    await this.#publishFailures(end, isPublishing);
    const published = await calls.call('publish', () => this.#destination.finish(end));
    const missing = rows.shortfall?.message;
    return { ...this.#receipt(reason, rows.totals, published), ...(missing !== undefined && { missing }) };
  }

  /** Whether the failed items were about to be published, or were published, when the last run ended. */
  async #openFailures({ saved, rows }: OpenRun<T>): Promise<boolean> {
    const { failures } = this.#settings;
    const kept = saved?.failures;
    if (failures) await failures.open(this.#job, saved ?? { cursor: rows.start, totals: rows.totals });
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
      const position = { fence: end.fence, cursor, totals: end.totals };
      await failures.write([], position);
      const kept = { ...failures.kept([]), isPublishing: true as const };
      const marked = { ...position, failures: kept, isDurable: true as const };
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

  #receipt(end: Receipt['end'], totals: DrainTotals, published: Published): Receipt {
    return {
      query: this.#plan.source.query,
      ...totals,
      endedAt: timeOfDay(),
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
}

/** In ISO 8601, for the receipt. */
function timeOfDay(): string {
  return new Date().toISOString();
}

function isFenced(error: unknown): boolean {
  return isPageturnError(error) && error.code === 'ERR_DESTINATION_FENCED';
}
