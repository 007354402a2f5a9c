import type { Lease } from '../core/destination.js';
import { type PostgresClient, rowsOf } from './pool.js';
import { createPositionTable, type OpenedPosition, takePosition } from './position-table.js';
import type { WrittenColumn } from './read-columns.js';
import { countOfJob } from './remove-unseen.js';
import type { TypedColumn } from './row-encoder.js';
import { sqlStateOf } from './sql-state.js';
import { type StatementParts, writeStatement } from './statements.js';
import { type QualifiedName, quoted, quotedTable, shownTable } from './table-name.js';
import { readTargetTable, type TargetTable, unusable } from './target-table.js';
import { inTransaction } from './with-client.js';

/** The options of a destination, checked. */
export interface TableSettings {
  readonly table: QualifiedName;
  readonly positions: QualifiedName | undefined;
  readonly columns: readonly WrittenColumn[];
  readonly key: readonly string[];
  readonly job: string;
  readonly mark: string | undefined;
  readonly allowRemovals: boolean;
}

/** A table that was found fit to write to. */
export interface OpenTable extends StatementParts {
  readonly oid: string;
  /** What the table is called in the table of positions. */
  readonly positionKey: readonly [target: string, job: string];
}

const POSITIONS = 'pageturn_positions';

/** Checks the table, and takes its position. */
export async function openTable(
  client: PostgresClient,
  settings: TableSettings,
  { target, lease }: { readonly target: string; readonly lease: Lease | undefined },
): Promise<{ readonly table: OpenTable; readonly opened: OpenedPosition }> {
  const { columns, key, mark, job } = settings;
  const names = [...columns.map(({ name }) => name), ...(mark === undefined ? [] : [mark])];
  const found = await readTargetTable(client, settings.table, names);
  if (mark !== undefined) assertText(found, mark);
  const positions = settings.positions ?? { schema: found.schema, name: POSITIONS };
  await createPositionTable(client, positions);
  const typed: readonly TypedColumn[] = columns.map((column) => {
    const { type, kind, collation } = found.columns.get(column.name) as TypedColumn;
    return { ...column, type, kind, collation, isKey: key.includes(column.name) };
  });
  const parts = { table: { schema: found.schema, name: found.name }, positions, columns: typed, mark };
  await explain(client, parts, key, target);
  await assertImmediate(client, found.oid, key, target);
  const positionKey = [quotedTable(parts.table), job] as const;
  const [rowsBefore, values] =
    mark === undefined ? ['null', []] : countOfJob({ table: parts.table, column: mark, job }, 6);
  const wanted = { target: positionKey[0], job, markedIn: mark, rowsBefore, values };
  const opened = await inTransaction(client, () =>
    takePosition(client, positions, { shownTarget: target, ...wanted, lease }),
  );
  return { table: { ...parts, oid: found.oid, positionKey }, opened };
}

/** Lets the server plan the write, which finds what is left: constraints, privileges, rules. */
async function explain(
  client: PostgresClient,
  parts: StatementParts,
  key: readonly string[],
  target: string,
): Promise<void> {
  const values = ['', '', '0', '0', 'null', '[]', ...(parts.mark === undefined ? [] : [''])];
  try {
    await client.query(`explain ${writeStatement(parts)}`, values);
    if (parts.mark !== undefined) await client.query(`explain delete from ${quotedTable(parts.table)}`);
  } catch (error) {
    const columns = key.map(quoted).join(', ');
    const { message } = error as Error;
    if (sqlStateOf(error) === '42P10') {
      const ddl = `alter table ${quotedTable(parts.table)} add unique (${columns})`;
      throw unusable(`${target} has no unique constraint on its key (${columns})`, `add one: ${ddl}`, error);
    }
    if (sqlStateOf(error) === '42883') {
      throw unusable(
        `the key (${columns}) of ${target} has a type that is not ordered`,
        'name another key',
        error,
      );
    }
    if (['42703', '42804', '42P01'].includes(sqlStateOf(error) ?? '')) {
      throw unusable(
        `table ${shownTable(parts.positions)} is not a table of positions of pageturn (${message})`,
        'name another one with the option positions',
        error,
      );
    }
    throw error;
  }
}

// The server finds this out with the first row only.
const FIND_DEFERRABLE = `
select exists (
  select from pg_catalog.pg_index i
  where i.indrelid = $1::oid and i.indisunique and not i.indimmediate and i.indpred is null and i.indexprs is null
    and (
      select array_agg(a.attname::text collate "C" order by a.attname::text collate "C")
      from unnest(i.indkey[0:i.indnkeyatts - 1]) as k
      join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k
    ) = (select array_agg(k collate "C" order by k collate "C") from json_array_elements_text($2::json) as k)
)::text as found`;

async function assertImmediate(
  client: PostgresClient,
  oid: string,
  key: readonly string[],
  target: string,
): Promise<void> {
  const [row] = await rowsOf(client, FIND_DEFERRABLE, [oid, JSON.stringify(key)]);
  if (row?.['found'] !== 'true') return;
  const columns = key.map(quoted).join(', ');
  throw unusable(
    `${target} has a deferrable constraint on its key (${columns}), which cannot be upserted by`,
    'make it not deferrable',
  );
}

function assertText(table: TargetTable, mark: string): void {
  const type = table.columns.get(mark)?.type;
  if (type === 'text') return;
  throw unusable(
    `column ${JSON.stringify(mark)} of table ${shownTable(table)} is of type ${type}, and removeUnseen needs text`,
    'name another column, or change its type',
  );
}
