/**
 * The memory of one worker with 200 jobs that wait for a quota of 2/s: the largest of a minute from when it has them all.
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
  options: { jobs: { type: 'string', default: '200' }, seconds: { type: 'string', default: '60' } },
});
const jobs = Number(values.jobs);
await using redis = await startRedis();
await using sandbox = await startSandbox({ users: 12_000 });
const folder = await mkdtemp(join(tmpdir(), 'pageturn-waiting-'));
const program = await buildProgram(join(import.meta.dirname, 'waiting-worker.ts'));
const queue = await drainQueue<{ readonly instanceId: string }>(redis.url);
for (let n = 0; n < jobs; n++) await queue.add(`job-${n}`, { instanceId: sandbox.instanceId });

const env = { REDIS_URL: redis.url, API: sandbox.endpoint, FOLDER: folder, JOBS: String(jobs) };
const child = spawn(process.execPath, [program.path], {
  stdio: ['ignore', 'pipe', 'inherit'],
  env: { ...process.env, ...env },
});
let [largest, samples] = [0, 0];
for await (const line of createInterface(child.stdout)) {
  const [megabytes = 0, running = 0] = line.split(' ').map(Number);
  largest = Math.max(largest, megabytes);
  if (running === jobs && ++samples === Number(values.seconds)) break;
}
child.kill('SIGKILL');
const keys = await redis.client().dbsize();
console.log(
  `${jobs} jobs that wait for quota: ${largest} MB in one worker (bound: 150 MB), ${keys} keys in Redis`,
);
await queue.close();
await program.remove();
await rm(folder, { recursive: true });
