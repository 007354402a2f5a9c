import type { Clock } from '../../core/clock.js';
import type { Cursor } from '../../core/cursor.js';
import type {
  Destination,
  DrainEnd,
  DrainPosition,
  Job,
  KeptFailures,
  Lease,
} from '../../core/destination.js';
import { PageturnError } from '../../core/errors.js';
import type { FailedItem } from '../../core/failed-item.js';
import { toTypedJson } from '../../core/typed-json.js';
import type { HandedFailure } from '../operators/failure-handover.js';
import { failedBefore } from '../operators/tolerance.js';
import { DestinationCalls } from './destination-calls.js';

interface FailureDrainOptions {
  readonly signals: readonly AbortSignal[];
  readonly clock: Clock;
  readonly lease: Lease | undefined;
}

/** A position of the rows, whatever their fence. */
type RowsPosition = Omit<DrainPosition, 'fence'>;

/** A failed item that is not written yet. */
interface PendingFailure extends Omit<HandedFailure, 'failed'> {
  /** As it was when it failed. */
  readonly text: string;
}

/**
 * The failed items of a drain on their way to their own destination. The position of the rows has those that came
 * with it, and is written first: if the process dies before they are written here, the next run finds them there. So
 * none is lost or repeated, although two destinations have no transaction in common.
 */
export class FailureDrain {
  readonly #destination: Destination<FailedItem<unknown>>;
  readonly #calls: DestinationCalls;
  readonly #lease: Lease | undefined;
  #pending: readonly PendingFailure[] = [];
  #fence = 0;
  #isOpen = false;
  /** Whether an earlier run has published them. */
  #isPublished = false;

  constructor(destination: Destination<FailedItem<unknown>>, { signals, clock, lease }: FailureDrainOptions) {
    this.#destination = destination;
    this.#lease = lease;
    this.#calls = new DestinationCalls({ target: destination.target, signals, clock });
  }

  get pending(): number {
    return this.#pending.length;
  }

  get canStartOver(): boolean {
    return this.#destination.startOver !== undefined;
  }

  /** Opens the destination and brings it to where the rows are. */
  async open(job: Job, rows: RowsPosition): Promise<void> {
    this.#calls.cursor = rows.cursor;
    const { fence, position } = await this.#calls
      .open(this.#destination, job, this.#lease)
      .catch((error: unknown) => {
        this.#calls.undoOpening(() => this.#destination.close());
        throw error;
      });
    this.#isOpen = true;
    this.#fence = fence;
    await this.#align(rows, position);
  }

  add({ operator, nth, failed }: HandedFailure): void {
    let text: string;
    try {
      text = textOf(failed);
    } catch (cause) {
      throw new PageturnError(
        'ERR_DESTINATION_FAILED',
        `a failed item cannot be written to ${this.#destination.target}: it is not plain data; map it before mapAsync`,
        { cause },
      );
    }
    this.#pending = [...this.#pending, { operator, nth, text }];
  }

  /** Whether some that are not written lie before a cursor. */
  hasBefore(cursor: Cursor): boolean {
    return this.#pending.some((failure) => isBefore(failure, cursor));
  }

  /** Takes out those before a cursor. */
  take(cursor: Cursor): readonly string[] {
    const taken = this.#pending.filter((failure) => isBefore(failure, cursor));
    this.#pending = this.#pending.filter((failure) => !isBefore(failure, cursor));
    return taken.map(({ text }) => text);
  }

  /** What the position of the rows says about them. */
  kept(last: readonly string[]): KeptFailures {
    return { target: this.#destination.target, last };
  }

  /** Writes failed items that the position of the rows has. */
  async write(last: readonly string[], rows: RowsPosition): Promise<void> {
    const failed = last.map((text) => JSON.parse(text) as FailedItem<unknown>);
    await this.#calls.call('write to', () => this.#destination.write(failed, this.#positionAt(rows)));
    this.#calls.cursor = rows.cursor;
  }

  async startOver(rows: RowsPosition): Promise<void> {
    this.#pending = [];
    const position = this.#positionAt(rows);
    await this.#calls.call('start over in', async () => this.#destination.startOver?.(position));
    this.#calls.cursor = rows.cursor;
  }

  async finish({ reason, totals }: DrainEnd): Promise<void> {
    if (this.#isPublished) return;
    const own = { ...totals, written: totals.failed };
    await this.#calls.call('publish', () =>
      this.#destination.finish({ reason, fence: this.#fence, totals: own }),
    );
  }

  async close(): Promise<void> {
    if (this.#isOpen) await this.#calls.close(() => this.#destination.close());
  }

  /** Removes the listeners and the timer. */
  end(): void {
    this.#calls.end();
  }

  async #align(rows: RowsPosition, own: DrainPosition | undefined): Promise<void> {
    const { failures: kept, totals } = rows;
    this.#isPublished = kept?.isPublishing === true && !own;
    if (this.#isPublished) return;
    if (!kept || totals.failed === 0) {
      // What is there belongs to another run, or this one has started over.
      if (own && own.totals.written + totals.failed > 0) await this.#discard(rows);
      else if (totals.failed > 0) await this.write([], rows);
      return;
    }
    if (kept.target !== this.#destination.target) {
      throw this.#mismatch(`its failed items are in ${kept.target}; pass that as failed`);
    }
    const written = own && own.totals.startedAt === totals.startedAt ? own.totals.written : 0;
    if (written === totals.failed) return;
    if (written !== totals.failed - kept.last.length) {
      throw this.#mismatch(
        `${this.#destination.target} has ${written} of its ${totals.failed} failed items; restore it`,
      );
    }
    await this.write(kept.last, rows);
  }

  async #discard(rows: RowsPosition): Promise<void> {
    if (!this.canStartOver) {
      throw this.#mismatch(`${this.#destination.target} has failed items of another one; discard those`);
    }
    await this.startOver(rows);
  }

  /** Its own fence, and its own count. The next position of the rows relies on it. */
  #positionAt({ cursor, totals }: RowsPosition): DrainPosition {
    return { fence: this.#fence, cursor, totals: { ...totals, written: totals.failed }, isDurable: true };
  }

  #mismatch(why: string): PageturnError {
    return new PageturnError(
      'ERR_CURSOR_MISMATCH',
      `cannot resume the unfinished run: ${why}, or discard both to start over`,
    );
  }
}

/** The record as plain JSON. */
function textOf(failed: FailedItem<unknown>): string {
  const { json, dates, typed } = toTypedJson(failed.item);
  const isPlain = dates.length + typed.length === 0;
  return JSON.stringify({ ...failed, item: json, ...(!isPlain && { types: { dates, typed } }) });
}

function isBefore({ operator, nth }: Omit<PendingFailure, 'text'>, cursor: Cursor): boolean {
  return nth <= failedBefore(cursor, operator);
}
