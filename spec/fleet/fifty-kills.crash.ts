import { describe, expect, it } from 'vitest';
import { seeded } from '../../bench/pace/simulation.js';
import { hasPostgres } from '../support/start-postgres.js';
import { hasRedis } from '../support/start-redis.js';
import { tables } from '../support/tables.js';
import { expectOnceInPostgres } from './expect-once.js';
import { type FleetWorker, startFleet } from './start-fleet.js';

const KILLS = 50;
const JOBS = 12;
/** More writes than all kills wait for. */
const USERS = 1_000;
const WRITES_BETWEEN = 15;

const dynamo = tables();

describe.skipIf(!hasRedis || !hasPostgres)(
  'a fleet under fire (needs the Debian packages redis-server and postgresql)',
  () => {
    it('a fleet loses and repeats nothing in PostgreSQL when fifty workers are killed amid their work', async () => {
      await using fleet = await startFleet({ tables: dynamo, users: USERS });
      const names = await fleet.add('postgres', JOBS);
      const random = seeded(13);
      const workers: FleetWorker[] = [];
      let kills = 0;
      let writes = 0;
      const launch = async () => {
        const worker = await fleet.start();
        workers.push(worker);
        worker.onLine((line) => {
          if (!/ \d+$/.test(line) || ++writes % WRITES_BETWEEN > 0 || kills >= KILLS) return;
          const [victim] = workers.splice(Math.floor(random() * workers.length), 1);
          if (!victim) return;
          kills++;
          victim.child.kill('SIGKILL');
          void launch();
        });
      };
      await Promise.all([launch(), launch(), launch()]);
      await fleet.completed(names);
      expect(kills).toBe(KILLS);
      await expectOnceInPostgres(fleet.postgres, { jobs: JOBS, users: USERS });
      const jobs = await fleet.queue.bullmq.getCompleted();
      // Each kill has met some jobs, and none of them has cost an attempt.
      expect(jobs.reduce((sum, { stalledCounter }) => sum + stalledCounter, 0)).toBeGreaterThan(KILLS / 2);
      expect(jobs.every(({ attemptsMade }) => attemptsMade === 1)).toBe(true);
    }, 900_000);
  },
);
