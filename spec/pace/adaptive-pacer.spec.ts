import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../lib/core/clock.js';
import type { Pacer } from '../../lib/core/pacer.js';
import { adaptivePacer } from '../../lib/pace/adaptive-pacer.js';
import { manualClock } from '../support/manual-clock.js';
import { drain, QuotaService } from './quota-service.js';

const configured = { ratePerSecond: 2, burst: 5, learn: false };

/** Acquires so many permits one after the other and settles each; resolves to when they came, in seconds. */
async function take(pacer: Pacer, permits: number, clock: Clock): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < permits; i++) {
    const permit = await pacer.acquire();
    times.push(clock.now() / 1000);
    permit.settle({ kind: 'ok' });
  }
  return times;
}

describe('a pacer', () => {
  it('an adaptive pacer grants the burst at once and then one permit for every token', async () => {
    const clock = manualClock();
    const times = await clock.run(take(adaptivePacer({ ...configured, clock }), 8, clock));
    expect(times).toEqual([0, 0, 0, 0, 0, 0.5, 1, 1.5]);
  });

  it('an adaptive pacer serves waiting requests in the order they came', async () => {
    const clock = manualClock();
    const pacer = adaptivePacer({ ...configured, burst: 1, clock });
    const served: string[] = [];
    const names = ['a', 'b', 'c', 'd'];
    await clock.run(Promise.all(names.map((name) => pacer.acquire().then(() => served.push(name)))));
    expect(served).toEqual(names);
  });

  it('an adaptive pacer with the configured quota is never throttled, however long requests take', async () => {
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
      { numRuns: 15 },
    );
  });

  it('an adaptive pacer allows no more requests in flight than maxConcurrency', async () => {
    const clock = manualClock();
    const pacer = adaptivePacer({ ...configured, maxConcurrency: 2, clock });
    const permits = [await pacer.acquire(), await pacer.acquire()] as const;
    let third = false;
    const waiting = pacer.acquire().then(() => (third = true));
    await clock.advance(60_000);
    expect(third).toBe(false);
    permits[1].settle({ kind: 'throttled' });
    await clock.run(waiting);
  });

  it('an adaptive pacer grants no permit during a Retry-After, and not all at once afterwards', async () => {
    const clock = manualClock();
    const pacer = adaptivePacer({ ...configured, learn: true, clock });
    (await pacer.acquire()).settle({ kind: 'throttled', retryAfterMs: 30_000 });
    const times = await clock.run(take(pacer, 3, clock));
    expect(times[0]).toBeGreaterThanOrEqual(30);
    expect((times[2] as number) - (times[0] as number)).toBeGreaterThan(0.9);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -5])(
    'ignores a requested wait of %d ms',
    async (retryAfterMs) => {
      const clock = manualClock();
      const pacer = adaptivePacer({ ...configured, clock });
      (await pacer.acquire()).settle({ kind: 'throttled', retryAfterMs });
      expect(await clock.run(take(pacer, 1, clock))).toEqual([0.25]);
    },
  );

  it('a pacer that does not learn slows down when others use its quota, and waits longer with every throttle in a row, up to two seconds', async () => {
    const clock = manualClock();
    const pacer = adaptivePacer({ ...configured, clock });
    const waits: number[] = [];
    for (let throttle = 0; throttle < 6; throttle++) {
      const before = clock.now();
      const permit = await clock.run(pacer.acquire());
      waits.push((clock.now() - before) / 1000);
      permit.settle({ kind: 'throttled' });
    }
    expect(waits).toEqual([0, 0.25, 0.5, 1, 2, 2]);
  });

  it('an adaptive pacer counts throttles of requests that were in flight together as one', async () => {
    const together = manualClock();
    const single = manualClock();
    const pacers = [
      adaptivePacer({ ...configured, clock: together }),
      adaptivePacer({ ...configured, clock: single }),
    ] as const;
    const permits = [await pacers[0].acquire(), await pacers[0].acquire(), await pacers[0].acquire()];
    const permit = await pacers[1].acquire();
    await together.advance(10);
    await single.advance(10);
    for (const one of permits) one.settle({ kind: 'throttled' });
    permit.settle({ kind: 'throttled' });
    const times = await together.run(take(pacers[0], 1, together));
    expect(times).toEqual(await single.run(take(pacers[1], 1, single)));
  });

  it('an adaptive pacer learns once from throttles of requests that were in flight together', async () => {
    const rates: number[] = [];
    for (const inFlight of [1, 3]) {
      const clock = manualClock();
      const pacer = adaptivePacer({ clock });
      const permits = [];
      for (let i = 0; i < inFlight; i++) permits.push(await pacer.acquire());
      await clock.advance(10);
      for (const permit of permits) permit.settle({ kind: 'throttled' });
      rates.push(pacer.ratePerSecond);
    }
    expect(rates[1]).toBe(rates[0]);
  });

  it('an adaptive pacer reports its rate and lowers it after throttles, down to a minimum', async () => {
    const clock = manualClock();
    const pacer = adaptivePacer({ clock });
    expect(pacer.ratePerSecond).toBe(2);
    for (let throttle = 0; throttle < 200; throttle++)
      (await clock.run(pacer.acquire())).settle({ kind: 'throttled' });
    expect(pacer.ratePerSecond).toBeLessThan(0.2);
    const before = clock.now();
    await clock.run(take(pacer, 1, clock));
    expect(clock.now() - before).toBeLessThan(60_000);
  });

  it('an adaptive pacer ignores every settlement of a permit after the first', async () => {
    const clock = manualClock();
    const pacer = adaptivePacer({ ...configured, clock });
    const permit = await pacer.acquire();
    permit.settle({ kind: 'ok' });
    permit.settle({ kind: 'throttled', retryAfterMs: 60_000 });
    permit.settle({ kind: 'lost' });
    expect(await clock.run(take(pacer, 5, clock))).toEqual([0, 0, 0, 0, 0.5]);
  });

  it('an adaptive pacer counts a lost request as one that took a token', async () => {
    const clock = manualClock();
    const pacer = adaptivePacer({ ...configured, burst: 1, clock });
    (await pacer.acquire()).settle({ kind: 'lost' });
    expect(await clock.run(take(pacer, 2, clock))).toEqual([0.5, 1]);
  });

  it('an adaptive pacer learns nothing about the quota from lost requests', async () => {
    const clock = manualClock();
    const pacer = adaptivePacer({ clock });
    for (let lost = 0; lost < 100; lost++) (await clock.run(pacer.acquire())).settle({ kind: 'lost' });
    expect(pacer.ratePerSecond).toBe(2);
  });
});

