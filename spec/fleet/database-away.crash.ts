import { describe, expect, it } from 'vitest';
import { drainQueue, drainWorker } from '../../lib/bullmq/index.js';
import { systemClock } from '../../lib/core/clock.js';
import { fromPages } from '../../lib/from-pages.js';
import { postgres } from '../../lib/postgres/index.js';
import { jobsEnded } from '../support/jobs-ended.js';
import { leapingClock } from '../support/leaping-clock.js';
import { hasPostgres, startPostgres } from '../support/start-postgres.js';
import { hasRedis, startRedis } from '../support/start-redis.js';

interface Row {
  readonly id: number;
}

describe.skipIf(!hasRedis || !hasPostgres)(
  'a database that is away (needs the Debian packages redis-server and postgresql)',
  () => {
    it('a job whose database stays away fails with one clear error, and resumes from its position once it is back', async () => {
      await using redis = await startRedis();
      await using database = await startPostgres();
      const pool = database.pool();
      await pool.query('create table users (id int primary key)');
      const tokens: (string | undefined)[] = [];
      const listing = fromPages<Row>(
        async (token) => {
          tokens.push(token);
          const at = Number(token ?? 0);
          const items = Array.from({ length: 100 }, (_, n) => ({ id: at + n }));
          return { items, next: at < 200 ? String(at + 100) : undefined };
        },
        { query: { operation: 'rows' } },
      );
      const queue = await drainQueue<object>(redis.url);
      // On its clock the patience of an attempt is over at once: all of them end while the database is away.
      await queue.add('users', {}, { attempts: 3, backoff: { type: 'fixed', delay: 1 } });
      let isStopped = false;
      const worker = await drainWorker<object, Row>(redis.url, {
        run: () => ({
          listing,
          destination: postgres({
            pool,
            table: 'users',
            columns: ['id'],
            key: 'id',
            job: 'users',
            clock: backoffClock(),
          }),
          batch: 100,
          async onProgress() {
            if (!isStopped) await database.stop();
            isStopped = true;
          },
        }),
      });
      await jobsEnded(worker, 'failed', 3);
      const failed = await queue.bullmq.getJob('users');
      expect(await failed?.getState()).toBe('failed');
      expect(failed?.failedReason).toMatch(
        /^cannot open table users: gave up after \d+ attempts \(.+\); wait until the database works, and run the same drain again to resume$/,
      );
      await database.start();
      const completed = jobsEnded(worker, 'completed', 1);
      await failed?.retry('failed', { resetAttemptsMade: true });
      await completed;
      const job = await queue.bullmq.getJob('users');
      expect(job?.returnvalue).toMatchObject({ complete: true, written: 300, resumed: 1 });
      expect((await pool.query('select count(*)::int as rows from users')).rows).toEqual([{ rows: 300 }]);
      expect(tokens.filter((token) => token === undefined)).toHaveLength(1);
      await worker.close();
      await queue.close();
    });
  },
);

/** The backoff costs no time; limits that guard against a hang do not fire. */
function backoffClock() {
  const leaping = leapingClock();
  return {
    now: () => leaping.now(),
    sleep: (ms: number, signal?: AbortSignal) => (ms < 60_000 ? leaping : systemClock).sleep(ms, signal),
  };
}
