import { expect } from 'vitest';
import type { Sandbox } from '../../lib/sandbox/index.js';
import type { PostgresServer } from '../support/start-postgres.js';
import type { TableItem } from '../support/tables.js';
import { QUOTA, TABLE } from './fleet-job.js';

/** Every user of every job is in PostgreSQL, was written once, and no run wrote after the one that took over from it. */
export async function expectOnceInPostgres(
  server: PostgresServer,
  { jobs, users }: { readonly jobs: number; readonly users: number },
): Promise<void> {
  const pool = server.pool();
  const { rows } = await pool.query(`
    select (select count(*)::int from ${TABLE}) as rows,
      (select count(*)::int from log) as writes, (select count(distinct id)::int from log) as ids`);
  expect(rows).toEqual([{ rows: jobs * users, writes: jobs * users, ids: jobs * users }]);
  // Where a run begins to write: more often than there are runs if one wrote again after another.
  const { rows: late } = await pool.query(`
    select job, run, count(*)::int as times
    from (select job, run, lag(run) over (partition by job order by n) as before from log) as writes
    where before is distinct from run group by job, run having count(*) > 1`);
  expect(late).toEqual([]);
}

/** Every user of every job is in DynamoDB, under one key. */
export function expectAllInDynamoDB(
  items: readonly TableItem[],
  { jobs, users }: { readonly jobs: number; readonly users: number },
): void {
  const ids = items.map(({ id }) => id?.S ?? '').filter((id) => !id.startsWith('position:'));
  expect(ids).toHaveLength(jobs * users);
  expect(new Set(ids).size).toBe(jobs * users);
}

/** No more requests came to the API in any span of time than the quota and its burst allow, but for one burst more. */
export function expectWithinQuota(api: Sandbox): void {
  const { ratePerSecond, burst } = QUOTA;
  let level = 0;
  let highest = 0;
  let last = 0;
  for (const { atMs } of api.stats().log) {
    level = Math.max(0, level - ((atMs - last) / 1_000) * ratePerSecond) + 1;
    highest = Math.max(highest, level);
    last = atMs;
  }
  expect(highest).toBeLessThanOrEqual(2 * burst);
}
