import { assertKnownOptions } from '../core/assert-known-options.js';
import type {
  Destination,
  DrainEnd,
  DrainPosition,
  Job,
  OpenedDestination,
  Published,
  RunOptions,
} from '../core/destination.js';
import { fieldsOf } from '../core/error-fields.js';
import { PageturnError } from '../core/errors.js';
import { fencedError } from '../core/fenced-error.js';
import type { Item } from './attribute-value.js';
import { describeTableError, flawIn, rowFlawOf } from './describe-table-error.js';
import { type KeyNames, readKeyNames } from './key-names.js';
import { PositionItem } from './position-item.js';
import { type PositionPlace, readPositionPlace } from './position-place.js';
import { type RowItem, refusedRow, rowItems } from './row-items.js';
import { type AnyDynamoDBClient, TableRequests, type TableSendOptions } from './table-requests.js';
import { cancellationOf, lacksTransactions } from './transaction-error.js';
import { BATCHES, TRANSACTIONS, writeItems } from './write-items.js';

/** Options of `dynamodb`. */
export interface DynamoDBOptions extends TableSendOptions {
  /** A `DynamoDBClient` or a `DynamoDBDocumentClient`. */
  readonly client: AnyDynamoDBClient;
  /** The name of the table. It must exist. */
  readonly table: string;
  /** The name of its partition key, or a list of that and of its sort key: members of every row. */
  readonly key: string | readonly [string, string];
  /**
   * Where the position of an unfinished drain is kept. Default: in the table itself, as an item whose key attributes are all
   * `pageturn:position`. Pass the key of another item if several jobs fill one table or if its key attributes are not
   * strings, and another table to keep it apart from the rows.
   */
  readonly position?: PositionPlace | undefined;
}

/**
 * A DynamoDB table as a destination for `Listing.drainTo`. A row replaces the one with its key; one that is no longer listed
 * stays. Rows are written in batches, and what the table is too slow for is sent again, as a listing does, for up to
 * 15 minutes. The position is kept after them, so a killed run repeats the last write: at least once, by key. A run that
 * another one has replaced is refused before it writes rows.
 *
 * Dates become ISO 8601, members that are undefined are left out, and NaN and invalid dates are NULL. A drain rejects with
 * ERR_DESTINATION_FAILED for a row without its key or larger than 400 KB, and names it by its number.
 *
 * @example
 * const receipt = await users.drainTo(dynamodb({ client, table: 'users', key: 'Id' }));
 */
export function dynamodb<T>(options: DynamoDBOptions): Destination<T> {
  assertKnownOptions('options of dynamodb', options, KNOWN_OPTIONS);
  const { client, table, key, position, retry, pace, clock } = options;
  const send = { retry, pace, clock };
  const rows = new TableRequests(client, table, send);
  const names = readKeyNames(key, 'key');
  const place = readPositionPlace(position, { table: rows.table, names });
  const requests = place.table === rows.table ? rows : new TableRequests(client, place.table, send);
  return new TableDestination<T>(rows, names, { requests, key: place.key });
}

const KNOWN_OPTIONS = ['client', 'table', 'key', 'position', 'retry', 'pace', 'clock'];

interface OpenTable {
  readonly fence: number;
  readonly position: PositionItem;
  readonly signal: AbortSignal;
  /** Whether there is something to resume. */
  isBegun: boolean;
}

class TableDestination<T> implements Destination<T> {
  readonly promises = 'at-least-once-by-key';
  readonly target: string;
  readonly #rows: TableRequests;
  readonly #key: KeyNames;
  readonly #place: { readonly requests: TableRequests; readonly key: Item };
  #open: OpenTable | undefined;
  /** Until an emulator says that it has none. */
  #hasTransactions = true;

  constructor(rows: TableRequests, key: KeyNames, place: { requests: TableRequests; key: Item }) {
    this.target = `dynamodb://${rows.table}`;
    this.#rows = rows;
    this.#key = key;
    this.#place = place;
  }

