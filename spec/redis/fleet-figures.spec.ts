import { describe, expect, it } from 'vitest';
import { redisFor } from '../support/redis-for.js';
import { hasRedis } from '../support/start-redis.js';
import { simulatedFleet } from './simulated-fleet.js';
import { TimedBucket } from './timed-bucket.js';

describe.skipIf(!hasRedis)('processes that share a quota of 2/s with a burst of 5', () => {
  const redis = redisFor();
  const run = (
    quota: { rate: number; learn: boolean },
    real: { ratePerSecond?: number; processes?: number; pages?: number } = {},
  ) => {
    const bucket = new TimedBucket(redis.server.client(), redis.newPrefix(), { burst: 5, ...quota });
    return simulatedFleet(bucket, { processes: 3, pages: 100, ratePerSecond: 2, burst: 5, ...real });
  };

  it('processes that share a quota use all of it, with equal parts, one round trip a page and no throttle when they know it', async () => {
    const { ratio, throttled, smallest, trips } = await run({ rate: 2, learn: false });
    expect(ratio).toBeLessThan(1.01);
    expect(throttled).toBe(0);
    expect(smallest).toBeGreaterThan(0.9);
    expect(trips).toBeLessThanOrEqual(1.05);
  });

  it('processes that share a quota use all of it with few throttles, and at most two round trips a page, while they learn together', async () => {
    const { ratio, throttled, smallest, trips } = await run({ rate: 2, learn: true });
    expect(ratio).toBeLessThan(1.05);
    expect(throttled).toBeLessThan(0.05);
    expect(smallest).toBeGreaterThan(0.9);
    expect(trips).toBeLessThan(1.2);
  });

  it('processes learn together that the quota is half of the configured one', async () => {
    const { ratio, throttled } = await run({ rate: 2, learn: true }, { ratePerSecond: 1 });
    expect(ratio).toBeLessThan(1.01);
    expect(throttled).toBeLessThan(0.1);
  });

  it('ten processes learn together that the quota is five times the configured one', async () => {
    const real = { ratePerSecond: 10, processes: 10, pages: 60 };
    const { ratio, throttled } = await run({ rate: 2, learn: true }, real);
    expect(ratio).toBeLessThan(1.35);
    expect(throttled).toBeLessThan(0.1);
  });
});
