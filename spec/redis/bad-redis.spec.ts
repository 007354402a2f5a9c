import { afterEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../lib/core/clock.js';
import { fromPages } from '../../lib/from-pages.js';
import { readQuota } from '../../lib/pace/read-quota.js';
import { BucketQueue } from '../../lib/redis/bucket-queue.js';
import { describeRedisError } from '../../lib/redis/describe-redis-error.js';
import { redisPacers } from '../../lib/redis/index.js';
import type { RedisConnection } from '../../lib/redis/redis-connection.js';
import type { BucketReply, BucketRequest } from '../../lib/redis/shared-bucket.js';
import { withRedisRetry } from '../../lib/redis/with-redis-retry.js';
import { manualClock } from '../support/manual-clock.js';
import { hasRedis, type RedisServer, type RedisServerOptions, startRedis } from '../support/start-redis.js';

const ended: RedisServer[] = [];
afterEach(async () => {
  for (const server of ended.splice(0)) await server[Symbol.asyncDispose]();
});

async function start(options?: RedisServerOptions): Promise<RedisServer> {
  const server = await startRedis(options);
  ended.push(server);
  return server;
}

const acquire = (redis: RedisConnection) => redisPacers(redis).get('Connect.ListUsers').acquire();

describe.skipIf(!hasRedis)('a Redis that cannot pace', () => {
  it.each<[string, NonNullable<RedisServerOptions['config']>, string]>([
    [
      'that is too old for scripts',
      { 'rename-command': ['EVALSHA', ''] },
      'it is too old or does not run scripts; use Redis 5 or later, with EVAL and EVALSHA allowed',
    ],
    [
      'that wants a password',
      { requirepass: 'secret' },
      'it rejected the credentials; correct the user name and the password of the connection',
    ],
    [
      'whose user may not run scripts',
      { user: ['default', 'on', 'nopass', '~*', '+@all', '-@scripting'] },
      'its user may not run the scripts; allow EVAL, EVALSHA, TIME, GET, SET, HGET, HMGET, HSET, HDEL, HEXISTS, PERSIST and PEXPIRE on the keys',
    ],
  ])('a Redis %s is one clear error at once', async (_, config, what) => {
    const server = await start({ config });
    await expect(acquire(server.client())).rejects.toMatchObject({
      code: 'ERR_PACER_IO',
      message: `cannot pace Connect.ListUsers in Redis: ${what}`,
    });
  });

  it('if Redis has something else under the key, the error says so and which key to delete', async () => {
    const server = await start();
    const client = server.client();
    const key = 'pageturn:pace:unknown:Connect.ListUsers';
    for (const put of [() => client.lpush(key, 'x'), () => client.set(key, 'x')]) {
      await client.del(key);
      await put();
      await expect(acquire(client)).rejects.toMatchObject({
        code: 'ERR_PACER_IO',
        message:
          'cannot pace Connect.ListUsers in Redis: its key holds something else; delete that key, or choose another prefix',
        cause: expect.objectContaining({ message: expect.stringMatching(/^WRONGTYPE/) }),
      });
    }
  });

  it('a Redis that cannot pace is an error of the traversal, which can be resumed from its cursor', async () => {
    const server = await start();
    const client = server.client();
    const rows = fromPages(
      async (token) => ({ items: [token ?? 'a'], next: token === undefined ? 'b' : null }),
      {
        pace: redisPacers(client).get('rows'),
      },
    );
    const walk = rows.open();
    expect(await walk.next()).toEqual({ done: false, value: 'a' });
    await client.set('pageturn:pace:unknown:rows', 'x');
    const failure = await walk.next().catch((reason: unknown) => reason);
    expect(failure).toMatchObject({ code: 'ERR_PACER_IO' });
    await client.del('pageturn:pace:unknown:rows');
    const resumed = rows.open({ from: walk.cursor });
    expect(await resumed.next()).toEqual({ done: false, value: 'b' });
    expect(await resumed.next()).toEqual({ done: true, value: undefined });
  });

  it('the error says what the reply of Redis means: a replica, a node of a cluster, a full memory', async () => {
    const server = await start();
    const client = server.client();
    const descriptionOf = async (work: () => Promise<unknown>) => {
      const error = await work().catch((reason: unknown) => reason);
      return describeRedisError(error, 'ready');
    };
    await client.config('SET', 'maxmemory', '1');
    expect(await descriptionOf(() => client.set('key', 'value'))).toEqual({
      passes: true,
      what: 'its memory is full; raise maxmemory, or delete other keys',
    });
    await client.config('SET', 'maxmemory', '0');
    await client.replicaof('127.0.0.1', server.port);
    expect(await descriptionOf(() => client.set('key', 'value'))).toEqual({
      passes: true,
      what: 'it is a read-only replica; connect to the primary',
    });
    expect(describeRedisError(new Error('MOVED 866 10.0.0.1:6379'), 'ready')).toEqual({
      passes: false,
      what: 'it is a node of a cluster; connect with new Cluster(nodes)',
    });
  });

  it('a Redis that was closed by its owner is an error at once', async () => {
    const server = await start();
    const client = server.client();
    await client.quit();
    await expect(acquire(client)).rejects.toThrow(
      'the connection was closed; keep it open until all listings have ended',
    );
  });

  it('a Redis that is restarted in the middle costs a pause and nothing else', async () => {
    const server = await start({ appendOnly: true });
    const pacer = redisPacers(server.client(), { ratePerSecond: 100, burst: 5, learn: false }).get('rows');
    for (let n = 0; n < 10; n++) {
      if (n === 5) {
        await server.kill();
        await server.start();
      }
      await (await pacer.acquire()).settle({ kind: 'ok' });
    }
  });

  it('a Redis that is paused keeps no aborted request waiting', async () => {
    const server = await start();
    const pacer = redisPacers(server.client()).get('rows');
    await pacer.acquire();
    server.pause();
    const end = new AbortController();
    const waiting = pacer.acquire(end.signal);
    end.abort('stop');
    await expect(waiting).rejects.toBe('stop');
    server.resume();
    await pacer.acquire();
  });
});

describe('a process that was stopped while Redis answered', () => {
  it('a process that was stopped while Redis answered requests another permit, because the one in the answer counts as used by then', async () => {
    let now = 0;
    const clock: Clock = { ...manualClock(), now: () => now };
    const grant = { id: '', epoch: '1', sentAt: 0, believed: 1, corrected: 0 };
    const asked: (string | undefined)[] = [];
    const bucket = {
      ratePerSecond: 2,
      send: async ({ ask }: BucketRequest): Promise<BucketReply> => {
        // It is stopped during the first call.
        if (asked.length === 0) now += 5_000;
        asked.push(ask);
        return { grant, waitMs: 0, heldMs: 0 };
      },
      settle: async () => {},
    };
    const queue = new BucketQueue(bucket, clock);
    await queue.wait(undefined, { quota: readQuota({}), held: () => {} });
    expect(new Set(asked).size).toBe(2);
  });
});

describe('the retry of a call to Redis', () => {
  /** A connection as ioredis has it while nothing listens: commands wait for it without end. */
  function deadConnection(error: Error): RedisConnection {
    return {
      evalsha: () => new Promise(() => {}),
      eval: () => new Promise(() => {}),
      status: 'reconnecting',
      on: (_, listener) => listener(error),
    };
  }
  const options = (redis: RedisConnection, clock = manualClock()) =>
    ({ redis, clock, code: 'ERR_PACER_IO', action: 'cannot pace rows' }) as const;

  it.each([
    ['ECONNREFUSED', 'nothing listens there; check the address of the connection, and that Redis runs'],
    ['ENOTFOUND', 'its host name is not known; check the address of the connection'],
    ['ETIMEDOUT', 'the connection was lost; check that Redis runs and can be reached'],
  ])('the retry of a call to Redis ends after 10 s when it was never reached (%s)', async (code, what) => {
    const clock = manualClock();
    const redis = deadConnection(Object.assign(new Error(`connect ${code} redis://:secret@host`), { code }));
    const work = withRedisRetry(() => redis.evalsha('', 1), options(redis, clock));
    await expect(clock.run(work)).rejects.toMatchObject({
      code: 'ERR_PACER_IO',
      message: `cannot pace rows in Redis: ${what}`,
    });
    expect(clock.now()).toBe(10_000);
  });

  it('the retry of a call to Redis ends after 30 s when it had answered before', async () => {
    const clock = manualClock();
    const redis = deadConnection(new Error('the first connection'));
    await clock.run(withRedisRetry(async () => 'answer', options(redis, clock)));
    await expect(
      clock.run(withRedisRetry(() => redis.evalsha('', 1), options(redis, clock))),
    ).rejects.toThrow(
      'cannot pace rows in Redis: the connection was lost; check that Redis runs and can be reached',
    );
    expect(clock.now()).toBe(30_000);
  });

  it('the retry of a call to Redis lasts while the errors may pass, and no longer', async () => {
    const clock = manualClock();
    const redis = deadConnection(new Error('none'));
    let calls = 0;
    const work = () =>
      withRedisRetry(
        async () => {
          if (++calls < 10) throw new Error('LOADING Redis is loading the dataset in memory');
          return 'answer';
        },
        options(redis, clock),
      );
    expect(await clock.run(work())).toBe('answer');
    const replica = () => Promise.reject(new Error("READONLY You can't write against a read only replica."));
    await expect(clock.run(withRedisRetry(replica, options(redis, clock)))).rejects.toThrow(
      'it is a read-only replica; connect to the primary',
    );
    expect(clock.sleepers).toBe(0);
  });
});
