import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { redisCheckpoint } from '../../lib/redis/index.js';
import { startSandbox } from '../../lib/sandbox/index.js';
import { cursorAt } from '../support/cursor-at.js';
import { scriptPath } from '../support/script.js';
import { hasRedis, startRedis } from '../support/start-redis.js';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A process, once it has printed its first line. */
async function start(program: 'hold-child' | 'list-child', ...args: readonly string[]) {
  const child = spawn(process.execPath, ['--no-warnings', scriptPath(`redis/${program}`), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const printed: unknown[] = [];
  const lines = createInterface(child.stdout);
  lines.on('line', (line) => printed.push(JSON.parse(line)));
  const ended = once(lines, 'close');
  await once(lines, 'line');
  return { child, printed, ended };
}

describe.skipIf(!hasRedis)('processes that share a Redis', () => {
  it('processes that share a Redis take over the lock of one that was killed, with its position', async () => {
    await using server = await startRedis();
    const { child } = await start('hold-child', server.url);
    child.kill('SIGKILL');
    const store = redisCheckpoint(server.client());
    await expect.poll(() => store.lock('users'), { interval: 200 }).toBeTypeOf('function');
    expect(await store.load('users')).toEqual(cursorAt(7));
  });

  it('processes that share a Redis keep a position from one that was stopped for longer than its lease, and wakes', async () => {
    await using server = await startRedis();
    const { child, printed } = await start('hold-child', server.url);
    child.kill('SIGSTOP');
    const store = redisCheckpoint(server.client());
    await expect.poll(() => store.lock('users'), { interval: 200 }).toBeTypeOf('function');
    await store.save('users', cursorAt(8));
    child.kill('SIGCONT');
    child.stdin.write('\n');
    await expect.poll(() => printed).toHaveLength(2);
    expect(printed[1]).toMatchObject({
      code: 'ERR_CHECKPOINT_LOCKED',
      message: expect.stringContaining('took it over; nothing was written since'),
    });
    expect(await store.load('users')).toEqual(cursorAt(8));
  });

  it('processes that share a Redis are throttled no more than once each, though one is killed, one is stopped, and Redis is killed, paused and restarted', async () => {
    await using sandbox = await startSandbox({ users: 60, ratePerSecond: 5, burst: 5 });
    await using server = await startRedis({ appendOnly: true });
    const list = () => start('list-child', server.url, sandbox.endpoint, sandbox.instanceId);
    const [killed, stopped, steady] = await Promise.all([list(), list(), list()]);
    killed.child.kill('SIGKILL');
    stopped.child.kill('SIGSTOP');
    const after = async (users: number) =>
      expect.poll(() => steady.printed.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(users);
    await after(15);
    await server.kill();
    await server.start();
    await after(30);
    server.pause();
    stopped.child.kill('SIGCONT');
    server.resume();
    await Promise.all([stopped.ended, steady.ended]);
    expect(stopped.printed).toHaveLength(60);
    expect(steady.printed).toHaveLength(60);
    // A process that is stopped between its permit and its request sends it when it wakes, and a busy machine stops each.
    expect(sandbox.stats().throttles).toBeLessThanOrEqual(3);
  });
});