describe('a permit that is never settled', () => {
  it('a permit that is never settled expires, so maxConcurrency does not block forever', async () => {
    const clock = manualClock();
    const pacer = adaptivePacer({ ...configured, maxConcurrency: 2, permitTtlMs: 5000, clock });
    await pacer.acquire();
    await clock.advance(1000);
    await pacer.acquire();
    const times = await clock.run(take(pacer, 2, clock));
    expect(times).toEqual([5, 5]);
    await pacer.acquire();
    await clock.run(pacer.acquire());
    expect(clock.now()).toBe(6000);
  });

  it('a permit expires after two minutes by default', async () => {
    const clock = manualClock();
    const pacer = adaptivePacer({ ...configured, maxConcurrency: 1, clock });
    await pacer.acquire();
    expect(await clock.run(take(pacer, 1, clock))).toEqual([120]);
  });

  it('a permit that is settled after it has expired changes nothing', async () => {
    const clock = manualClock();
    const pacer = adaptivePacer({ ...configured, permitTtlMs: 5000, clock });
    const late = await pacer.acquire();
    await clock.advance(5000);
    late.settle({ kind: 'throttled', retryAfterMs: 60_000 });
    expect(await take(pacer, 1, clock)).toEqual([5]);
  });

  it('a permit has no timer while no other request waits for it', async () => {
    const clock = manualClock();
    const pacer = adaptivePacer({ ...configured, maxConcurrency: 1, clock });
    await pacer.acquire();
    expect(clock.sleepers).toBe(0);
  });

  it('a permit may live forever', async () => {
    const clock = manualClock();
    const pacer = adaptivePacer({ ...configured, maxConcurrency: 1, permitTtlMs: Infinity, clock });
    const permit = await pacer.acquire();
    const waiting = take(pacer, 1, clock);
    // A timer would keep the process alive.
    expect(clock.sleepers).toBe(0);
    await clock.advance(1e9);
    permit.settle({ kind: 'ok' });
    expect(await waiting).toEqual([1e6]);
  });
});

