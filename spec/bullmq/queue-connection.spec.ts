import { once } from 'node:events';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { drainQueue, drainWorker } from '../../lib/bullmq/index.js';
import { openConnection } from '../../lib/bullmq/queue-connection.js';
import { type QueueConnection, readConnection } from '../../lib/bullmq/read-connection.js';
import { freePort } from '../support/free-port.js';
import { redisFor } from '../support/redis-for.js';
import { hasRedis, type RedisServerOptions, startRedis } from '../support/start-redis.js';

const host = '127.0.0.1';

describe('the connection of a queue', () => {
  it.each<[string, unknown, string]>([
    [
      'an object with a connection',
      { connection: { host } },
      'unknown option "connection" in connection; pass what',
    ],
    ['an object with a URL', { url: 'redis://a' }, 'unknown option "url" in connection; pass the URL itself'],
    [
      'an object with a socket',
      { socket: { host } },
      'unknown option "socket" in connection; pass its host and',
    ],
    ['a misspelt option', { hots: host }, 'unknown option "hots" in connection; it takes those of ioredis'],
    [
      'a URL object',
      new URL('redis://user:secret-1@a'),
      'connection is a URL object; pass its text (url.href)',
    ],
    [
      'a list',
      ['redis://a'],
      'connection must be a URL such as redis://localhost:6379, the options of ioredis,',
    ],
    ['a Map', new Map([['host', host]]), 'connection must be a URL such as redis://localhost:6379'],
    ['a number', 6379, 'connection must be a URL such as redis://localhost:6379'],
    ['nothing', undefined, 'connection must be a URL such as redis://localhost:6379'],
    ['a port that is a word', { host, port: 'abc' }, 'connection.port must be a number from 1 to 65535'],
    ['a port that is too high', { host, port: 65_536 }, 'connection.port must be a number from 1 to 65535'],
    ['a database that is a word', 'redis://a/jobs', 'the database of the connection must be a whole number'],
    ['a database in the query that is a word', 'redis://a?db=x', 'the database of the connection must be a'],
    ['an option for a database that is none', { host, db: -1 }, 'the database of the connection must be a'],
    [
      'a prefix of ioredis',
      { host, keyPrefix: 'a:' },
      'the connection has a keyPrefix, which BullMQ does not',
    ],
  ])('%s is refused with the right form', (_, connection, message) => {
    const read = () => readConnection(connection as QueueConnection);
    expect(read).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }));
    expect(read).toThrow(message);
    expect(read).not.toThrow('secret-1');
  });

  it.each<[string, QueueConnection]>([
    ['a URL with a database', 'rediss://user:password@host:6380/1'],
    ['options', { host, port: 6380, username: 'a', password: 'b', db: 1, tls: {}, family: 4 }],
    ['sentinels', { sentinels: [{ host, port: 26_379 }], name: 'primary', sentinelPassword: 'a' }],
    ['a socket', { path: '/run/redis.sock' }],
  ])('%s is a connection', (_, connection) => {
    expect(() => readConnection(connection)).not.toThrow();
  });

  it('the wait for a Redis is reported at once with its reason, and an abort ends it', async () => {
    const port = await freePort();
    const end = new AbortController();
    const waits: [string, number][] = [];
    const opening = openConnection(
      { host, port },
      {
        neededBy: 'a spec',
        name: 'a',
        prefix: 'bull',
        signal: end.signal,
        onWaiting(what, forMs) {
          waits.push([what, forMs]);
          end.abort(new Error('stop'));
        },
      },
    );
    await expect(opening).rejects.toThrow('stop');
    expect(waits).toEqual([[`Redis at ${host}:${port} (ECONNREFUSED)`, 10_000]]);
  });

  it('a signal that has already aborted ends the wait for a Redis with its reason', async () => {
    const signal = AbortSignal.abort(new Error('stop'));
    const options = { neededBy: 'a spec', name: 'a', prefix: 'bull', signal };
    await expect(openConnection({ host, port: await freePort() }, options)).rejects.toThrow('stop');
  });
});

