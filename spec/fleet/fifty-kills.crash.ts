import { describe, expect, it } from 'vitest';
import { hasPostgres } from '../support/start-postgres.js';
import { hasRedis } from '../support/start-redis.js';
import { tables } from '../support/tables.js';
import { expectOnceInPostgres } from './expect-once.js';
import { startFleet } from './start-fleet.js';

const KILLS = 50;
const JOBS = 12;
const USERS = 1_000;
const WRITES_BETWEEN = 15;

const dynamo = tables();

describe.skipIf(!hasRedis || !hasPostgres)(
  'a fleet under fire (needs the Debian packages redis-server and postgresql)',
  () => {
    it('a fleet loses and repeats nothing in PostgreSQL when fifty workers are killed amid their work', async () => {
      await using fleet = await startFleet({ tables: dynamo, users: USERS });
      const names: string[] = [];
      const dead = new Set<number | undefined>();
      let writes = 0;
      const launch = async () => {
        const { child, onLine } = await fleet.start();
        onLine((line) => {
          if (!/ \d+$/.test(line) || ++writes < WRITES_BETWEEN || dead.size >= KILLS) return;
          // What a killed worker has printed may be read late.
          if (dead.has(child.pid)) return;
          dead.add(child.pid);
          writes = 0;
          child.kill('SIGKILL');
          void launch();
        });
      };
      await Promise.all([launch(), launch(), launch()]);
      // Workers that are much faster than this process may finish the first jobs before the last kill.
      while (dead.size < KILLS) {
        names.push(...(await fleet.add('postgres', JOBS, names.length)));
        await fleet.completed(names);
      }
      await expectOnceInPostgres(fleet.postgres, { jobs: names.length, users: USERS });
      const jobs = await fleet.queue.bullmq.getCompleted();
      // Each kill has met some jobs, and none of them has cost an attempt.
      expect(jobs.reduce((sum, { stalledCounter }) => sum + stalledCounter, 0)).toBeGreaterThan(KILLS / 2);
      expect(jobs.every(({ attemptsMade }) => attemptsMade === 1)).toBe(true);
    }, 900_000);
  },
);
