/**
 * How long it takes until another worker has started all jobs of one that was killed (SIGKILL), with the default options: the
 * longest of some kills, each at another moment between two renewals.
 *
 * tsx bench/fleet/take-over.ts [--kills N] [--jobs N]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { drainQueue } from '../../lib/bullmq/index.js';
import { buildProgram } from '../../spec/fleet/build-program.js';
import { startRedis } from '../../spec/support/start-redis.js';

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '5' }, jobs: { type: 'string', default: '20' } },
});
const jobs = Number(values.jobs);
const kills = Number(values.kills);
await using redis = await startRedis();
const program = await buildProgram(join(import.meta.dirname, 'take-over-worker.ts'));
const queue = await drainQueue<object>(redis.url);

/** Starts a worker; `hasAll` resolves once it has started every job. */
async function start(): Promise<{ child: ChildProcess; hasAll: Promise<void> }> {
  const child = spawn(process.execPath, [program.path], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, REDIS_URL: redis.url, JOBS: values.jobs },
  });
  const started = new Set<string>();
  let noteReady = () => {};
  const isReady = new Promise<void>((resolve) => {
    noteReady = resolve;
  });
  const hasAll = new Promise<void>((resolve) => {
    createInterface(child.stdout).on('line', (line) => {
      if (line === 'ready') noteReady();
      else if (started.add(line).size === jobs) resolve();
    });
  });
  await isReady;
  return { child, hasAll };
}

let holder = await start();
for (let n = 0; n < jobs; n++) await queue.add(`job-${n}`, {});
await holder.hasAll;
const times: number[] = [];
for (let kill = 0; kill < kills; kill++) {
  const next = await start();
  // Locks are renewed each 1,250 ms.
  await setTimeout(2_500 + (1_250 * kill) / kills);
  holder.child.kill('SIGKILL');
  const killedAt = performance.now();
  await next.hasAll;
  times.push((performance.now() - killedAt) / 1000);
  holder = next;
}
holder.child.kill('SIGKILL');
await once(holder.child, 'exit');
const longest = Math.max(...times).toFixed(1);
console.log(
  `${jobs} jobs of a killed worker run again after at most ${longest} s in ${kills} kills (bound: 10 s)`,
);
await queue.close();
await program.remove();
