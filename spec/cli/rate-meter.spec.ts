import { expect, it } from 'vitest';
import { RateMeter } from '../../lib/cli/report/rate-meter.js';

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
