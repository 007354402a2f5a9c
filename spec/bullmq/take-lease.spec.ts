import { describe, expect, it } from 'vitest';
import { takeLease } from '../../lib/bullmq/take-lease.js';
import { redisFor } from '../support/redis-for.js';
import { hasRedis } from '../support/start-redis.js';

describe.skipIf(!hasRedis)('the fencing token of a job (needs the Debian package redis-server)', () => {
  const redis = redisFor();

  const jobOf = (id: string, token: string) => ({
    lockKey: `${id}:lock`,
    leaseKey: 'pageturn:lease',
    token,
    lockMs: 600_000,
  });

  it('the fencing token of a job is the time of Redis', async () => {
    const client = redis.server.client();
    await client.set('first:lock', 'a');
    const token = await takeLease(client, jobOf('first', 'a'));
    expect(Math.abs(Number(token) - Date.now())).toBeLessThan(60_000);
  });

  it('the fencing token of a job rises with each holder of the lock, also within a millisecond and after the job was removed', async () => {
    const client = redis.server.client();
    const tokens: number[] = [];
    for (let n = 0; n < 200; n++) {
      await client.set('job:lock', `holder-${n}`);
      tokens.push(Number(await takeLease(client, jobOf('job', `holder-${n}`))));
      await client.del('job', 'job:lock');
    }
    expect(tokens.every((token, n) => n === 0 || token > Number(tokens[n - 1]))).toBe(true);
  });

  it('the fencing token of a job rises when the clock of Redis was set back', async () => {
    const client = redis.server.client();
    await client.set('pageturn:lease', 4_000_000_000_000);
    await client.set('late:lock', 'a');
    expect(await takeLease(client, jobOf('late', 'a'))).toBe(4_000_000_000_001);
  });

  it('the fencing token of a job is given to the holder of the lock only, whose lock it renews', async () => {
    const client = redis.server.client();
    await client.set('other:lock', 'a', 'PX', 60_000);
    expect(await takeLease(client, jobOf('other', 'b'))).toBeUndefined();
    expect(await client.pttl('other:lock')).toBeLessThanOrEqual(60_000);
    expect(await takeLease(client, jobOf('other', 'a'))).toBeGreaterThan(0);
    expect(await client.pttl('other:lock')).toBeGreaterThan(60_000);
  });
});
