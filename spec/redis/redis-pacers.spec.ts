import { ConnectClient, DescribeUserCommand, ListUsersCommand } from '@aws-sdk/client-connect';
import type { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import { createSender } from '../../lib/aws/create-sender.js';
import { paginate } from '../../lib/aws/paginate.js';
import { listUsers } from '../../lib/connect/index.js';
import { fromPages } from '../../lib/from-pages.js';
import { type RedisConnection, type RedisPacersOptions, redisPacers } from '../../lib/redis/index.js';
import { startSandbox } from '../../lib/sandbox/index.js';
import { redisFor } from '../support/redis-for.js';
import { hasRedis } from '../support/start-redis.js';

/** Fast enough for waits of milliseconds. */
const FAST = { ratePerSecond: 200, burst: 10, learn: false };
/** A burst, and then practically nothing. */
const STUCK = { ratePerSecond: 0.001, burst: 2, learn: false };

describe.skipIf(!hasRedis)('pacers in Redis', () => {
  const redis = redisFor();
  const clients: ConnectClient[] = [];
  afterEach(() => {
    for (const client of clients.splice(0)) client.destroy();
  });

  /** A process has its own connection. */
  const processOf = (options: RedisPacersOptions) => redisPacers(redis.server.client(), options);
  const keys = async (prefix: string) => (await redis.server.client().keys(`${prefix}*`)).sort();

  it('pacers in Redis grant permits in the order in which a process asked for them', async () => {
    const pacer = processOf({ ...FAST, prefix: redis.newPrefix() }).get('rows');
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 30 }, async (_, n) => {
        const permit = await pacer.acquire();
        order.push(n);
        await permit.settle({ kind: 'ok' });
      }),
    );
    expect(order).toEqual(Array.from({ length: 30 }, (_, n) => n));
  });

  it('pacers in Redis need one round trip for a request while others wait in its process, and one at a time', async () => {
    const client = redis.server.client();
    const calls = { all: 0, pending: 0, most: 0 };
    const counted = countedConnection(client, calls);
    const options = { ...FAST, prefix: redis.newPrefix() };
    await redisPacers(client, options).get('rows').acquire();
    const registries = [redisPacers(counted, options), redisPacers(counted, options)];
    await Promise.all(
      Array.from({ length: 60 }, async (_, n) => {
        const permit = await registries[n % 2]?.get('rows').acquire();
        await permit?.settle({ kind: 'ok' });
      }),
    );
    // One to queue up, and then one each, unless a busy machine misses a turn.
    expect(calls.all).toBeLessThanOrEqual(90);
    expect(calls.most).toBe(1);
  });

  it('pacers in Redis end the wait of an aborted request at once, and give its place to the next one', async () => {
    const prefix = redis.newPrefix();
    const [one, other] = [
      processOf({ ...STUCK, prefix }).get('rows'),
      processOf({ ...STUCK, prefix }).get('rows'),
    ];
    await one.acquire();
    await other.acquire();
    const end = new AbortController();
    const waiting = [one.acquire(end.signal), one.acquire(end.signal)];
    end.abort('stop');
    const results = await Promise.allSettled(waiting);
    expect(results).toEqual([
      { status: 'rejected', reason: 'stop' },
      { status: 'rejected', reason: 'stop' },
    ]);
    await expect(one.acquire(AbortSignal.abort('stop'))).rejects.toBe('stop');
  });

  it('pacers in Redis count the permits of all processes', async () => {
    const prefix = redis.newPrefix();
    const pacers = [1, 2, 3].map(() => processOf({ ...STUCK, burst: 4, prefix }).get('rows'));
    const end = new AbortController();
    const acquired = pacers.flatMap((pacer) => [1, 2, 3].map(() => pacer.acquire(end.signal)));
    let granted = 0;
    for (const one of acquired)
      one.then(
        () => ++granted === 4 && end.abort(),
        () => {},
      );
    const results = await Promise.allSettled(acquired);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
  });

  it('pacers in Redis let no more requests of a process be in flight than maxConcurrency', async () => {
    const pacers = processOf({ ...FAST, prefix: redis.newPrefix() });
    const pacer = pacers.get('rows', { maxConcurrency: 2 });
    const first = await pacer.acquire();
    const second = await pacer.acquire();
    const end = new AbortController();
    const third = pacer.acquire(end.signal);
    // A request with another limit does not wait for these.
    await pacers.get('rows', { maxConcurrency: 3 }).acquire();
    end.abort('stop');
    await expect(third).rejects.toBe('stop');
    const fourth = pacer.acquire();
    await second.settle({ kind: 'lost' });
    await (await fourth).settle({ kind: 'ok' });
    await first.settle({ kind: 'ok' });
  });

  it('pacers in Redis pace listings, senders and fromPages of many processes without a throttle', async () => {
    // The larger burst allows for requests that a busy machine delays.
    await using sandbox = await startSandbox({ users: 60, ratePerSecond: 200, burst: 40 });
    const options = { ...FAST, prefix: redis.newPrefix() };
    const run = async () => {
      const client = new ConnectClient(sandbox.clientConfig);
      clients.push(client);
      const pacers = processOf(options);
      const describeUser = createSender(client, DescribeUserCommand, { pacers });
      const input = { InstanceId: sandbox.instanceId };
      const users = await listUsers(client, input, { pageSize: 4, pacers }).toArray();
      const again = await paginate(client, ListUsersCommand, input, { pageSize: 4, pacers }).toArray();
      await Promise.all(users.slice(0, 20).map(({ Id }) => describeUser({ ...input, UserId: Id })));
      const rows = fromPages(async (token) => ({ items: [1], next: token === undefined ? 'end' : null }), {
        pace: pacers.get('rows'),
      });
      return [users.length, again.length, (await rows.toArray()).length];
    };
    expect(await Promise.all([run(), run(), run()])).toEqual([
      [60, 60, 2],
      [60, 60, 2],
      [60, 60, 2],
    ]);
    expect(sandbox.stats().throttles).toBe(0);
    const { hostname, port } = new URL(sandbox.endpoint);
    const place = `unknown us-east-1 ${hostname} ${port}`.replace(
      'us-east-1',
      await regionOf(sandbox.clientConfig),
    );
    expect(await keys(options.prefix)).toEqual([
      `${options.prefix}pace:${place}:Connect.DescribeUser`,
      `${options.prefix}pace:${place}:Connect.ListUsers`,
      `${options.prefix}pace:unknown:rows`,
    ]);
  });

  it('pacers in Redis keep accounts and Regions apart, and start from the documented quota of the operation', async () => {
    await using sandbox = await startSandbox({ users: 2 });
    const prefix = redis.newPrefix();
    const pacers = processOf({ prefix, defaultAccount: 'ours' });
    const credentials = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' };
    for (const config of [
      { credentials },
      { credentials: { ...credentials, accountId: '111111111111' } },
      { credentials: { ...credentials, accountId: '111111111111' }, region: 'eu-west-2' },
    ]) {
      const client = new ConnectClient({ ...sandbox.clientConfig, ...config });
      clients.push(client);
      await listUsers(client, { InstanceId: sandbox.instanceId }, { pacers }).toArray();
    }
    const { hostname, port } = new URL(sandbox.endpoint);
    const region = await regionOf(sandbox.clientConfig);
    expect(await keys(prefix)).toEqual(
      [`111111111111 ${region}`, '111111111111 eu-west-2', `ours ${region}`]
        .map((account) => `${prefix}pace:${account} ${hostname} ${port}:Connect.ListUsers`)
        .sort(),
    );
    const documented = pacers.forAccount(
      { id: '1', place: 'here' },
      { ratePerSecond: 2, operations: { slow: { ratePerSecond: 0.5, burst: 1 } } },
    );
    const permit = await documented.get('slow').acquire();
    await permit.settle({ kind: 'ok' });
    expect(documented.get('slow').ratePerSecond).toBe(0.5);
    const configured = processOf({ prefix, ratePerSecond: 3 }).forAccount(
      { id: '2', place: 'here' },
      { ratePerSecond: 2, operations: { slow: { ratePerSecond: 0.5, burst: 1 } } },
    );
    await configured.get('slow').acquire();
    expect(configured.get('slow').ratePerSecond).toBe(3);
  });

  it('pacers in Redis use in all processes what one of them has learnt', async () => {
    const prefix = redis.newPrefix();
    const [one, other] = [1, 2].map(() => processOf({ ratePerSecond: 50, burst: 5, prefix }).get('rows'));
    for (let n = 0; n < 4; n++) {
      const permit = await one?.acquire();
      await permit?.settle({ kind: 'throttled' });
    }
    const permit = await other?.acquire();
    await permit?.settle({ kind: 'ok' });
    expect(other?.ratePerSecond).toBeLessThan(45);
    expect(other?.ratePerSecond).toBe(one?.ratePerSecond);
  });

  it('pacers in Redis fail a request at once that would wait longer than maxElapsedMs because another process is asked to wait', async () => {
    const prefix = redis.newPrefix();
    const permit = await processOf({ ...FAST, prefix })
      .get('rows')
      .acquire();
    await permit.settle({ kind: 'throttled', retryAfterMs: 3_600_000 });
    let sent = 0;
    const rows = fromPages(
      async () => {
        sent++;
        return { items: [1], next: null };
      },
      { pace: processOf({ ...FAST, prefix }).get('rows'), retry: { maxElapsedMs: 60_000 } },
    );
    await expect(rows.toArray()).rejects.toMatchObject({
      code: 'ERR_RETRY_EXHAUSTED',
      message: expect.stringContaining('asks to wait'),
    });
    expect(sent).toBe(0);
  });

  it('pacers in Redis add the prefix of the connection before their own', async () => {
    const keyPrefix = redis.newPrefix();
    const pacers = redisPacers(redis.server.client({ keyPrefix }), { ...FAST, prefix: 'own:' });
    await pacers.get('rows').acquire();
    expect(await keys(keyPrefix)).toEqual([`${keyPrefix}own:pace:unknown:rows`]);
  });

  it('pacers in Redis keep working after Redis has lost their scripts and their state', async () => {
    const pacer = processOf({ ...FAST, prefix: redis.newPrefix() }).get('rows');
    await (await pacer.acquire()).settle({ kind: 'ok' });
    await redis.server.client().script('FLUSH');
    await redis.server.client().flushall();
    await (await pacer.acquire()).settle({ kind: 'ok' });
    expect(pacer.ratePerSecond).toBe(200);
  });

  it.each<[string, () => unknown, string]>([
    [
      'a URL',
      () => redisPacers('redis://127.0.0.1' as never),
      'redis must be a connection of ioredis, such as new Redis(url), received "redis://127.0.0.1"',
    ],
    ['nothing', () => redisPacers(undefined as never), 'redis must be a connection of ioredis'],
    [
      'an unknown option',
      () => processOf({ clock: 1 } as never),
      'unknown option "clock" in options of redisPacers',
    ],
    ['an invalid quota', () => processOf({ ratePerSecond: 0 }), 'ratePerSecond must be'],
    ['an invalid prefix', () => processOf({ prefix: 5 as never }), 'prefix must be'],
    ['an invalid account', () => processOf({ defaultAccount: 5 as never }), 'defaultAccount must be'],
  ])('redisPacers refuses %s', (_, create, message) => {
    expect(create).toThrow(message);
  });
});

function countedConnection(
  client: Redis,
  calls: { all: number; pending: number; most: number },
): RedisConnection {
  const counted = async (work: () => Promise<unknown>) => {
    calls.all++;
    calls.most = Math.max(calls.most, ++calls.pending);
    return work().finally(() => calls.pending--);
  };
  return {
    evalsha: (sha, count, ...rest) => counted(() => client.evalsha(sha, count, ...rest)),
    eval: (text, count, ...rest) => counted(() => client.eval(text, count, ...rest)),
  };
}

async function regionOf({ region }: { readonly region?: unknown }): Promise<string> {
  return String(typeof region === 'function' ? await region() : region);
}
