import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QuotaModel } from '../../lib/pace/quota-model.js';
import { readQuota } from '../../lib/pace/read-quota.js';
import { redisFor } from '../support/redis-for.js';
import { hasRedis } from '../support/start-redis.js';
import { TimedBucket } from './timed-bucket.js';

const STEP = fc.record({
  /** How long the caller rests before it asks, in milliseconds. */
  restMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 8_000 })),
  latencyMs: fc.integer({ min: 1, max: 1_500 }),
  outcome: fc.constantFrom('ok', 'ok', 'ok', 'throttled', 'lost'),
  retryAfterMs: fc.constantFrom(0, 0, 0, 2_500),
});

describe.skipIf(!hasRedis)('the script of a bucket in Redis', () => {
  const redis = redisFor();
  const bucketOf = (quota: ConstructorParameters<typeof TimedBucket>[2]) =>
    new TimedBucket(redis.server.client(), redis.newPrefix(), quota);
  /** Empties a bucket that holds five tokens. */
  const empty = async (bucket: TimedBucket, at = 0) => {
    for (let n = 0; n < 5; n++) {
      const { grant } = await bucket.run(at, { ask: `burst-${n}` });
      expect(grant).toBeDefined();
      await bucket.run(at, { settled: [{ ...grant, kind: 'ok' }] });
    }
  };
  const FIXED = { rate: 2, burst: 5, learn: false };
  const LEARNING = { ...FIXED, learn: true };

  it.each([
    ['learns', 1],
    ['keeps to a share of the quota', 0.5],
  ])(
    'a bucket in Redis grants one caller the permits that a pacer without Redis grants, when it %s',
    async (_, share) => {
      const client = redis.server.client();
      await fc.assert(
        fc.asyncProperty(fc.array(STEP, { minLength: 5, maxLength: 40 }), async (steps) => {
          const quota = readQuota({ ratePerSecond: 2, burst: 5, share });
          const model = new QuotaModel(quota);
          const rate = 2 * share;
          const scripted = { rate, burst: 5 * share, learn: quota.learn };
          const bucket = new TimedBucket(
            client,
            redis.newPrefix(),
            share < 1 ? { ...scripted, ceiling: rate } : scripted,
          );
          let now = 0;
          await bucket.run(0, {});
          for (const [index, { restMs, latencyMs, outcome, retryAfterMs }] of steps.entries()) {
            now += restMs;
            let readyAt = now;
            while (model.readyAt(readyAt) > readyAt) readyAt = model.readyAt(readyAt);
            for (let waitMs = 1; waitMs > 0; now += Math.ceil(waitMs)) {
              ({ waitMs } = await bucket.run(now, { ask: `${index}` }));
              if (waitMs === 0) break;
            }
            expect(now - readyAt).toBeGreaterThan(-0.1);
            expect(now - readyAt).toBeLessThan(2);
            const { grant, rate: learnt } = await bucket.run(now, { ask: `${index}` });
            const expected = model.grant(now);
            expect(grant?.believed).toBeCloseTo(expected.believed, 3);
            expect(learnt).toBeCloseTo(model.ratePerSecond, 3);
            now += latencyMs;
            if (outcome === 'ok') model.accepted(expected, now);
            else if (outcome === 'lost') model.lost(expected, now);
            else model.throttled(expected, now, retryAfterMs);
            await bucket.run(now, { settled: [{ ...grant, kind: outcome, retryAfterMs }] });
          }
        }),
        { numRuns: 12 },
      );
    },
  );

  it('a bucket in Redis gives processes that wait a token each, in the order in which they asked', async () => {
    const bucket = bucketOf(FIXED);
    await empty(bucket);
    const waits = [];
    for (const ask of ['a', 'b', 'c']) waits.push((await bucket.run(100, { ask })).waitMs);
    expect(waits).toEqual([400, 900, 1_400]);
    expect((await bucket.run(500, { ask: 'b' })).grant).toBeUndefined();
    expect((await bucket.run(500, { ask: 'a' })).grant).toBeDefined();
    expect((await bucket.run(1_000, { ask: 'c' })).waitMs).toBe(500);
    expect((await bucket.run(1_000, { ask: 'b' })).grant).toBeDefined();
  });

  it('a bucket in Redis grants a permit once, however often it is requested', async () => {
    const bucket = bucketOf(FIXED);
    const grants = [];
    for (let n = 0; n < 3; n++) grants.push((await bucket.run(0, { ask: 'a' })).grant);
    expect(grants[1]).toEqual(grants[0]);
    expect(grants[2]).toEqual(grants[0]);
    const more = [];
    for (let n = 0; n < 5; n++) more.push((await bucket.run(0, { ask: `${n}` })).grant);
    expect(more.filter(Boolean)).toHaveLength(4);
  });

  it('a bucket in Redis gives a process its next place with a permit, after those that wait', async () => {
    const bucket = bucketOf(FIXED);
    await empty(bucket);
    await bucket.run(0, { ask: 'other' });
    await bucket.run(0, { ask: 'another' });
    const first = await bucket.run(500, { ask: 'other', next: 'next' });
    expect(first.grant).toBeDefined();
    expect(first.waitMs).toBe(1_000);
    // Asked again because the answer was lost: there is one next place, and not two.
    expect(await bucket.run(500, { ask: 'other', next: 'next' })).toEqual(first);
    expect((await bucket.run(500, { ask: 'last' })).waitMs).toBe(1_500);
    expect((await bucket.run(1_000, { ask: 'another' })).grant).toBeDefined();
    expect((await bucket.run(1_500, { ask: 'next' })).grant).toBeDefined();
  });

  it('a bucket in Redis takes no next place where a token is there already', async () => {
    const bucket = bucketOf(FIXED);
    expect(await bucket.run(0, { ask: 'one', next: 'next' })).toMatchObject({ waitMs: 0 });
    for (let n = 0; n < 4; n++) expect((await bucket.run(0, { ask: `${n}` })).grant).toBeDefined();
    expect((await bucket.run(0, { ask: 'other' })).waitMs).toBe(500);
  });

  it.each([
    ['for one token only after a next place that is not used', false, 0],
    ['for 2 s after the next place of a process that died', true, 499],
  ])('a bucket in Redis lets others wait %s', async (_, isAwaited, waitMs) => {
    const bucket = bucketOf(FIXED);
    await empty(bucket);
    await bucket.run(0, { ask: 'gone' });
    expect((await bucket.run(500, { ask: 'gone', next: 'unused', isAwaited })).grant).toBeDefined();
    expect((await bucket.run(500, { ask: 'second' })).waitMs).toBe(1_000);
    expect((await bucket.run(1_501, { ask: 'second' })).grant).toBeDefined();
    expect((await bucket.run(1_501, { ask: 'third' })).waitMs).toBeCloseTo(waitMs, 0);
    expect((await bucket.run(3_002, { ask: 'fourth' })).grant).toBeDefined();
    expect((await bucket.run(3_002, { ask: 'fifth' })).grant).toBeDefined();
  });

  it('a bucket in Redis returns the token of a place that is given up, and of a process that died in the queue after 2 s', async () => {
    const bucket = bucketOf(FIXED);
    await empty(bucket);
    for (const ask of ['left', 'died', 'waits']) await bucket.run(0, { ask });
    await bucket.run(100, { leave: 'left' });
    expect((await bucket.run(100, { ask: 'waits' })).waitMs).toBe(900);
    // The place was due at 1 s.
    expect((await bucket.run(500, { ask: 'other' })).waitMs).toBe(1_000);
    expect((await bucket.run(500, { leave: 'other' })).waitMs).toBe(0);
    expect((await bucket.run(2_000, { ask: 'waits' })).grant).toBeDefined();
    for (let n = 0; n < 3; n++) expect((await bucket.run(4_001, { ask: `late-${n}` })).grant).toBeDefined();
  });

  it('a bucket in Redis counts the permit of a process that died with it as used after a second', async () => {
    const bucket = bucketOf(FIXED);
    for (let n = 0; n < 5; n++) await bucket.run(0, { ask: `died-${n}` });
    for (let n = 0; n < 5; n++) expect((await bucket.run(3_500, { ask: `${n}` })).grant).toBeDefined();
    expect((await bucket.run(3_500, { ask: 'more' })).grant).toBeUndefined();
  });

  it('a bucket in Redis holds all processes for the time that the service asked one of them to wait', async () => {
    const bucket = bucketOf(FIXED);
    const { grant } = await bucket.run(0, { ask: 'a' });
    await bucket.run(0, { settled: [{ ...grant, kind: 'throttled', retryAfterMs: 10_000 }] });
    const held = await bucket.run(4_000, { ask: 'b' });
    expect(held).toMatchObject({ grant: undefined, waitMs: 6_000, heldMs: 6_000 });
    expect((await bucket.run(9_999, { ask: 'b' })).grant).toBeUndefined();
    expect((await bucket.run(10_000, { ask: 'b' })).grant).toBeDefined();
    expect((await bucket.run(10_000, { ask: 'c' })).waitMs).toBe(500);
  });

  it('a bucket in Redis slows all processes when one of them is throttled without a time to wait', async () => {
    const bucket = bucketOf(LEARNING);
    const { grant } = await bucket.run(0, { ask: 'a' });
    expect((await bucket.run(0, { ask: 'b' })).grant).toBeDefined();
    await bucket.run(50, { settled: [{ ...grant, kind: 'throttled' }] });
    const { waitMs, rate } = await bucket.run(50, { ask: 'c' });
    expect(waitMs).toBeGreaterThan(300);
    expect(rate).toBeLessThan(2);
  });

  it('a bucket in Redis counts a throttle that is reported twice once', async () => {
    const bucket = bucketOf(FIXED);
    const { grant } = await bucket.run(0, { ask: 'a' });
    const throttle = { ...grant, kind: 'throttled', retryAfterMs: 0 };
    await bucket.run(50, { settled: [throttle] });
    const { waitMs } = await bucket.run(60, { ask: 'b' });
    expect((await bucket.run(60, { ask: 'b', settled: [{ ...throttle, again: true }] })).waitMs).toBe(waitMs);
  });

  it('a bucket in Redis starts from the rate and the empty bucket that a process remembers when Redis has lost the state', async () => {
    const bucket = bucketOf(LEARNING);
    const before = await bucket.run(0, { ask: 'before' });
    await redis.server.client().flushall();
    const { grant, rate } = await bucket.run(5_000, {
      ask: 'a',
      known: 7,
      settled: [{ ...before.grant, kind: 'ok' }],
    });
    expect(grant).toBeUndefined();
    expect(rate).toBe(7);
  });

  it('a bucket in Redis gains no tokens while the clock of the server is set back', async () => {
    const bucket = bucketOf(FIXED);
    await empty(bucket, 10_000);
    expect((await bucket.run(0, { ask: 'a' })).waitMs).toBe(500);
    expect((await bucket.run(500, { ask: 'a' })).grant).toBeDefined();
  });

  it('a bucket in Redis expires a day and a half after the last request', async () => {
    const client = redis.server.client();
    const prefix = redis.newPrefix();
    await new TimedBucket(client, prefix, FIXED).run(0, { ask: 'a' });
    expect(await client.pttl(prefix)).toBeGreaterThan(35 * 3_600_000);
    expect(await client.pttl(prefix)).toBeLessThanOrEqual(36 * 3_600_000);
  });
});