describe.skipIf(!hasRedis)('a Redis that cannot keep a queue (needs the Debian package redis-server)', () => {
  const redis = redisFor();
  const run = () => undefined;

  it.each<[string, NonNullable<RedisServerOptions['config']>, string]>([
    [
      'whose user may not run scripts',
      { user: ['default', 'on', 'nopass', '~*', '+@all', '-@scripting'] },
      'does not let its user run scripts or write the keys of the queue; grant that user all commands on these keys',
    ],
    [
      'whose user may not write the keys of the queue',
      { user: ['default', 'on', 'nopass', '~other:*', '+@all'] },
      'does not let its user run scripts or write the keys of the queue; grant that user all commands on these keys',
    ],
    [
      'that is a node of a cluster with other nodes',
      { 'cluster-enabled': 'yes' },
      'refuses writes because other servers are down; bring them back',
    ],
  ])('a Redis %s is one clear error for a queue and for a worker', async (_, config, what) => {
    await using server = await startRedis({ config });
    const refused = { code: 'ERR_QUEUE_FAILED', message: `Redis at ${host}:${server.port} ${what}` };
    await expect(drainQueue(server.url, { prefix: '{bull}' })).rejects.toMatchObject(refused);
    await expect(drainWorker(server.url, { prefix: '{bull}', run })).rejects.toMatchObject(refused);
  });

  it('a read-only replica is one clear error, and so is a job that is added once its primary has become one', async () => {
    await using server = await startRedis();
    const queue = await drainQueue<null>(server.url);
    await server.client().replicaof(host, redis.server.port);
    const refused = {
      code: 'ERR_QUEUE_FAILED',
      message: `Redis at ${host}:${server.port} is a read-only replica; connect to the primary`,
    };
    await expect(queue.add('users', null)).rejects.toMatchObject(refused);
    await expect(drainQueue(server.url)).rejects.toMatchObject(refused);
    await expect(drainWorker(server.url, { run })).rejects.toMatchObject(refused);
    await queue.close();
  });

  it('a cluster needs a prefix in braces', async () => {
    await using server = await startRedis({ config: { 'cluster-enabled': 'yes' } });
    await expect(drainQueue(server.url)).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      message: expect.stringContaining('prefix must be in braces for a cluster, such as "{bull}"'),
    });
  });

  it('a database that Redis does not have is one clear error', async () => {
    await expect(drainQueue(`${redis.server.url}/99`)).rejects.toMatchObject({
      code: 'ERR_QUEUE_FAILED',
      message: `Redis at ${host}:${redis.server.port} has no database with this number; correct the one in the connection string`,
    });
    const second = await drainQueue<null>(`${redis.server.url}/1`);
    await second.add('users', null);
    await second.close();
    const client = redis.server.client({ db: 1 });
    expect(await client.exists('bull:pageturn:users')).toBe(1);
  });

  it('a connection of ioredis with a keyPrefix is refused, and one that gives up early is left alone', async () => {
    const prefixed = redis.server.client({ keyPrefix: 'a:', maxRetriesPerRequest: null });
    await expect(drainWorker(prefixed, { run })).rejects.toMatchObject({ code: 'ERR_INVALID_ARGUMENT' });
    const hasty = redis.server.client({ maxRetriesPerRequest: 3 });
    const worker = await drainWorker(hasty, { run });
    await worker.close();
    expect(await hasty.ping()).toBe('PONG');
  });

  it('a connection that its retryStrategy gives up is an error at once', async () => {
    const port = await freePort();
    await expect(drainQueue({ host, port, retryStrategy: () => null })).rejects.toMatchObject({
      code: 'ERR_QUEUE_FAILED',
      message: `the connection to Redis at ${host}:${port} was closed; pass an open one`,
    });
  });

  it('a connection that was closed is an error at once', async () => {
    const closed = new Redis(redis.server.port, host, { maxRetriesPerRequest: null });
    closed.on('error', () => {});
    const ended = once(closed, 'end');
    await closed.quit();
    await ended;
    await expect(drainQueue(closed)).rejects.toMatchObject({
      code: 'ERR_QUEUE_FAILED',
      message: `the connection to Redis at ${host}:${redis.server.port} was closed; pass an open one`,
    });
  });
});
