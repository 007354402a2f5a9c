import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { drainQueue } from '../../lib/bullmq/index.js';
import { redisFor } from '../support/redis-for.js';
import { hasRedis, startRedis } from '../support/start-redis.js';

describe.skipIf(!hasRedis)('drainQueue (needs the Debian package redis-server)', () => {
  const redis = redisFor();

  it('a job is added once per id, and a second one says so', async () => {
    const queue = await drainQueue<{ n: number }>(redis.server.url, { name: 'once' });
    expect(await queue.add('users-monday', { n: 1 })).toEqual({
      id: 'users-monday',
      added: true,
      state: 'waiting',
    });
    expect(await queue.add('users-monday', { n: 2 })).toMatchObject({ added: false, state: 'waiting' });
    expect((await queue.bullmq.getJob('users-monday'))?.data).toEqual({ n: 1 });
    expect(await queue.bullmq.count()).toBe(1);
    await queue.close();
  });

  it('of two jobs that are added at once with one id, one is added', async () => {
    const queue = await drainQueue<{ n: number }>(redis.server.client(), { name: 'at-once' });
    const added = await Promise.all([1, 2, 3].map((n) => queue.add('a', { n })));
    expect(added.map((one) => one.added).sort()).toEqual([false, false, true]);
    await queue.close();
  });

  it('a job is tried again for ten minutes by default, and its options are those of BullMQ', async () => {
    const queue = await drainQueue<null>({ port: redis.server.port }, { name: 'options', prefix: 'mine' });
    await queue.add('a', null);
    await queue.add('b', null, { attempts: 2, priority: 3, name: 'users' });
    const [a, b] = await Promise.all([queue.bullmq.getJob('a'), queue.bullmq.getJob('b')]);
    expect(a).toMatchObject({
      name: 'drain',
      opts: { attempts: 8, backoff: { type: 'exponential', delay: 5_000 } },
    });
    expect(b).toMatchObject({ name: 'users', opts: { attempts: 2, priority: 3 } });
    expect(await redis.server.client().keys('mine:options:*')).not.toEqual([]);
    await queue.close();
  });

  it.each([
    ['', 'a number'],
    ['7', 'a number'],
    ['users:1', 'a colon'],
  ])('an id like %j is refused', async (id) => {
    const queue = await drainQueue<null>(redis.server.url, { name: 'ids' });
    await expect(queue.add(id, null)).rejects.toMatchObject({ code: 'ERR_INVALID_ARGUMENT' });
    await queue.close();
  });

  it('credentials that Redis rejects are one error, without the password', async () => {
    await using locked = await startRedis({ config: { requirepass: 'secret-1' } });
    const right = await drainQueue(`redis://:secret-1@127.0.0.1:${locked.port}`);
    await right.close();
    for (const password of [':secret-2@', '']) {
      const error = await drainQueue(`redis://${password}127.0.0.1:${locked.port}`).catch(
        (one: unknown) => one,
      );
      expect(error).toMatchObject({
        code: 'ERR_QUEUE_FAILED',
        message: `Redis at 127.0.0.1:${locked.port} rejected the credentials; correct those of the connection string`,
      });
    }
  });
});

describe('drainQueue without a Redis that it can use', () => {
  it.each(['localhost:6379', 'http://localhost:6379', 'redis://', '', 'redis//user:secret-1@host'])(
    'the connection string %j is refused without being shown',
    async (connection) => {
      const error = await drainQueue(connection).catch((one: unknown) => one);
      expect(error).toMatchObject({ code: 'ERR_INVALID_ARGUMENT' });
      expect(String(error)).toContain('connection must be a URL such as redis://localhost:6379');
      expect(String(error)).not.toContain('secret-1');
    },
  );

  it('a Redis that is too old is one error that names both versions', async () => {
    const old = createServer((socket) => {
      const info = '# Server\r\nredis_version:4.0.14\r\n';
      socket.on('data', (data) => {
        const commands = String(data).match(/\*\d+/g) ?? [];
        for (const _ of commands) socket.write(`$${info.length}\r\n${info}\r\n`);
      });
    });
    old.listen(0, '127.0.0.1');
    await once(old, 'listening');
    const { port } = old.address() as AddressInfo;
    await expect(drainQueue(`redis://127.0.0.1:${port}`)).rejects.toMatchObject({
      code: 'ERR_QUEUE_FAILED',
      message: `Redis at 127.0.0.1:${port} has version 4.0.14, and BullMQ needs 5.0 or later; update it`,
    });
    old.close();
  });

  it('unknown options are refused by name', async () => {
    await expect(
      drainQueue('redis://127.0.0.1:1', { ...{ name: 'users', nmae: 'users' } }),
    ).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      message: expect.stringContaining('"nmae"'),
    });
  });
});
