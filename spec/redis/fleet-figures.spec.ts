import { describe, expect, it } from 'vitest';
import { hasRedis } from '../support/redis-server.js';
import { redisFor } from './redis-for.js';
import { simulatedFleet } from './simulated-fleet.js';
import { TimedBucket } from './timed-bucket.js';

describe.skipIf(!hasRedis)('three processes on one quota of 2/s with a burst of 5', () => {
  const redis = redisFor();
  const run = (quota: { rate: number; learn: boolean }, real = { ratePerSecond: 2, burst: 5 }) => {
    const bucket = new TimedBucket(redis.server.client(), redis.newPrefix(), { burst: 5, ...quota });
    return simulatedFleet(bucket, { processes: 3, pages: 100, ...real });
  };

  it('use all of it, with equal parts, two round trips a page and no throttle when they know it', async () => {
    const { ratio, throttled, smallest, trips } = await run({ rate: 2, learn: false });
    expect(ratio).toBeLessThan(1.01);
    expect(throttled).toBe(0);
    expect(smallest).toBeGreaterThan(0.9);
    expect(trips).toBeLessThanOrEqual(2);
  });

  it('use all of it with few throttles while they learn together', async () => {
    const { ratio, throttled, smallest, trips } = await run({ rate: 2, learn: true });
    expect(ratio).toBeLessThan(1.05);
    expect(throttled).toBeLessThan(0.05);
    expect(smallest).toBeGreaterThan(0.9);
    expect(trips).toBeLessThan(2.1);
  });

  it.each([
    ['half of', 1, 1.01],
    ['five times', 10, 1.3],
  ])('find out together that it is %s what they were told', async (_, ratePerSecond, bound) => {
    const { ratio, throttled } = await run({ rate: 2, learn: true }, { ratePerSecond, burst: 5 });
    expect(ratio).toBeLessThan(bound);
    expect(throttled).toBeLessThan(0.1);
  });
});
