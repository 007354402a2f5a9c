import { describe, expect, it } from 'vitest';
import { seeded } from '../../bench/pace/simulation.js';
import { adaptivePacer } from '../../lib/pace/adaptive-pacer.js';
import type { QuotaOptions } from '../../lib/pace/read-quota.js';
import { manualClock } from '../support/manual-clock.js';
import { drain, QuotaService } from './quota-service.js';

// The bound is the time an ideal client takes that knows the bucket: (requests - burst) / rate. All in virtual time.

interface Scenario extends QuotaOptions {
  readonly requests: number;
  readonly concurrency?: number;
  readonly latencyMs?: number;
  readonly real?: { readonly ratePerSecond: number; readonly burst: number };
}

/** Time over the bound and throttles per request: the medians of three runs. */
async function alone({ requests, concurrency = 1, latencyMs = 1, real, ...quota }: Scenario) {
  const runs = [];
  for (const seed of [1, 2, 3]) {
    const random = seeded(seed);
    const clock = manualClock();
    const service = new QuotaService({ clock, ...real, latencyMs: () => latencyMs * (1 + 0.2 * random()) });
    await clock.run(drain(service, adaptivePacer({ ...quota, clock }), { requests, concurrency, random }));
    expect(service.served('', -1, clock.now())).toBe(requests);
    runs.push({
      ratio: clock.now() / 1000 / service.bound(requests),
      throttled: service.throttles / requests,
    });
  }
  return { ratio: median(runs.map((run) => run.ratio)), throttled: median(runs.map((run) => run.throttled)) };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] as number;
}

describe('alone on a quota as documented, a pacer that learns', () => {
  it.each([1, 150])('drains 100 pages within 1.01 of the bound, at %d ms latency', async (latencyMs) => {
    const { ratio, throttled } = await alone({ requests: 100, latencyMs });
    expect(ratio).toBeLessThan(1.01);
    expect(throttled).toBeLessThanOrEqual(0.04);
  });

  it.each([1, 150])('drains 1,000 pages within 1.002 of the bound, at %d ms latency', async (latencyMs) => {
    const { ratio, throttled } = await alone({ requests: 1000, latencyMs });
    expect(ratio).toBeLessThan(1.002);
    expect(throttled).toBeLessThanOrEqual(0.04);
  });

  it.each([1, 8, 32])('drains 500 requests within 1.005 of the bound, %d at once', async (concurrency) => {
    const { ratio, throttled } = await alone({ requests: 500, concurrency, latencyMs: 100 });
    expect(ratio).toBeLessThan(1.005);
    expect(throttled).toBeLessThanOrEqual(0.04);
  });
});

describe('alone on another quota that is configured, a pacer that learns', () => {
  it.each([
    { ratePerSecond: 0.5, burst: 3 },
    { ratePerSecond: 8, burst: 2 },
    { ratePerSecond: 20, burst: 20 },
  ])('drains 300 requests within 1.005 of the bound: $ratePerSecond/s, burst $burst', async (real) => {
    const latencyMs = 100 / real.ratePerSecond;
    const { ratio, throttled } = await alone({ ...real, real, requests: 300, concurrency: 4, latencyMs });
    expect(ratio).toBeLessThan(1.005);
    expect(throttled).toBeLessThanOrEqual(0.04);
  });
});

describe('a quota other than configured', () => {
  it.each([
    ['half of it', { ratePerSecond: 1, burst: 5 }],
    ['half of it, and half the burst', { ratePerSecond: 1, burst: 2 }],
    ['five times as much', { ratePerSecond: 10, burst: 5 }],
    ['five times as much, and five times the burst', { ratePerSecond: 10, burst: 25 }],
  ])('a quota is learnt and used within 1.10 of the bound: %s', async (_what, real) => {
    const { ratio, throttled } = await alone({ requests: 1000, latencyMs: 20, real });
    expect(ratio).toBeLessThan(1.1);
    expect(throttled).toBeLessThanOrEqual(0.05);
  });
});

describe('a pacer with a fixed rate', () => {
  it.each([0, 1, 150, 400])(
    'is never throttled at %d ms latency, and loses next to no time',
    async (latencyMs) => {
      const { ratio, throttled } = await alone({ requests: 500, concurrency: 3, latencyMs, learn: false });
      expect(throttled).toBe(0);
      expect(ratio).toBeLessThan(1.005);
    },
  );

  it('a pacer takes its share of the quota and no more', async () => {
    const { ratio, throttled } = await alone({ requests: 200, share: 0.5 });
    expect(throttled).toBe(0);
    expect(ratio).toBeGreaterThan(2);
    expect(ratio).toBeLessThan(2.05);
  });

  it('a pacer never takes more than its share while it learns, and less when there is less', async () => {
    const plenty = { ratePerSecond: 10, burst: 20 };
    const kept = await alone({ requests: 200, share: 0.5, learn: true, real: plenty });
    // One request a second and two and a half at once, of a quota of ten and twenty.
    expect(kept.ratio).toBeGreaterThan(10);
    expect(kept.throttled).toBe(0);
    const scarce = await alone({
      requests: 200,
      share: 0.5,
      learn: true,
      real: { ratePerSecond: 0.5, burst: 2 },
    });
    expect(scarce.throttled).toBeLessThan(0.1);
  });
});

describe('three processes that do not know of one another', () => {
  it('three independent processes share a quota: all finish within 1.05 of the bound, none starves', async () => {
    const runs = [];
    for (let seed = 1; seed <= 25; seed++) {
      const random = seeded(seed);
      const clock = manualClock();
      const service = new QuotaService({ clock, latencyMs: () => 40 + 20 * random() });
      const endedAt: number[] = [];
      const work = ['a', 'b', 'c'].map(async (caller) => {
        await clock.sleep(300 * random());
        await drain(service, adaptivePacer({ clock }), { requests: 100, caller, random });
        endedAt.push(clock.now());
      });
      await clock.run(Promise.all(work));
      const together = Math.min(...endedAt);
      const served = ['a', 'b', 'c'].map((caller) => service.served(caller, 0, together));
      runs.push({
        ratio: clock.now() / 1000 / service.bound(300),
        throttled: service.throttles / 300,
        smallest: (3 * Math.min(...served)) / served.reduce((sum, one) => sum + one, 0),
      });
    }
    expect(median(runs.map((run) => run.ratio))).toBeLessThan(1.05);
    expect(median(runs.map((run) => run.throttled))).toBeLessThanOrEqual(0.15);
    expect(median(runs.map((run) => run.smallest))).toBeGreaterThan(0.5);
  });
});

describe('a competitor that stops', () => {
  it('a pacer leaves 90 % of what it used to another client within 15 s', async () => {
    const rates = [];
    for (let seed = 1; seed <= 15; seed++) {
      const random = seeded(seed);
      const clock = manualClock();
      const service = new QuotaService({ clock, latencyMs: () => 40 + 20 * random() });
      const stop = new AbortController();
      const blind = async () => {
        while (!stop.signal.aborted) {
          await service.request('other').catch(() => {});
          await clock.sleep(950);
        }
      };
      void drain(service, adaptivePacer({ clock }), { requests: 10_000, caller: 'ours', random });
      void blind();
      await clock.advance(90_000 + 10_000 * random());
      const leftAt = clock.now();
      const before = service.served('ours', leftAt - 60_000, leftAt) / 60;
      stop.abort();
      await clock.advance(45_000);
      const after = service.served('ours', leftAt + 15_000, leftAt + 45_000) / 30;
      rates.push((after - before) / (2 - before));
    }
    expect(median(rates)).toBeGreaterThan(0.9);
  });
});