  async open(_job: Job, { signal, lease }: RunOptions): Promise<OpenedDestination> {
    const position = new PositionItem({ ...this.#place, target: this.target, lease, now: Date.now });
    const claim = await this.#described('open', () => position.claim(signal));
    this.#open = { fence: claim.fence, position, signal, isBegun: claim.position !== undefined };
    return claim;
  }

  async write(rows: readonly T[], position: DrainPosition): Promise<void> {
    const open = this.#opened(position);
    const items = rowItems(rows, {
      first: position.totals.written - rows.length + 1,
      key: this.#key,
      target: this.target,
      reserved: this.#place.requests === this.#rows ? this.#place.key : undefined,
    });
    await this.#described('write to', async () => {
      if (items.length > 0) await this.#putAll(items, open);
      await open.position.save(position, open.signal);
    });
    open.isBegun = true;
  }

  /** The rows stay: they are replaced by key. */
  async startOver(position: DrainPosition): Promise<void> {
    const open = this.#opened(position);
    await this.#described('start over in', () => open.position.save(position, open.signal));
  }

  async finish(end: DrainEnd): Promise<Published> {
    const open = this.#opened(end);
    await this.#described('finish', () => open.position.finish(open.signal));
    this.#open = undefined;
    return {};
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    if (!open || open.isBegun || open.position.isLeased) return;
    // Another run may own the item by now.
    await this.#described('close', () => open.position.remove()).catch((error: unknown) => {
      if (!(error instanceof PageturnError && error.code === 'ERR_DESTINATION_FENCED')) throw error;
    });
  }

  async #putAll(items: readonly RowItem[], { position, signal }: OpenTable): Promise<void> {
    if (position.isLeased && this.#hasTransactions) {
      // A request that is still in progress when another run takes over has no effect.
      const write = (batch: readonly RowItem[], its: AbortSignal) =>
        this.#put(batch, (rows) => this.#rows.putWhile(position.ownedCheck, rows, { signal: its }));
      try {
        return await writeItems(items, { write, signal, limits: TRANSACTIONS });
      } catch (error) {
        if (!lacksTransactions(error)) throw error;
        this.#hasTransactions = false;
      }
    }
    await position.assertOwned(signal);
    const write = async (batch: readonly RowItem[], its: AbortSignal, nth: number) => {
      // A process that was stopped amid a write has lost its lease by the time it wakes.
      if (position.isLeased && nth > 0) await position.assertOwned(its);
      await this.#put(batch, (rows) => this.#rows.put(rows, { signal: its }));
    };
    await writeItems(items, { write, signal, limits: BATCHES });
  }

  /** A batch with one row that is refused is refused as a whole: if the answer does not name it, each row is sent by itself. */
  async #put(batch: readonly RowItem[], send: (items: readonly Item[]) => Promise<void>): Promise<void> {
    try {
      await send(batch.map(({ item }) => item));
    } catch (error) {
      const { cause } = fieldsOf(error);
      const { nth = 0, code, message = '' } = cancellationOf(cause) ?? {};
      if (code === 'ConditionalCheckFailed') throw fencedError(this.target);
      // The first action of a transaction is its condition.
      const row = code === 'ValidationError' ? batch[nth - 1] : undefined;
      if (row) throw refusedRow(row.number, this.target, flawIn(message), cause);
      const flaw = rowFlawOf(error);
      const [first] = batch;
      if (flaw === undefined || !first) throw error;
      if (batch.length === 1) throw refusedRow(first.number, this.target, flaw, cause);
      for (const one of batch) await this.#put([one], send);
    }
  }

  #opened({ fence }: Pick<DrainPosition, 'fence'>): OpenTable {
    if (this.#open?.fence === fence) return this.#open;
    throw fencedError(this.target);
  }

  /** Turns the errors of requests into those of the destination. */
  async #described<R>(what: string, work: () => Promise<R>): Promise<R> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PageturnError) || error.code.startsWith('ERR_DESTINATION')) throw error;
      const { cause, attempts } = error;
      const message = `cannot ${what} ${this.target}: ${describeTableError(error, this.#key)}`;
      throw new PageturnError('ERR_DESTINATION_FAILED', message, { cause, attempts });
    }
  }
}
