import { assertBoolean } from '../core/assert-boolean.js';
import { assertKnownOptions } from '../core/assert-known-options.js';
import { type Clock, systemClock } from '../core/clock.js';
import type {
  Destination,
  DrainEnd,
  DrainPosition,
  Job,
  OpenedDestination,
  Published,
  RunOptions,
} from '../core/destination.js';
import { invalidArgument } from '../core/errors.js';
import { fencedError } from '../core/fenced-error.js';
import { openTable, type TableSettings } from './open-table.js';
import type { PostgresPool } from './pool.js';
import { type PostgresColumns, readColumns, readKey } from './read-columns.js';
import { type RemoveUnseen, readRemoveUnseen } from './remove-unseen.js';
import { Session } from './session.js';
import { readTableName, shownTable, type TableName } from './table-name.js';
import { TableRun } from './table-run.js';

export type { PostgresColumns } from './read-columns.js';

/** Options of `postgres`. */
export interface PostgresOptions<T> {
  /** Where connections come from, such as `new Pool()` of `pg`. It stays open. */
  readonly pool: PostgresPool;
  /** The table to write to: `users`, `crm.users`, or `{ schema, name }`. Upper case counts. */
  readonly table: TableName;
  /** The columns to write, and what each gets from a row. */
  readonly columns: PostgresColumns<T>;
  /** The columns with a unique constraint that identify a row. */
  readonly key: string | readonly string[];
  /**
   * The name of the job, for a table that several listings are drained into: each has its own position, and removes only
   * its own rows. Default: the table has one job.
   */
  readonly job?: string | undefined;
  /** Removes the rows that a run did not see, if it was exhausted and had no filter. Default: no row is removed. */
  readonly removeUnseen?: RemoveUnseen | undefined;
  /** Whether `removeUnseen` may remove more than a fifth of the rows. Default false. */
  readonly allowRemovals?: boolean | undefined;
  /** The table of positions, created if it is missing. Default: `pageturn_positions` in the schema of the table. */
  readonly positions?: TableName | undefined;
  /** The clock for every wait, for tests. */
  readonly clock?: Clock | undefined;
}

/**
 * A table of PostgreSQL (12 or later), as a destination for `Listing.drainTo`. Rows are upserted by their key, in one
 * transaction with the position: run the same drain again to resume one that was killed, and each row has been written
 * once. What is wrong with the table is an error before anything is listed.
 *
 * A drain rejects with ERR_DESTINATION_FAILED if the table does not fit, if it refuses a row (the message names its number
 * and column), or if the database is away for longer than half a minute; and with ERR_DESTINATION_FENCED if another run
 * has opened the table since.
 *
 * @example
 * const table = postgres<UserSummary>({
 *   pool,
 *   table: 'users',
 *   columns: { id: 'Id', name: 'Username', changed: 'LastModifiedTime' },
 *   key: 'id',
 * });
 * const receipt = await users.drainTo(table);
 */
export function postgres<T>(options: PostgresOptions<T>): Destination<T> {
  assertKnownOptions('options of postgres', options, KNOWN_OPTIONS);
  const { pool, job = '', allowRemovals = false, clock = systemClock } = options;
  if (typeof pool?.connect !== 'function') throw invalidArgument('pool', 'a Pool of pg', pool);
  if (typeof job !== 'string' || job.includes('\0')) throw invalidArgument('job', 'a name', job);
  assertBoolean('allowRemovals', allowRemovals);
  const columns = readColumns(options.columns);
  return new PostgresDestination<T>(pool, clock, {
    table: readTableName('table', options.table),
    positions: options.positions === undefined ? undefined : readTableName('positions', options.positions),
    columns,
    key: readKey(options.key, columns),
    job,
    mark: readRemoveUnseen(options.removeUnseen, columns),
    allowRemovals,
  });
}

const KNOWN_OPTIONS = [
  'pool',
  'table',
  'columns',
  'key',
  'job',
  'removeUnseen',
  'allowRemovals',
  'positions',
  'clock',
];

class PostgresDestination<T> implements Destination<T> {
  readonly promises = 'exactly-once';
  readonly target: string;
  readonly #pool: PostgresPool;
  readonly #clock: Clock;
  readonly #settings: TableSettings;
  #session: Session | undefined;
  #run: TableRun | undefined;

  constructor(pool: PostgresPool, clock: Clock, settings: TableSettings) {
    this.#pool = pool;
    this.#clock = clock;
    this.#settings = settings;
    this.target = `table ${shownTable(settings.table)}`;
  }

  async open(job: Job, { signal, lease }: RunOptions): Promise<OpenedDestination> {
    const { target } = this;
    const session = new Session(this.#pool, { target, clock: this.#clock, signal });
    try {
      const { table, opened } = await session.run({
        what: 'open',
        run: (client) => openTable(client, this.#settings, { target, lease }),
      });
      this.#session = session;
      const run = { chain: job.chain, finishedAs: lease?.run, table, opened };
      this.#run = new TableRun(session, { ...this.#settings, target, ...run });
      return { fence: opened.fence, position: opened.position };
    } catch (error) {
      session.end();
      throw error;
    }
  }

  async write(rows: readonly T[], position: DrainPosition): Promise<void> {
    await this.#opened(position).write(rows, position);
  }

  async startOver(position: DrainPosition): Promise<void> {
    await this.#opened(position).startOver(position);
  }

  async finish(end: DrainEnd): Promise<Published> {
    return this.#opened(end).finish(end);
  }

  async close(): Promise<void> {
    this.#session?.end();
    this.#session = undefined;
    this.#run = undefined;
  }

  #opened({ fence }: Pick<DrainPosition, 'fence'>): TableRun {
    if (this.#run?.fence === fence) return this.#run;
    throw fencedError(this.target);
  }
}
