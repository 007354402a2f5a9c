import { describe, expect, it } from 'vitest';
import { hasPostgres } from '../support/start-postgres.js';
import { hasRedis } from '../support/start-redis.js';
import { tables } from '../support/tables.js';
import { startDroppingProxy } from './dropping-proxy.js';
import { expectAllInDynamoDB, expectOnceInPostgres, expectWithinQuota } from './expect-once.js';
import { LOCK_MS } from './fleet-job.js';
import { createNetworkNamespace, hasNetworkNamespaces } from './network-namespace.js';
import { type Fleet, type FleetWorker, startFleet, type Way } from './start-fleet.js';

const USERS = 600;
const JOBS = 4;
const dynamo = tables();

interface Disturbed {
  readonly fleet: Fleet;
  readonly workers: readonly FleetWorker[];
  /** The first of them. */
  readonly worker: FleetWorker;
}

describe.skipIf(!hasRedis || !hasPostgres)(
  'a fleet of three workers (needs the Debian packages redis-server and postgresql)',
  { timeout: 600_000 },
  () => {
    it('a fleet loses and repeats nothing when a worker is killed, and others take its jobs over', async () => {
      await using fleet = await startFleet({ tables: dynamo, users: USERS, hasDefaultLocks: true });
      await survivesIn(fleet, async (disturbed) => {
        disturbed.worker.child.kill('SIGKILL');
        await takenOver(disturbed);
      });
    });

    it('a fleet loses and repeats nothing when a worker is stopped until its jobs are taken over, and wakes', async () => {
      await survives(async (disturbed) => {
        disturbed.worker.child.kill('SIGSTOP');
        await takenOver(disturbed);
        disturbed.worker.child.kill('SIGCONT');
      });
    });

    it('a fleet hands the jobs of a worker over at once when it gets SIGTERM', async () => {
      // Longer locks: a machine that is busy for two seconds would lose the others.
      await using fleet = await startFleet({ tables: dynamo, users: USERS, hasDefaultLocks: true });
      await survivesIn(fleet, async ({ worker }) => {
        worker.child.kill('SIGTERM');
        await worker.ended;
        expect(worker.lines.at(-1)).toBe('closed');
        expect(worker.child.exitCode).toBe(0);
        const jobs = await fleet.queue.bullmq.getJobs(['waiting', 'active', 'completed']);
        expect(jobs.map(({ stalledCounter, attemptsMade }) => stalledCounter + attemptsMade)).not.toContain(
          2,
        );
        expect(jobs.reduce((sum, { stalledCounter }) => sum + stalledCounter, 0)).toBe(0);
      });
    });

    it('a fleet loses and repeats nothing when a worker that waits for Redis at its end is ended by a second SIGTERM', async () => {
      await survives(async ({ fleet, worker }) => {
        fleet.redis.pause();
        worker.child.kill('SIGTERM');
        await untilLine(worker, (line) => line === 'closing');
        worker.child.kill('SIGTERM');
        await worker.ended;
        expect(worker.child.signalCode).toBe('SIGTERM');
        expect(worker.lines).not.toContain('closed');
        fleet.redis.resume();
      });
    });

    it('a worker that dies between the rows of a write and their position leaves a job that the next one completes', async () => {
      await using fleet = await startFleet({ tables: dynamo, users: 100 });
      const { child, ended } = await fleet.start({ env: { DIES_AFTER_ROWS: '3' } });
      const names = await fleet.add('dynamodb', 1);
      await ended;
      expect(child.signalCode).toBe('SIGKILL');
      await fleet.start();
      await fleet.completed(names);
      expectAllInDynamoDB(await dynamo.scan(fleet.dynamoTable), { jobs: 1, users: 100 });
    });

    it('a fleet loses and repeats nothing when Redis crashes and starts again', async () => {
      await survives(async ({ fleet }) => {
        await fleet.redis.kill();
        await fleet.redis.start();
      });
    });

    it('a fleet loses and repeats nothing when Redis does not answer for longer than the locks last', async () => {
      await survives(async ({ fleet }) => {
        fleet.redis.pause();
        await longerThanALock();
        fleet.redis.resume();
      });
    });

    it('a fleet loses and repeats nothing when PostgreSQL crashes and starts again', async () => {
      await survives(async ({ fleet }) => {
        await fleet.postgres.stop();
        await fleet.postgres.start();
      });
    });

    it('a fleet loses and repeats nothing when a worker is cut off from Redis, but not from the API and the tables', async () => {
      await using fleet = await startFleet({ tables: dynamo, users: USERS });
      await using proxy = await startDroppingProxy(fleet.redis.port);
      await survivesIn(
        fleet,
        async (disturbed) => {
          proxy.drop();
          await takenOver(disturbed);
          proxy.restore();
        },
        { env: { REDIS_URL: proxy.url } },
      );
    });

    it.skipIf(!hasNetworkNamespaces)(
      'a fleet loses and repeats nothing when a worker is cut off from Redis by its network (needs root and iproute2)',
      async () => {
        await using network = createNetworkNamespace();
        await using fleet = await startFleet({ tables: dynamo, users: USERS });
        const urlOf = async (endpoint: string) => {
          const { host, port } = await network.reach(Number(new URL(endpoint).port));
          return `http://${host}:${port}`;
        };
        const redis = await network.reach(fleet.redis.port, 'redis');
        const postgres = await network.reach(Number(fleet.postgres.env.PGPORT));
        const env = {
          REDIS_URL: `redis://${redis.host}:${redis.port}`,
          PGHOST: postgres.host,
          PGPORT: String(postgres.port),
          API: await urlOf(fleet.api.endpoint),
          DYNAMO: await urlOf(dynamo.endpoint()),
        };
        await survivesIn(
          fleet,
          async (disturbed) => {
            network.cut();
            await takenOver(disturbed);
            network.restore();
          },
          { command: network.command, env },
        );
      },
    );
  },
);

