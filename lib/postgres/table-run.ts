import type { DrainEnd, DrainPosition, Published } from '../core/destination.js';
import { PageturnError } from '../core/errors.js';
import { findRefusedRow } from './find-refused-row.js';
import type { OpenTable, TableSettings } from './open-table.js';
import { type PostgresClient, rowsOf } from './pool.js';
import { fenced, type OpenedPosition, positionText, readPositionState } from './position-table.js';
import { countOfJob, markOf, removeUnseen } from './remove-unseen.js';
import { RowEncoder } from './row-encoder.js';
import type { Session } from './session.js';
import { isAboutRows, sqlStateOf } from './sql-state.js';
import { finishStatement, startOverStatement, writeStatement } from './statements.js';
import { quotedTable } from './table-name.js';
import { inTransaction } from './with-client.js';

interface RunSettings extends Omit<TableSettings, 'table'> {
  readonly target: string;
  readonly chain: readonly string[];
  readonly table: OpenTable;
  readonly opened: OpenedPosition;
  /** The name under which its end is kept with the position; otherwise the position is forgotten. */
  readonly finishedAs: string | undefined;
}

/** One run into a table, from its opening on. */
export class TableRun {
  readonly fence: number;
  readonly #session: Session;
  readonly #settings: RunSettings;
  readonly #encoder: RowEncoder;
  readonly #statement: string;
  /** How many changes the position has had. */
  #writes: number;
  #run: number;

  constructor(session: Session, settings: RunSettings) {
    const { opened, target, table } = settings;
    this.#session = session;
    this.#settings = settings;
    this.fence = opened.fence;
    this.#writes = opened.writes;
    this.#run = opened.run;
    this.#encoder = new RowEncoder(target, table.columns);
    this.#statement = writeStatement(table);
  }

  async write(rows: readonly unknown[], position: DrainPosition): Promise<void> {
    const firstNumber = position.totals.written - rows.length + 1;
    const encoded = this.#encoder.encode(rows, firstNumber);
    const values = [...this.#owner(), positionText(position), `[${encoded.join(',')}]`, ...this.#marks()];
    try {
      await this.#change('write to', async (client) => {
        const answer = await rowsOf(client, this.#statement, values);
        return answer[0]?.['kept'] === '1';
      });
    } catch (error) {
      throw (await this.#refusal(error, encoded, firstNumber)) ?? error;
    }
  }

  async startOver(position: DrainPosition): Promise<void> {
    const { table, mark, job } = this.#settings;
    const [rowsBefore, more] =
      mark === undefined ? ['null', []] : countOfJob({ table: table.table, column: mark, job }, 7);
    const statement = startOverStatement(table.positions, rowsBefore);
    const values = [...this.#owner(), positionText(position), mark ?? null, ...more];
    await this.#change('start over in', async (client) => {
      const rows = await rowsOf(client, statement, values);
      return rows.length === 1;
    });
    this.#run = await this.#readRun();
  }

  /** Forgets the position, unless its run has a name, and, where that is asked for, removes the rows that were not seen. */
  async finish(end: DrainEnd): Promise<Published> {
    const { table, finishedAs } = this.#settings;
    const { positions } = table;
    let removed: number | PageturnError | undefined;
    await this.#change(
      'finish',
      (client) =>
        inTransaction(client, async () => {
          const rows = await rowsOf(client, finishStatement(positions), [
            ...this.#owner(),
            finishedAs ?? null,
          ]);
          if (rows.length === 0) return false;
          removed = await this.#removeUnseen(client, end);
          return true;
        }),
      FINISH_TIMEOUT_MS,
    );
    if (removed instanceof PageturnError) throw removed;
    return removed === undefined ? {} : { removed };
  }

  /**
   * Makes a change that counts itself in the position. If it says that it found another position, the last attempt may
   * have had its effect without an answer, or another run has taken over.
   */
  async #change(
    what: string,
    change: (client: PostgresClient) => Promise<boolean>,
    timeoutMs?: number,
  ): Promise<void> {
    const { table, target } = this.#settings;
    const run = async (client: PostgresClient) => {
      if (await change(client)) return;
      const state = await readPositionState(client, table.positions, table.positionKey);
      if (state?.fence !== this.fence || state.writes !== this.#writes + 1) throw fenced(target);
    };
    await this.#session.run({ what, run, ...(timeoutMs !== undefined && { timeoutMs }) });
    this.#writes++;
  }

  async #removeUnseen(client: PostgresClient, end: DrainEnd): Promise<number | PageturnError | undefined> {
    const { table, mark: column, job, target, allowRemovals, chain } = this.#settings;
    if (column === undefined || !isWhole(end, chain)) return undefined;
    const rows = await rowsOf(
      client,
      `select rows_before::text as before from ${quotedTable(table.positions)}
where target = $1::text and job = $2::text and marked_in = $3::text`,
      [...table.positionKey, column],
    );
    // A part of the run has not marked its rows.
    if (rows.length === 0) return undefined;
    const rowsBefore = Number(rows[0]?.['before']);
    const mark = markOf(job, this.#run);
    return removeUnseen(client, { table: table.table, column, job, mark, rowsBefore, allowRemovals, target });
  }

  async #refusal(
    error: unknown,
    rows: readonly string[],
    firstNumber: number,
  ): Promise<PageturnError | undefined> {
    const state = sqlStateOf((error as PageturnError).cause);
    if (state === undefined || !isAboutRows(state) || rows.length === 0) return undefined;
    const { table, target } = this.#settings;
    const [markValue] = this.#marks();
    const refused = { ...table, tableOid: table.oid, target, rows, firstNumber, markValue };
    return this.#session
      .run({ what: 'write to', run: (client) => findRefusedRow(client, refused) })
      .catch(() => undefined);
  }

  async #readRun(): Promise<number> {
    const { table } = this.#settings;
    const run = async (client: PostgresClient) => {
      const rows = await rowsOf(
        client,
        `select run::text from ${quotedTable(table.positions)} where target = $1::text and job = $2::text`,
        [...table.positionKey],
      );
      return Number(rows[0]?.['run']);
    };
    return this.#session.run({ what: 'start over in', run });
  }

  #owner(): [string, string, string, string] {
    return [...this.#settings.table.positionKey, String(this.fence), String(this.#writes)];
  }

  #marks(): string[] {
    const { mark, job } = this.#settings;
    return mark === undefined ? [] : [markOf(job, this.#run)];
  }
}

/** A removal looks at every row, and a delete may cascade: as long as throttles are waited for. */
const FINISH_TIMEOUT_MS = 15 * 60_000;

/** The operators that let every item through; a take that was not reached has done so. */
const WHOLE: ReadonlySet<string> = new Set(['map', 'mapAsync', 'take']);

/** Whether the rows are everything that the service has. */
function isWhole({ reason, totals }: DrainEnd, chain: readonly string[]): boolean {
  const isUnfiltered = chain.every((name) => WHOLE.has(name)) && totals.written === totals.items;
  return reason === 'exhausted' && isUnfiltered;
}
