import { describe, expect, it } from 'vitest';
import { needs } from '../../bench/pace/needs.js';
import { alone, batches, mean } from '../../bench/pace/scenarios.js';
import { Bucket, Simulation } from '../../bench/pace/simulation.js';
import { TUNING, type Tuning } from '../../lib/pace/learning-rate.js';
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

  it('slowest: after an hour of throttles, 60 requests take a minute, and half an hour without it', () => {
    expect(secondsAfterOutage(TUNING)).toBeLessThan(60);
    expect(secondsAfterOutage({ ...TUNING, slowest: 0 })).toBeGreaterThan(600);
  });
});

describe('requests in flight together', () => {
  const real = { ratePerSecond: 10, burst: 5 };
  const concurrent = alone({ requests: 1000, concurrency: 8, latencyMs: 100, real });

  it('requests in flight together correct the estimate once, so that the learnt rate does not overshoot', () => {
    expect(mean(concurrent, 'ratio').mean).toBeLessThan(1.05);
  });

  it('throttles of requests in flight together count as one, which keeps throttles below 4.5 %', () => {
    // Counted one by one, it is 6 %.
    expect(mean(concurrent, 'throttled').mean).toBeLessThan(0.045);
  });
});

it('a rest begins a new cycle, so that a batch after a rest is not throttled', () => {
  expect(mean(batches, 'throttled').mean).toBeLessThan(0.01);
});

it('the cushion shrinks slowly at first, which keeps throttles below 2.3 %', () => {
  // With a linear cushion it is 2.8 %.
  expect(mean(alone({ requests: 1000 }), 'throttled').mean).toBeLessThan(0.023);
});

/** How long 60 accepted requests take after an hour in which every request was throttled. */
function secondsAfterOutage(tuning: Tuning): number {
  const model = new QuotaModel(readQuota({}), tuning);
  const simulation = new Simulation();
  const bucket = new Bucket(simulation, 2, 5);
  let endedAt = 0;
  for (let accepted = 0; accepted < 60; ) {
    simulation.now = Math.max(simulation.now, model.readyAt(simulation.now));
    const { now } = simulation;
    const grant = model.grant(now);
    const isOutage = now < 3_600_000;
    if (isOutage) endedAt = now;
    if (!isOutage && bucket.take('')) {
      accepted++;
      model.accepted(grant, now);
    } else model.throttled(grant, now);
  }
  return (simulation.now - endedAt) / 1000;
}