describe('a request that waits for a permit', () => {
  it('an aborted request leaves the queue at once, and rejects with the reason of the signal', async () => {
    const clock = manualClock();
    const pacer = adaptivePacer({ ...configured, burst: 1, clock });
    await pacer.acquire();
    const abort = new AbortController();
    const reason = new Error('enough');
    const first = pacer.acquire(abort.signal);
    const second = pacer.acquire();
    abort.abort(reason);
    await expect(first).rejects.toBe(reason);
    await clock.run(second);
    expect(clock.now()).toBe(550);
  });

  it('an aborted request leaves no timer if it was the only one', async () => {
    const clock = manualClock();
    const pacer = adaptivePacer({ ...configured, burst: 1, clock });
    await pacer.acquire();
    const abort = new AbortController();
    const waiting = pacer.acquire(abort.signal);
    expect(clock.sleepers).toBe(1);
    abort.abort();
    await expect(waiting).rejects.toThrow();
    expect(clock.sleepers).toBe(0);
  });

  it('an aborted request does not delay the others when another one is ready', async () => {
    const clock = manualClock();
    const pacer = adaptivePacer({ ...configured, maxConcurrency: 1, clock });
    const permit = await pacer.acquire();
    const abort = new AbortController();
    const first = pacer.acquire(abort.signal);
    const second = take(pacer, 1, clock);
    abort.abort();
    await expect(first).rejects.toThrow();
    permit.settle({ kind: 'ok' });
    expect(await second).toEqual([0]);
  });

  it('a request whose signal has aborted is rejected', async () => {
    const pacer = adaptivePacer({ ...configured, clock: manualClock() });
    const reason = new Error('too late');
    await expect(pacer.acquire(AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it('a waiting request fails when the clock fails', async () => {
    const broken: Clock = { now: () => 0, sleep: () => Promise.reject(new Error('no timers left')) };
    const pacer = adaptivePacer({ ...configured, burst: 1, clock: broken });
    await pacer.acquire();
    await expect(pacer.acquire()).rejects.toThrow('no timers left');
  });

  it('a request that comes after the clock has failed waits for a new timer', async () => {
    const clock = manualClock();
    let sleeps = 0;
    const sleep: Clock['sleep'] = (ms, signal) =>
      sleeps++ === 0 ? Promise.reject(new Error('no timers left')) : clock.sleep(ms, signal);
    const pacer = adaptivePacer({ ...configured, burst: 1, clock: { ...clock, sleep } });
    await take(pacer, 1, clock);
    await expect(pacer.acquire()).rejects.toThrow('no timers left');
    expect(await clock.run(take(pacer, 1, clock))).toEqual([0.5]);
  });
});

describe('a clock that jumps', () => {
  const jumping = (jumpMs: number) => {
    const clock = manualClock();
    let offset = 0;
    return { clock, jumpy: { ...clock, now: () => clock.now() + offset }, jump: () => (offset += jumpMs) };
  };

  it('a clock that is set back costs no time', async () => {
    const { clock, jumpy, jump } = jumping(-3_600_000);
    const pacer = adaptivePacer({ ...configured, clock: jumpy });
    await clock.run(take(pacer, 6, clock));
    jump();
    const times = await clock.run(take(pacer, 3, clock));
    expect(times).toEqual([1, 1.5, 2]);
  });

  it('a clock that is set back during a wait costs no time', async () => {
    const { clock, jumpy, jump } = jumping(-3_600_000);
    const pacer = adaptivePacer({ ...configured, clock: jumpy });
    await clock.run(take(pacer, 5, clock));
    const waiting = take(pacer, 2, clock);
    await clock.advance(100);
    jump();
    await clock.run(waiting);
    expect(clock.now()).toBeLessThanOrEqual(1500);
  });

  it('a clock that is set ahead fills the bucket, and no further', async () => {
    const { clock, jumpy, jump } = jumping(3_600_000);
    const pacer = adaptivePacer({ ...configured, clock: jumpy });
    await clock.run(take(pacer, 5, clock));
    jump();
    expect(await clock.run(take(pacer, 6, clock))).toEqual([0, 0, 0, 0, 0, 0.5]);
  });

  it.each([
    ['stands still', () => 0],
    ['returns NaN', () => Number.NaN],
  ])('neither spins nor hangs the pacer when it %s', async (_what, now) => {
    const clock = manualClock();
    const pacer = adaptivePacer({ ...configured, clock: { ...clock, now } });
    const times = await clock.run(take(pacer, 8, clock));
    expect(times).toEqual([0, 0, 0, 0, 0, 0.5, 1, 1.5]);
  });
});

describe('adaptivePacer rejects', () => {
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
    ['permitTtlMs', 0],
    ['permitTtlMs', Number.NaN],
    ['permitTtlMs', '1000'],
  ])('%s: %s', (name, value) => {
    expect(() => adaptivePacer({ [name]: value })).toThrow(
      expect.objectContaining({
        code: 'ERR_INVALID_ARGUMENT',
        message: expect.stringContaining(`${name} must be`),
      }),
    );
  });

  it('a misspelt option of adaptivePacer is refused by name', () => {
    expect(() => adaptivePacer({ rate: 5 } as never)).toThrow(
      /unknown option "rate" in options of adaptivePacer; known are .*ratePerSecond/,
    );
  });
});
