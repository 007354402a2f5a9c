import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { drainQueue, drainWorker } from '../../lib/bullmq/index.js';
import type { Destination } from '../../lib/core/destination.js';
import { fromPages } from '../../lib/from-pages.js';
import { redisCheckpoint, redisPacers } from '../../lib/redis/index.js';
import { memoryDestination } from '../../lib/testing/index.js';
import { freePort } from '../support/free-port.js';
import { hasRedis, startRedis } from '../support/start-redis.js';

const host = '127.0.0.1';
const PAGES = 60;

/** A sentinel that promotes the replica of a primary once that is gone for a second. */
async function startSentinel(primary: number) {
  const folder = await mkdtemp(join(tmpdir(), 'pageturn-sentinel-'));
  const port = await freePort();
  const config = join(folder, 'sentinel.conf');
  const settings = [
    `port ${port}`,
    `bind ${host}`,
    `dir ${folder}`,
    `sentinel monitor primary ${host} ${primary} 1`,
    'sentinel down-after-milliseconds primary 1000',
    'sentinel failover-timeout primary 5000',
  ];
  await writeFile(config, `${settings.join('\n')}\n`);
  const child = spawn('redis-server', [config, '--sentinel'], { stdio: 'ignore' });
  return {
    port,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

describe.skipIf(!hasRedis)('a Redis behind a sentinel (needs the Debian package redis-server)', () => {
  it('a failover to a replica loses and repeats no row of a job, and no position has two holders', async () => {
    await using primary = await startRedis();
    await using replica = await startRedis({ config: { replicaof: [host, String(primary.port)] } });
    await using sentinel = await startSentinel(primary.port);
    const client = primary.client();
    await expect.poll(() => client.info('replication')).toContain('state=online');
    const watch = new Redis(sentinel.port, host);
    watch.on('error', () => {});
    await expect
      .poll(async () => `${await watch.call('SENTINEL', 'replicas', 'primary')}`)
      .toContain(`${replica.port}`);
    watch.disconnect();

    const sentinels = [{ host, port: sentinel.port }];
    const redis = new Redis({ sentinels, name: 'primary' });
    redis.on('error', () => {});
    const queue = await drainQueue<null>({ sentinels, name: 'primary' });
    const pacer = redisPacers(redis, { ratePerSecond: 50, learn: false }).get('rows');
    const store = redisCheckpoint(redis, { leaseMs: 60_000 });
    const release = await store.lock('users');
    const destination = memoryDestination<{ readonly id: string }>();
    const tokens: number[] = [];
    const noting: Destination<{ readonly id: string }> = {
      ...destination,
      open(job, options) {
        tokens.push(options.lease?.token ?? 0);
        return destination.open(job, options);
      },
    };
    await queue.add('users', null);
    // A primary may die before its last writes reach the replica: the lock and the job are there, and what comes later may be.
    await client.set('mark', '1');
    await client.wait(1, 0);
    const worker = await drainWorker<null, { readonly id: string }>(
      { sentinels, name: 'primary' },
      {
        lockMs: 3_000,
        run: () => ({
          listing: fromPages(
            async (token) => {
              const page = Number(token ?? 0);
              if (page === 20) await primary.kill();
              return { items: [{ id: `${page}` }], next: page + 1 < PAGES ? `${page + 1}` : undefined };
            },
            { query: { operation: 'rows' }, pace: pacer },
          ),
          destination: noting,
          batch: 1,
        }),
      },
    );
    await new Promise((resolve) => worker.bullmq.once('completed', resolve));
    expect(destination.published?.map(({ id }) => id)).toEqual(
      Array.from({ length: PAGES }, (_, n) => `${n}`),
    );
    expect(tokens).toEqual([...new Set(tokens)].sort((a, b) => a - b));
    expect(await replica.client().info('replication')).toContain('role:master');
    // The lock outlives the failover.
    await expect(redisCheckpoint(redis).lock('users')).rejects.toMatchObject({
      code: 'ERR_CHECKPOINT_LOCKED',
    });
    await release();
    await worker.close();
    await queue.close();
    redis.disconnect();
  });
});
