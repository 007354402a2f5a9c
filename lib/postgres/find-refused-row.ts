import { PageturnError } from '../core/errors.js';
import { quoted } from '../core/quoted.js';
import { type PostgresClient, rowsOf } from './pool.js';
import { refusalOf, sqlStateOf } from './sql-state.js';
import { type StatementParts, upsertStatement } from './statements.js';

interface RefusedRows extends StatementParts {
  readonly target: string;
  readonly tableOid: string;
  /** The rows as JSON. */
  readonly rows: readonly string[];
  /** The number of the first of them within the drain. */
  readonly firstNumber: number;
  readonly markValue: string | undefined;
}

/**
 * Finds which row a refused write was refused for, in a transaction that is rolled back: the shortest beginning of the
 * batch that is refused ends with it. Undefined if all are accepted now.
 */
export async function findRefusedRow(
  client: PostgresClient,
  refused: RefusedRows,
): Promise<PageturnError | undefined> {
  const { rows, markValue, firstNumber } = refused;
  const statement = upsertStatement(refused);
  const marks = markValue === undefined ? [] : [markValue];
  await client.query('begin');
  try {
    await client.query('set constraints all immediate');
    const errorOf = (count: number) =>
      attempt(client, statement, [`[${rows.slice(0, count).join(',')}]`, ...marks]);
    let accepted = 0;
    let count = rows.length;
    let error = await errorOf(count);
    if (error === undefined) return undefined;
    while (count - accepted > 1) {
      const middle = Math.floor((accepted + count) / 2);
      const failure = await errorOf(middle);
      if (failure === undefined) accepted = middle;
      else [count, error] = [middle, failure];
    }
    const column = await columnOf(client, refused, rows[count - 1] as string, error);
    return describeRefusal(refused, firstNumber + count - 1, column, error);
  } finally {
    await client.query('rollback');
  }
}

/** Runs a statement without effect; resolves to its error. */
async function attempt(client: PostgresClient, text: string, values: string[]): Promise<unknown> {
  await client.query('savepoint attempt');
  try {
    await client.query(text, values);
    return undefined;
  } catch (error) {
    if (sqlStateOf(error) === undefined) throw error;
    return error;
  } finally {
    await client.query('rollback to savepoint attempt').catch(() => {});
  }
}

async function columnOf(
  client: PostgresClient,
  { columns, tableOid }: RefusedRows,
  row: string,
  error: unknown,
): Promise<string | undefined> {
  const { column, constraint } = error as { readonly column?: unknown; readonly constraint?: unknown };
  if (typeof column === 'string') return column;
  if (typeof constraint === 'string') return constrainedColumns(client, tableOid, constraint);
  for (const [index, { name, type }] of columns.entries()) {
    const text = `select c${index} from json_to_recordset($1::json) as (c${index} ${type})`;
    if (await attempt(client, text, [`[${row}]`])) return name;
  }
  return undefined;
}

async function constrainedColumns(
  client: PostgresClient,
  tableOid: string,
  constraint: string,
): Promise<string | undefined> {
  const rows = await rowsOf(
    client,
    `select a.attname::text as name
from pg_catalog.pg_constraint c join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = any (c.conkey)
where c.conrelid = $1::oid and c.conname = $2::text`,
    [tableOid, constraint],
  );
  return rows.length === 1 ? String(rows[0]?.['name']) : undefined;
}

function describeRefusal(
  { target, columns }: RefusedRows,
  number: number,
  column: string | undefined,
  error: unknown,
): PageturnError {
  const state = sqlStateOf(error) ?? '';
  const { constraint } = error as { readonly constraint?: unknown };
  const type = columns.find(({ name }) => name === column)?.type;
  const where = [
    column === undefined ? '' : ` in column ${quoted(column)}`,
    type === undefined ? '' : ` (${type})`,
    typeof constraint === 'string' ? `, by the constraint ${quoted(constraint)}` : '',
  ].join('');
  return new PageturnError(
    'ERR_DESTINATION_FAILED',
    `row ${number} ${refusalOf(state)}${where} of ${target} (${state}); map or filter it and run the same drain again to resume`,
    { cause: error },
  );
}
