import { once } from 'node:events';
import { startSandbox } from '../../lib/sandbox/index.js';
import { startRedis } from '../../spec/support/start-redis.js';
import { startWorker } from '../worker-process.js';

export interface FleetOutcome {
  readonly ratio: number;
  readonly throttles: number;
  /** The smallest part of its fair share that a process had while all were running. */
  readonly smallestShare: number;
  readonly trips: number;
  /** Processes that got all pages. */
  readonly finished: number;
}

interface FleetOptions {
  readonly contender: string;
  readonly pages: number;
  readonly processes: number;
}

const QUOTA = { ratePerSecond: 2, burst: 5 };
const PAGE_SIZE = 2;

/** Runs the processes against a sandbox and a Redis of their own. */
export async function runFleet({ contender, pages, processes }: FleetOptions): Promise<FleetOutcome> {
  await using sandbox = await startSandbox({ users: pages * PAGE_SIZE, ...QUOTA });
  await using redis = await startRedis();
  const job = {
    contender,
    quota: QUOTA,
    redis: redis.url,
    endpoint: sandbox.endpoint,
    instanceId: sandbox.instanceId,
    pageSize: PAGE_SIZE,
  };
  const workers = Array.from({ length: processes }, () =>
    startWorker(new URL('./worker.ts', import.meta.url), [JSON.stringify(job)]),
  );
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  await redis.client().config('RESETSTAT');

  const got = workers.map(() => 0);
  let atFirstEnd: readonly number[] | undefined;
  const startedAt = performance.now();
  let endedAt = startedAt;
  const ends = workers.map(async (worker, index) => {
    worker.on('message', () => {
      got[index] = (got[index] ?? 0) + 1;
      endedAt = performance.now();
      if (got[index] === pages) atFirstEnd ??= [...got];
    });
    const ended = once(worker, 'exit');
    worker.send('start');
    await ended;
  });
  await Promise.all(ends);
  const seconds = (endedAt - startedAt) / 1000;

  const shares = atFirstEnd ?? got;
  const sum = shares.reduce((total, one) => total + one, 0);
  const requests = pages * processes;
  return {
    ratio: seconds / ((requests - QUOTA.burst) / QUOTA.ratePerSecond),
    throttles: sandbox.stats().throttles,
    smallestShare: (processes * Math.min(...shares)) / sum,
    trips: scriptCalls(await redis.client().info('commandstats')) / requests,
    finished: got.filter((count) => count === pages).length,
  };
}

/** How many scripts Redis has run for its clients. */
function scriptCalls(stats: string): number {
  const calls = [...stats.matchAll(/^cmdstat_eval(?:sha)?:calls=(\d+)/gm)].map(([, count]) => Number(count));
  return calls.reduce((total, one) => total + one, 0);
}
