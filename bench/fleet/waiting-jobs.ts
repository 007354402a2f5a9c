/**
 * The memory of one worker with 200 jobs that wait for a quota of 2/s: the largest of two minutes from when it has them all, by
 * which time each has had a page. As Node runs it, most of that is room for garbage, which the flag limits.
 *
 * tsx bench/fleet/waiting-jobs.ts [--jobs N] [--seconds N]
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { drainQueue } from '../../lib/bullmq/index.js';
import { startSandbox } from '../../lib/sandbox/index.js';
import { buildProgram } from '../../spec/fleet/build-program.js';
import { startRedis } from '../../spec/support/start-redis.js';

const { values } = parseArgs({
  options: { jobs: { type: 'string', default: '200' }, seconds: { type: 'string', default: '120' } },
});
const jobs = Number(values.jobs);
const folder = await mkdtemp(join(tmpdir(), 'pageturn-waiting-'));
const program = await buildProgram(join(import.meta.dirname, 'waiting-worker.ts'));
for (const flags of [[], ['--max-semi-space-size=4']]) {
  await using redis = await startRedis();
  await using sandbox = await startSandbox({ users: 12_000 });
  const queue = await drainQueue<{ readonly instanceId: string }>(redis.url);
  for (let n = 0; n < jobs; n++) await queue.add(`job-${n}`, { instanceId: sandbox.instanceId });
  const own = await mkdtemp(join(folder, 'run-'));
  const env = { REDIS_URL: redis.url, API: sandbox.endpoint, FOLDER: own, JOBS: String(jobs) };
  const largest = await largestMemory(flags, env);
  const keys = await redis.client().dbsize();
  const node = ['node', ...flags].join(' ');
  console.log(
    `${jobs} jobs that wait for quota, ${node}: ${largest} MB in one worker (bound: 150 MB), ${keys} keys in Redis`,
  );
  await queue.close();
}
await program.remove();
await rm(folder, { recursive: true });

/** Runs the worker, and resolves to the most megabytes that it had. */
async function largestMemory(
  flags: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<number> {
  const child = spawn(process.execPath, [...flags, program.path], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...env },
  });
  let [largest, samples] = [0, 0];
  for await (const line of createInterface(child.stdout)) {
    const [megabytes = 0, running = 0] = line.split(' ').map(Number);
    largest = Math.max(largest, megabytes);
    if (running === jobs && ++samples === Number(values.seconds)) break;
  }
  child.kill('SIGKILL');
  return largest;
}