/** Runs jobs of both kinds, disturbs the workers amid them, and expects every user where it belongs. */
async function survives(disturb: (disturbed: Disturbed) => Promise<void>): Promise<void> {
  await using fleet = await startFleet({ tables: dynamo, users: USERS });
  await survivesIn(fleet, disturb);
}

async function survivesIn(
  fleet: Fleet,
  disturb: (disturbed: Disturbed) => Promise<void>,
  first?: Way,
): Promise<void> {
  const workers = await Promise.all([fleet.start(first), fleet.start(), fleet.start()]);
  const [worker] = workers;
  if (!worker) throw new Error('no worker');
  const names = [...(await fleet.add('postgres', JOBS)), ...(await fleet.add('dynamodb', JOBS))];
  await Promise.all(workers.map((one) => untilLine(one, (_, count) => count > 10)));
  await disturb({ fleet, workers, worker });
  await fleet.completed(names);
  await expectOnceInPostgres(fleet.postgres, { jobs: JOBS, users: USERS });
  expectWithinQuota(fleet.api);
  expectAllInDynamoDB(await dynamo.scan(fleet.dynamoTable), { jobs: JOBS, users: USERS });
}

/** Resolves once every job that a worker was at is completed, or another worker has written rows of it. */
async function takenOver({ fleet, worker, workers }: Disturbed): Promise<void> {
  const others = workers.filter((one) => one !== worker);
  const isTaken = (job: string) => others.some(({ lines }) => lines.some((line) => jobOf(line) === job));
  const left = new Set(worker.lines.filter((line) => /^\S+-\d+ \d+$/.test(line)).map(jobOf));
  while (left.size > 0) {
    for (const job of left) {
      // A worker that was stopped or killed may have completed it in silence.
      if (isTaken(job) || (await fleet.queue.bullmq.getJobState(job)) === 'completed') left.delete(job);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const jobOf = (line: string): string => line.split(' ')[0] ?? '';

/** Resolves once a worker has printed such a line; `count` is its number. */
function untilLine(worker: FleetWorker, isIt: (line: string, count: number) => boolean): Promise<void> {
  return new Promise((resolve) => {
    if (worker.lines.some((line, n) => isIt(line, n + 1))) resolve();
    worker.onLine((line) => isIt(line, worker.lines.length) && resolve());
  });
}

function longerThanALock(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 2 * LOCK_MS));
}
