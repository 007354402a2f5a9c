import { expect, it } from 'vitest';
import { RateMeter } from '../../lib/cli/rate-meter.js';
import { NO_STATS, progressText } from '../../lib/cli/report.js';

function meterAt() {
  let now = 1000;
  const meter = new RateMeter({ now: () => now, sleep: () => Promise.resolve() });
  return {
    meter,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

it('the rate meter measures the requests of the last ten seconds', () => {
  const { meter, pass } = meterAt();
  for (let n = 0; n < 100; n++) {
    pass(100);
    meter.count();
  }
  expect(meter.requestsPerSecond).toBeCloseTo(10);
  for (let n = 0; n < 20; n++) {
    pass(500);
    meter.count();
  }
  expect(meter.requestsPerSecond).toBeCloseTo(2, 0);
  pass(20_000);
  expect(meter.requestsPerSecond).toBe(0);
});

it('the rate meter counts an initial burst over at least one second', () => {
  const { meter, pass } = meterAt();
  for (let n = 0; n < 5; n++) meter.count();
  pass(10);
  expect(meter.requestsPerSecond).toBe(5);
});

it('the progress line shows users, pages, throttles, the rate and the time waited', () => {
  const stats = { ...NO_STATS, itemsSeen: 4000, pages: 4, throttles: 1, quotaWaitMs: 1234 };
  expect(progressText(stats, { requestsPerSecond: 1.96 })).toBe(
    '4,000 users, 4 pages, 1 throttle, 2.0 requests/s, 1.2 s waited',
  );
});
