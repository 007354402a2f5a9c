import { type LoggedRequest, type Sandbox, startSandbox } from '../../lib/sandbox/index.js';
import { messageFrom, startWorker } from '../worker-process.js';
import { scaledClock } from './scaled-time.js';
import type { Scenario } from './scenarios.js';
import type { Arrivals, Job } from './worker.js';

export interface Outcome {
  /** Time from the first request to the last, divided by the shortest time possible. */
  readonly ratio: number;
  readonly throttles: number;
  /** Pages or users that never arrived. */
  readonly lost: number;
  /** The smallest part of its fair share that a process had while all of them were running. */
  readonly smallestShare: number;
  /** The part of the quota that a competitor freed which is in use 15 s later. */
  readonly takenUp: number | undefined;
  readonly log: readonly LoggedRequest[];
}

const PAGE_SIZE = 10;

/** Runs a scenario once, against a sandbox in this process. */
export async function runScenario(scenario: Scenario, contender: string, fastest: number): Promise<Outcome> {
  const { task, requests, concurrency = 1, processes = 1, competitor } = scenario;
  const quota = { ratePerSecond: scenario.ratePerSecond ?? 2, burst: scenario.burst ?? 5 };
  // A millisecond of loopback must not weigh more if the quota is higher.
  const scale = fastest * Math.min(1, 2 / quota.ratePerSecond);
  const users = task === 'list' ? requests * PAGE_SIZE : requests;
  const clock = scaledClock(scale);
  await using sandbox = await startSandbox({ users, ...quota, latencyMs: scenario.latencyMs ?? 0, clock });
  const job: Job = {
    contender,
    task,
    concurrency,
    userIds: task === 'describe' ? [...sandbox.directory.users()].map(({ Id }) => Id) : [],
    pageSize: PAGE_SIZE,
    instanceId: sandbox.instanceId,
    clientConfig: sandbox.clientConfig,
    quota,
    scale,
  };
  const workers = Array.from({ length: processes }, () => runWorker(job));
  const rival = competitor ? compete(sandbox, competitor, clock) : undefined;
  const arrivals = await Promise.all(workers);
  const taken = (await rival?.()) ?? { served: 0, throttled: 0 };

  const operation = task === 'list' ? 'ListUsers' : 'DescribeUser';
  const { log, operations } = sandbox.stats();
  const relevant = log.filter((request) => request.operation === operation);
  const seconds = ((relevant.at(-1)?.atMs ?? 0) - (relevant[0]?.atMs ?? 0)) / 1000;
  const arrived = arrivals.reduce((sum, { length }) => sum + length, 0);
  return {
    ratio: (seconds * quota.ratePerSecond) / (requests * processes + taken.served - quota.burst),
    throttles: operations[operation].throttles - taken.throttled,
    lost: requests * processes - arrived,
    smallestShare: smallestShare(arrivals),
    takenUp: competitor && takenUp(relevant, competitor.toMs, quota.ratePerSecond),
    log: relevant,
  };
}

function runWorker(job: Job): Promise<Arrivals> {
  const worker = startWorker(new URL('./worker.ts', import.meta.url));
  worker.send(job);
  return messageFrom<Arrivals>(worker);
}

/** Sends a request per second of service time, between two moments after the first request of the others. */
function compete(
  sandbox: Sandbox,
  { fromMs, toMs }: NonNullable<Scenario['competitor']>,
  clock: ReturnType<typeof scaledClock>,
): () => Promise<{ served: number; throttled: number }> {
  const counts = { served: 0, throttled: 0 };
  const stop = new AbortController();
  const work = (async () => {
    while (!sandbox.stats().operations.ListUsers.requests) await clock.sleep(100, stop.signal);
    const startedAt = clock.now();
    await clock.sleep(fromMs, stop.signal);
    while (clock.now() - startedAt < toMs) {
      const answer = await fetch(`${sandbox.endpoint}/users-summary/${sandbox.instanceId}`);
      await answer.arrayBuffer();
      counts[answer.ok ? 'served' : 'throttled']++;
      await clock.sleep(1000, stop.signal);
    }
  })().catch(() => {});
  return async () => {
    stop.abort();
    await work;
    return counts;
  };
}

function smallestShare(arrivals: readonly Arrivals[]): number {
  const together = Math.min(...arrivals.map((times) => times.at(-1) ?? 0));
  const counts = arrivals.map((times) => times.filter((at) => at <= together).length);
  const all = counts.reduce((sum, count) => sum + count, 0);
  return all === 0 ? 0 : (Math.min(...counts) * arrivals.length) / all;
}

/** The competitor used half of the quota. Measured from 15 s to 30 s after it left. */
function takenUp(log: readonly LoggedRequest[], leftMs: number, ratePerSecond: number): number {
  const firstMs = log[0]?.atMs ?? 0;
  const served = log.filter(({ atMs, status }) => {
    const afterMs = atMs - firstMs - leftMs;
    return status === 200 && afterMs > 15_000 && afterMs <= 30_000;
  });
  return (served.length / 15 - ratePerSecond / 2) / (ratePerSecond / 2);
}
