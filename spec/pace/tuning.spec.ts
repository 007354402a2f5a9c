import { describe, expect, it } from 'vitest';
import { needs } from '../../bench/pace/needs.js';
import { alone, batches, mean } from '../../bench/pace/scenarios.js';
import type { Tuning } from '../../lib/pace/learning-rate.js';
import { QuotaModel } from '../../lib/pace/quota-model.js';
import { readQuota } from '../../lib/pace/read-quota.js';

describe('every constant of the learning rate is needed', () => {
  it.each(needs)('$constant: $figure is worse with $without', (need) => {
    const { constant, scenario, figure, bound, without } = need;
    const kept = mean(scenario, figure);
    const broken = mean(scenario, figure, { [constant]: without } as Partial<Tuning>);
    const sign = need.atLeast ? -1 : 1;
    expect(sign * kept.mean).toBeLessThanOrEqual(sign * bound);
    expect(sign * broken.mean).toBeGreaterThan(sign * bound);
    // Outside noise: three standard errors of the difference.
    const noise = 3 * Math.hypot(kept.error, broken.error);
    expect(Math.abs(broken.mean - kept.mean)).toBeGreaterThan(noise);
  });

  it('slowest: after an hour of throttles, a request is sent within a minute', () => {
    const model = new QuotaModel(readQuota({}));
    let now = 0;
    while (now < 3_600_000) {
      now = Math.max(now, model.readyAt(now));
      model.throttled(model.grant(now), now);
    }
    expect(model.ratePerSecond).toBeCloseTo(0.1);
    expect(model.readyAt(now) - now).toBeLessThan(60_000);
  });
});

it('errors that were corrected while a request was in flight are not corrected again', () => {
  // Counted twice, eight concurrent requests overshoot a quota five times as high: the ratio becomes 1.2.
  const real = { ratePerSecond: 10, burst: 5 };
  const scenario = alone({ requests: 1000, concurrency: 8, latencyMs: 100, real });
  expect(mean(scenario, 'ratio').mean).toBeLessThan(1.05);
});

it('a rest begins a new cycle, so that a batch after a rest is not throttled', () => {
  expect(mean(batches, 'throttled').mean).toBeLessThan(0.01);
});

it('the cushion shrinks slowly at first, which keeps throttles below 2.3 %', () => {
  // With a linear cushion it is 2.9 %.
  expect(mean(alone({ requests: 1000 }), 'throttled').mean).toBeLessThan(0.023);
});
