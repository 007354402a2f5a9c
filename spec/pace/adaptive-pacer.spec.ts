import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../lib/core/clock.js';
import type { Pacer } from '../../lib/core/pacer.js';
import { adaptivePacer } from '../../lib/pace/adaptive-pacer.js';
import { manualClock } from '../support/manual-clock.js';
import { drain, QuotaService } from './quota-service.js';

const told = { ratePerSecond: 2, burst: 5, learn: false };

/** Takes so many permits one after the other and hands each back; when they came, in seconds. */
async function take(pacer: Pacer, permits: number, clock: Clock): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < permits; i++) {
    const permit = await pacer.acquire();
    times.push(clock.now() / 1000);
    pacer.succeeded(permit);
  }
  return times;
}

describe('a pacer', () => {
  it('gives the burst at once and then one permit for every token', async () => {
    const clock = manualClock();
    const times = await clock.run(take(adaptivePacer({ ...told, clock }), 8, clock));
    expect(times).toEqual([0, 0, 0, 0, 0, 0.5, 1, 1.5]);
  });

  it('serves those who wait in the order they came', async () => {
    const clock = manualClock();
    const pacer = adaptivePacer({ ...told, burst: 1, clock });
    const served: string[] = [];
    const names = ['a', 'b', 'c', 'd'];
    await clock.run(Promise.all(names.map((name) => pacer.acquire().then(() => served.push(name)))));
    expect(served).toEqual(names);
  });

  it('is never refused where it was told the quota, however long requests take', async () => {
    const quota = fc.record({
      ratePerSecond: fc.double({ min: 0.5, max: 20, noNaN: true }),
      burst: fc.integer({ min: 2, max: 20 }),
    });
    const latencies = fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true }));
    await fc.assert(
      fc.asyncProperty(
        quota,
        latencies,
        fc.integer({ min: 1, max: 10 }),
        async (real, latency, concurrency) => {
          const clock = manualClock();
          // Up to half the time in which the burst comes in; see TokenBucketEstimate on slower answers.
          const longestMs = Math.min(1000, (500 * (real.burst - 1)) / real.ratePerSecond);
          const latencyMs = () => longestMs * (latency.next().value as number);
          const service = new QuotaService({ clock, ...real, latencyMs });
          await clock.run(
            drain(service, adaptivePacer({ ...real, learn: false, clock }), { requests: 60, concurrency }),
          );
          expect(service.throttles).toBe(0);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('lets no more requests be at work than it is told', async () => {
    const clock = manualClock();
    const pacer = adaptivePacer({ ...told, maxConcurrency: 2, clock });
    const permits = [await pacer.acquire(), await pacer.acquire()];
    let third = false;
    const waiting = pacer.acquire().then(() => (third = true));
    await clock.advance(60_000);
    expect(third).toBe(false);
    pacer.throttled(undefined, permits[1]);
    await clock.run(waiting);
  });

  it('gives nobody a permit before the time the service asked for is over, and then not all at once', async () => {
    const clock = manualClock();
    const pacer = adaptivePacer({ ...told, learn: true, clock });
    pacer.throttled(30_000, await pacer.acquire());
    const times = await clock.run(take(pacer, 3, clock));
    expect(times[0]).toBeGreaterThanOrEqual(30);
    expect((times[2] as number) - (times[0] as number)).toBeGreaterThan(0.9);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -5])(
    'takes a wait of %d ms for none',
    async (retryAfterMs) => {
      const clock = manualClock();
      const pacer = adaptivePacer({ ...told, clock });
      pacer.throttled(retryAfterMs, await pacer.acquire());
      expect(await clock.run(take(pacer, 1, clock))).toEqual([0.25]);
    },
  );

  it('slows down where others draw on a quota it was told, and waits longer with every refusal in a row', async () => {
    const clock = manualClock();
    const pacer = adaptivePacer({ ...told, clock });
    const waits: number[] = [];
    for (let refusal = 0; refusal < 4; refusal++) {
      const before = clock.now();
      const permit = await clock.run(pacer.acquire());
      waits.push((clock.now() - before) / 1000);
      pacer.throttled(undefined, permit);
    }
    expect(waits).toEqual([0, 0.25, 0.5, 1]);
  });

  it('takes refusals of requests that were on their way together for one', async () => {
    const together = manualClock();
    const single = manualClock();
    const pacers = [
      adaptivePacer({ ...told, clock: together }),
      adaptivePacer({ ...told, clock: single }),
    ] as const;
    const permits = [await pacers[0].acquire(), await pacers[0].acquire(), await pacers[0].acquire()];
    const permit = await pacers[1].acquire();
    await together.advance(10);
    await single.advance(10);
    for (const one of permits) pacers[0].throttled(undefined, one);
    pacers[1].throttled(undefined, permit);
    const times = await together.run(take(pacers[0], 1, together));
    expect(times).toEqual(await single.run(take(pacers[1], 1, single)));
  });

  it('says how fast it goes, and goes slower for refusals, but never for an hour without end', async () => {
    const clock = manualClock();
    const pacer = adaptivePacer({ clock });
    expect(pacer.ratePerSecond).toBe(2);
    for (let refusal = 0; refusal < 200; refusal++)
      pacer.throttled(undefined, await clock.run(pacer.acquire()));
    expect(pacer.ratePerSecond).toBeLessThan(0.2);
    const before = clock.now();
    await clock.run(take(pacer, 1, clock));
    expect(clock.now() - before).toBeLessThan(60_000);
  });

  it('does not mind that a wrapper drops its permits, or hands one back twice', async () => {
    const clock = manualClock();
    const inner = adaptivePacer({ ...told, clock });
    const wrapper: Pacer = {
      acquire: (signal) => inner.acquire(signal).then(() => undefined),
      succeeded: () => inner.succeeded(),
      throttled: (retryAfterMs) => inner.throttled(retryAfterMs),
    };
    const permit = await inner.acquire();
    inner.succeeded(permit);
    inner.succeeded(permit);
    inner.throttled(60_000, permit);
    const service = new QuotaService({ clock });
    await clock.run(service.request());
    await clock.run(drain(service, wrapper, { requests: 50, concurrency: 4 }));
    expect(service.throttles).toBe(0);
  });
});

describe('who waits for a permit', () => {
  it('is let go by an abort at once, with its reason, and leaves neither timer nor place in the line', async () => {
    const clock = manualClock();
    const pacer = adaptivePacer({ ...told, burst: 1, clock });
    pacer.succeeded(await pacer.acquire());
    const abort = new AbortController();
    const reason = new Error('enough');
    const first = pacer.acquire(abort.signal);
    const second = pacer.acquire();
    abort.abort(reason);
    await expect(first).rejects.toBe(reason);
    await clock.run(second);
    expect(clock.now()).toBe(500);
    expect(clock.sleepers).toBe(0);
  });

  it('is not let in with a signal that aborted before', async () => {
    const pacer = adaptivePacer({ ...told, clock: manualClock() });
    const reason = new Error('too late');
    await expect(pacer.acquire(AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it('hears of a clock that fails', async () => {
    const broken: Clock = { now: () => 0, sleep: () => Promise.reject(new Error('no timers left')) };
    const pacer = adaptivePacer({ ...told, burst: 1, clock: broken });
    await pacer.acquire();
    await expect(pacer.acquire()).rejects.toThrow('no timers left');
  });
});

describe('a clock that jumps', () => {
  const jumping = (jumpMs: number) => {
    const clock = manualClock();
    let offset = 0;
    return { clock, jumpy: { ...clock, now: () => clock.now() + offset }, jump: () => (offset += jumpMs) };
  };

  it('costs no time where it is set back', async () => {
    const { clock, jumpy, jump } = jumping(-3_600_000);
    const pacer = adaptivePacer({ ...told, clock: jumpy });
    await clock.run(take(pacer, 6, clock));
    jump();
    const times = await clock.run(take(pacer, 3, clock));
    expect(times).toEqual([1, 1.5, 2]);
  });

  it('costs no time where it is set back during a wait', async () => {
    const { clock, jumpy, jump } = jumping(-3_600_000);
    const pacer = adaptivePacer({ ...told, clock: jumpy });
    await clock.run(take(pacer, 5, clock));
    const waiting = take(pacer, 2, clock);
    await clock.advance(100);
    jump();
    await clock.run(waiting);
    expect(clock.now()).toBeLessThanOrEqual(1500);
  });

  it('fills the bucket where it is set ahead, and no further', async () => {
    const { clock, jumpy, jump } = jumping(3_600_000);
    const pacer = adaptivePacer({ ...told, clock: jumpy });
    await clock.run(take(pacer, 5, clock));
    jump();
    expect(await clock.run(take(pacer, 6, clock))).toEqual([0, 0, 0, 0, 0, 0.5]);
  });

  it.each([
    ['stands still', () => 0],
    ['is none', () => Number.NaN],
  ])('neither spins nor hangs where it %s', async (_what, now) => {
    const clock = manualClock();
    const pacer = adaptivePacer({ ...told, clock: { ...clock, now } });
    const times = await clock.run(take(pacer, 8, clock));
    expect(times).toEqual([0, 0, 0, 0, 0, 0.5, 1, 1.5]);
  });
});

describe('a pacer refuses', () => {
  it.each([
    ['ratePerSecond', 0],
    ['ratePerSecond', -1],
    ['ratePerSecond', Number.POSITIVE_INFINITY],
    ['ratePerSecond', Number.NaN],
    ['ratePerSecond', '2'],
    ['burst', 0],
    ['burst', 0.5],
    ['burst', Number.POSITIVE_INFINITY],
    ['burst', Number.NaN],
    ['burst', null],
    ['share', 0],
    ['share', -0.5],
    ['share', 1.01],
    ['share', Number.NaN],
    ['share', '50%'],
    ['learn', 'yes'],
    ['maxConcurrency', 0],
    ['maxConcurrency', 1.5],
    ['maxConcurrency', Number.NaN],
    ['maxConcurrency', '8'],
  ])('%s: %s', (name, value) => {
    expect(() => adaptivePacer({ [name]: value })).toThrow(
      expect.objectContaining({
        code: 'ERR_INVALID_ARGUMENT',
        message: expect.stringContaining(`${name} must be`),
      }),
    );
  });
});
