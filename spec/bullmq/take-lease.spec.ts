import { describe, expect, it } from 'vitest';
import { takeLease } from '../../lib/bullmq/take-lease.js';
import { redisFor } from '../support/redis-for.js';
import { hasRedis } from '../support/start-redis.js';

describe.skipIf(!hasRedis)('the fencing token of a job (needs the Debian package redis-server)', () => {
  const redis = redisFor();

  it('the fencing token of a job rises with each holder of the lock, also after the job was removed, and whatever the clock says', async () => {
    const client = redis.server.client();
    const tokens: (number | undefined)[] = [];
    for (const holder of ['a', 'b', 'c', 'd']) {
      await client.set('job:lock', holder);
      tokens.push(await takeLease(client, { key: 'job', token: holder, lockMs: 5_000 }));
      if (holder === 'b') await client.del('job');
      // A clock that was set back: the last token lies in the future.
      if (holder === 'c') await client.hset('job', 'pageturn:lease', 4_000_000_000_000);
    }
    expect(tokens).toEqual([...tokens].sort((x, y) => Number(x) - Number(y)));
    expect(new Set(tokens).size).toBe(4);
    expect(tokens[3]).toBe(4_000_000_000_001);
    expect(Math.abs(Number(tokens[0]) - Date.now())).toBeLessThan(60_000);
  });

  it('the fencing token of a job is given to the holder of the lock only, whose lock it renews', async () => {
    const client = redis.server.client();
    await client.set('other:lock', 'a', 'PX', 1_000);
    expect(await takeLease(client, { key: 'other', token: 'b', lockMs: 60_000 })).toBeUndefined();
    expect(await client.pttl('other:lock')).toBeLessThanOrEqual(1_000);
    expect(await takeLease(client, { key: 'other', token: 'a', lockMs: 60_000 })).toBeGreaterThan(0);
    expect(await client.pttl('other:lock')).toBeGreaterThan(1_000);
  });
});
