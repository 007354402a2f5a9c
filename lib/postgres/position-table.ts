import type { DrainPosition, Lease } from '../core/destination.js';
import { PageturnError } from '../core/errors.js';
import { leaseFencedError } from '../core/fenced-error.js';
import { type PostgresClient, rowsOf } from './pool.js';
import { sqlStateOf } from './sql-state.js';
import { type QualifiedName, quotedTable, shownTable } from './table-name.js';
import { unusable } from './target-table.js';

/** What the row of a job says when a run opens it. */
export interface OpenedPosition {
  readonly fence: number;
  /** How many changes the row has had: by it, a change whose outcome is unknown is found out. */
  readonly writes: number;
  /** When the listing began, in milliseconds since 1970: the mark of the rows it has seen. */
  readonly run: number;
  readonly position: DrainPosition | undefined;
}

/** The statement that makes a table of positions. */
function positionTableDdl(table: QualifiedName): string {
  return `create table if not exists ${quotedTable(table)} (
  target text not null,
  job text not null,
  fence bigint not null,
  writes bigint not null,
  run bigint not null,
  marked_in text,
  rows_before bigint,
  position json,
  lease bigint,
  finished text,
  updated_at timestamptz not null default now(),
  primary key (target, job)
)`;
}

/** Creates the table of positions if it is missing; the error of a role that may not has the statement. */
export async function createPositionTable(client: PostgresClient, table: QualifiedName): Promise<void> {
  const rows = await rowsOf(client, 'select to_regclass($1::text)::text as found', [quotedTable(table)]);
  if (rows[0]?.['found']) return;
  try {
    await client.query(positionTableDdl(table));
  } catch (error) {
    // Another run has created it at the same moment.
    if (['23505', '42P07', '42710'].includes(sqlStateOf(error) ?? '')) return;
    if (sqlStateOf(error) !== '42501') throw error;
    const ddl = positionTableDdl(table).replace(/\s+/g, ' ');
    throw unusable(
      `the role may not create the table of positions ${shownTable(table)}`,
      `have it created by: ${ddl}; and grant select, insert and update on it`,
      error,
    );
  }
}

interface TakeOptions {
  /** The name of the destination in messages. */
  readonly shownTarget: string;
  /** What the table is called in the table of positions. */
  readonly target: string;
  readonly job: string;
  /** The column in which the rows of this run are marked. */
  readonly markedIn: string | undefined;
  /** An SQL expression: how many rows there were before the run. */
  readonly rowsBefore: string;
  /** The parameters of that expression, from $6 on. */
  readonly values: readonly string[];
  readonly lease: Lease | undefined;
}

/** Whether there is nothing to resume: no position, or that of a run that was finished, unless this one has its name. */
const IS_BEGINNING = `(p.position is null or (p.finished is not null and p.finished is distinct from $5::text))`;

/**
 * Takes the next fence, unless a newer lease has taken one, and begins a run if there is nothing to resume. A fence is a time, so that it is new even after the row
 * was deleted or restored. Waits for a write that is in progress, but not for long.
 */
export async function takePosition(
  client: PostgresClient,
  table: QualifiedName,
  { shownTarget, target, job, markedIn, rowsBefore, values, lease }: TakeOptions,
): Promise<OpenedPosition> {
  await client.query(`set local lock_timeout = '${LOCK_TIMEOUT_MS}ms'`);
  const rows = await query(
    client,
    table,
    `
insert into ${quotedTable(table)} as p (target, job, fence, writes, run, marked_in, rows_before, lease)
values ($1::text, $2::text, ${NOW_MS}, 0, ${NOW_MS}, $3::text, ${rowsBefore}, $4::bigint)
on conflict (target, job) do update set
  fence = greatest(p.fence + 1, excluded.fence),
  run = case when ${IS_BEGINNING} then greatest(p.fence + 1, excluded.fence) else p.run end,
  marked_in = case when ${IS_BEGINNING} or p.marked_in = excluded.marked_in then excluded.marked_in end,
  rows_before = case when ${IS_BEGINNING} then excluded.rows_before else p.rows_before end,
  lease = coalesce(excluded.lease, p.lease),
  position = case when ${IS_BEGINNING} then null else p.position end,
  finished = case when ${IS_BEGINNING} then null else p.finished end
where excluded.lease is null or p.lease is null or p.lease <= excluded.lease
returning fence::text, writes::text, run::text, position::text`,
    [target, job, markedIn ?? null, lease ? String(lease.token) : null, lease?.run ?? null, ...values],
  );
  const row = rows[0] as Readonly<Record<string, string | null>> | undefined;
  if (!row) throw leaseFencedError(shownTarget);
  const position = row['position'];
  return {
    fence: Number(row['fence']),
    writes: Number(row['writes']),
    run: Number(row['run']),
    position: position ? (JSON.parse(position) as DrainPosition) : undefined,
  };
}

/** The clock of the server, which all runs share. */
export const NOW_MS = '(extract(epoch from clock_timestamp()) * 1000)::bigint';

/** How long an opening waits for the write of another run; it is then tried again for as long as any fault. */
const LOCK_TIMEOUT_MS = 5_000;

/** A position as JSON in ASCII, which a database in any encoding can hold. */
export function positionText(position: DrainPosition): string {
  return JSON.stringify(position).replace(
    /[\u0080-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The fence and the number of changes of a row now; undefined if it was deleted. */
export async function readPositionState(
  client: PostgresClient,
  table: QualifiedName,
  key: readonly [target: string, job: string],
): Promise<{ readonly fence: number; readonly writes: number } | undefined> {
  const rows = await rowsOf(
    client,
    `select fence::text, writes::text from ${quotedTable(table)} where target = $1::text and job = $2::text`,
    [...key],
  );
  return rows[0] && { fence: Number(rows[0]['fence']), writes: Number(rows[0]['writes']) };
}

export function fenced(target: string): PageturnError {
  return new PageturnError(
    'ERR_DESTINATION_FENCED',
    `another run has taken over ${target}, or its position was deleted; let that one finish`,
  );
}

async function query(
  client: PostgresClient,
  table: QualifiedName,
  text: string,
  values: (string | null)[],
): ReturnType<typeof rowsOf> {
  try {
    return await rowsOf(client, text, values);
  } catch (error) {
    if (!['42703', '42P10', '42804'].includes(sqlStateOf(error) ?? '')) throw error;
    throw unusable(
      `table ${shownTable(table)} is not a table of positions of pageturn`,
      'name another one with the option positions',
      error,
    );
  }
}
