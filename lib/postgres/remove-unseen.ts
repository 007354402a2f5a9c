import { invalidArgument, PageturnError } from '../core/errors.js';
import { MAX_REMOVED_SHARE } from '../core/max-removed-share.js';
import { type PostgresClient, rowsOf } from './pool.js';
import { isIdentifier, type QualifiedName, quoted, quotedTable } from './table-name.js';

/** Removes the rows that a finished run has not seen. */
export interface RemoveUnseen {
  /** A column of type `text` that says which run saw a row last. It is written with each row. */
  readonly column: string;
}

export function readRemoveUnseen(
  removeUnseen: unknown,
  columns: readonly { readonly name: string }[],
): string | undefined {
  if (removeUnseen === undefined) return undefined;
  const { column } = (removeUnseen ?? {}) as { readonly column?: unknown };
  if (isIdentifier(column) && !columns.some(({ name }) => name === column)) return column;
  throw invalidArgument('removeUnseen', "{ column: 'seen_in' }, a column that columns does not name", column);
}

/** What marks the rows that a run has seen: when it began, after the name of its job if it has one. */
export function markOf(job: string, run: number): string {
  const begun = new Date(run).toISOString();
  return job === '' ? begun : `${job}@${begun}`;
}

/** The length of a mark after the name of the job. */
const MARK_LENGTH = '@2026-01-31T12:00:00.000Z'.length;

interface MarkedRows {
  readonly table: QualifiedName;
  readonly column: string;
  readonly job: string;
}

/** The rows that a job may remove, as a condition and its parameters: all of them, or with a name those it has marked. */
function rowsOfJob(
  { column, job }: MarkedRows,
  firstParameter: number,
): readonly [condition: string, values: string[]] {
  if (job === '') return ['true', []];
  return [`left(${quoted(column)}, -${MARK_LENGTH}) = $${firstParameter}::text`, [job]];
}

/** The number of rows that a job may remove, as an expression. */
export function countOfJob(rows: MarkedRows, firstParameter: number): readonly [string, string[]] {
  const [condition, values] = rowsOfJob(rows, firstParameter);
  return [`(select count(*) from ${quotedTable(rows.table)} where ${condition})`, values];
}

interface Removal extends MarkedRows {
  readonly mark: string;
  readonly target: string;
  readonly rowsBefore: number;
  readonly allowRemovals: boolean;
}

/** Removes the rows of a job without the mark of this run; resolves to their number, or to an error if there are too many. */
export async function removeUnseen(
  client: PostgresClient,
  removal: Removal,
): Promise<number | PageturnError> {
  const { table, column, mark, rowsBefore, allowRemovals, target } = removal;
  const [condition, values] = rowsOfJob(removal, 3);
  const unseen = `${condition} and ${quoted(column)} is distinct from $1::text`;
  const limit = allowRemovals ? Number.MAX_SAFE_INTEGER : Math.floor(MAX_REMOVED_SHARE * rowsBefore);
  // In one statement, which counts and removes the same rows whatever others write meanwhile.
  const [row] = await rowsOf(
    client,
    `
with unseen as (select count(*) as rows from ${quotedTable(table)} where ${unseen}),
removed as (
  delete from ${quotedTable(table)} where ${unseen} and (select u.rows from unseen u) <= $2::bigint
)
select u.rows::text as unseen from unseen u`,
    [mark, String(limit), ...values],
  );
  const count = Number(row?.['unseen']);
  if (count > limit) {
    return new PageturnError(
      'ERR_DESTINATION_FAILED',
      `all rows are written, but more than a fifth of ${target} was not seen (${count} of ${rowsBefore} rows), and none was removed; if they are really gone, run the drain again with allowRemovals`,
    );
  }
  return count;
}
