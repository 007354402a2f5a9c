import { NOW_MS } from './position-table.js';
import type { TypedColumn } from './row-encoder.js';
import { type QualifiedName, quoted, quotedTable } from './table-name.js';

export interface StatementParts {
  readonly table: QualifiedName;
  readonly positions: QualifiedName;
  readonly columns: readonly TypedColumn[];
  /** The column that says which run saw a row last. */
  readonly mark: string | undefined;
}

/**
 * One statement, and so one transaction: the position ($5), if this run still owns it, and with it the rows ($6, marked
 * with $7). It answers whether the position was kept.
 */
export function writeStatement(parts: StatementParts): string {
  return `
with kept as (
  ${keepPosition(parts.positions, 'position = $5::json')}
), written as (
  ${upsert(parts, { rows: '$6::json', mark: '$7::text', where: 'exists (select from kept)' })}
)
select count(*)::text as kept from kept`;
}

/** The rows alone ($1, marked with $2), to find the one that is refused. */
export function upsertStatement(parts: StatementParts): string {
  return upsert(parts, { rows: '$1::json', mark: '$2::text', where: 'true' });
}

/** Keeps the beginning as the position, and begins another run: what was marked before was not seen by it. */
export function startOverStatement(positions: QualifiedName, rowsBefore: string): string {
  return keepPosition(
    positions,
    `position = $5::json, run = greatest(p.run + 1, ${NOW_MS}), marked_in = $6::text,
  rows_before = coalesce(p.rows_before, ${rowsBefore})`,
    'p.run::text',
  );
}

/** Forgets the position, or marks it as that of the finished run $5. */
export function finishStatement(positions: QualifiedName): string {
  return keepPosition(
    positions,
    'position = case when $5::text is not null then p.position end, finished = $5::text',
  );
}

/** $1 and $2 name the job; $3 is the fence of the run, $4 the number of changes before this one. */
function keepPosition(positions: QualifiedName, changes: string, returning = '1'): string {
  return `update ${quotedTable(positions)} as p set ${changes}, writes = p.writes + 1, updated_at = now()
  where p.target = $1::text and p.job = $2::text and p.fence = $3::bigint and p.writes = $4::bigint
  returning ${returning}`;
}

interface UpsertValues {
  readonly rows: string;
  readonly mark: string;
  readonly where: string;
}

/**
 * Of several rows with one key the last counts. Keys are compared by their types in the table, and rows are written in
 * the order of the keys, so that two jobs do not block each other.
 */
function upsert(
  { table, columns, mark }: StatementParts,
  { rows, mark: markValue, where }: UpsertValues,
): string {
  const written = columns.map(({ name }, index) => ({ name: quoted(name), value: `r.c${index}` }));
  if (mark !== undefined) written.push({ name: quoted(mark), value: markValue });
  const keys = columns.flatMap(({ isKey, name, collation }, index) =>
    isKey
      ? [
          {
            name: quoted(name),
            value: `r.c${index}${collation === undefined ? '' : ` collate ${collation}`}`,
          },
        ]
      : [],
  );
  const keyNames = new Set(keys.map(({ name }) => name));
  const keyValues = keys.map(({ value }) => value).join(', ');
  const updates = written.filter(({ name }) => !keyNames.has(name));
  const action =
    updates.length > 0
      ? `update set ${updates.map(({ name }) => `${name} = excluded.${name}`).join(', ')}`
      : 'nothing';
  return `insert into ${quotedTable(table)} (${written.map(({ name }) => name).join(', ')})
  select distinct on (${keyValues}) ${written.map(({ value }) => value).join(', ')}
  from ${recordset(columns, rows)}
  where ${where}
  order by ${keyValues}, r.number desc
  on conflict (${keys.map(({ name }) => name).join(', ')}) do ${action}`;
}

function recordset(columns: readonly TypedColumn[], rows: string): string {
  const names = columns.map((_, index) => `c${index}`);
  return `rows from (json_to_recordset(${rows}) as (${columns.map(({ type }, index) => `c${index} ${type}`).join(', ')}))
    with ordinality as r(${names.join(', ')}, number)`;
}
