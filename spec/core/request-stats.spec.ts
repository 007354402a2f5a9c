import { describe, expect, it } from 'vitest';
import { RequestStats } from '../../lib/core/request-stats.js';
import { fromPages } from '../../lib/from-pages.js';
import { hang, ignore, modelService } from '../listing/model-service.js';
import { manualClock } from '../support/manual-clock.js';

const answer = { status: 429, headers: { 'retry-after': '30' } };
const throttle = () => Promise.reject(Object.assign(new Error('slow down'), answer));
const reset = () => Promise.reject(Object.assign(new Error('gone'), { code: 'ECONNRESET' }));

describe('the stats of a traversal', () => {
  it('the stats show at any moment what a traversal waits for, and for how long so far', async () => {
    const clock = manualClock();
    const service = modelService(3);
    service.faults.set(0, throttle);
    service.faults.set(1, reset);
    service.faults.set(2, async (page) => {
      await clock.sleep(800);
      return page();
    });
    const walk = fromPages(service.fetchPage, { clock, retry: { maxElapsedMs: Infinity } }).open();
    expect(walk.stats.waitingFor).toBeUndefined();

    const first = walk.next();
    await clock.advance(10_000);
    expect(walk.stats).toMatchObject({ waitingFor: 'quota', quotaWaitMs: 10_000, attempts: 1, throttles: 1 });
    await clock.advance(20_000);
    expect(walk.stats).toMatchObject({ waitingFor: 'retry', quotaWaitMs: 30_000, attempts: 2 });
    await clock.advance(100);
    const { networkMs } = walk.stats;
    await clock.advance(300);
    expect(walk.stats).toMatchObject({ waitingFor: 'network', networkMs: networkMs + 300 });

    await clock.run(first);
    expect(walk.stats).toMatchObject({ waitingFor: undefined, quotaWaitMs: 30_000, networkMs: 800 });
  });

  it.each([
    ['obeys its signal', hang],
    ['ignores its signal', ignore],
  ])('the stats stand still once the traversal is stopped, while its request %s', async (_how, fault) => {
    const clock = manualClock();
    const service = modelService(3);
    service.faults.set(0, fault);
    const walk = fromPages(service.fetchPage, { clock }).open();
    const waiting = walk.next();
    await clock.advance(50);
    await walk.return();
    await waiting;
    await clock.advance(1000);
    expect(walk.stats).toMatchObject({ waitingFor: undefined, networkMs: 50, attempts: 1 });
  });
});

describe('RequestStats', () => {
  it('RequestStats names the latest wait that has not ended', () => {
    const clock = manualClock();
    const stats = new RequestStats();
    const endNetwork = stats.begin('network', clock);
    const endQuota = stats.begin('quota', clock);
    expect(stats.waitingFor).toBe('quota');
    endQuota();
    expect(stats.waitingFor).toBe('network');
    endNetwork();
    expect(stats.waitingFor).toBeUndefined();
  });

  it('RequestStats never counts negative time, even if the clock is set back', () => {
    let now = 100;
    const clock = { now: () => now, sleep: () => Promise.resolve() };
    const stats = new RequestStats();
    const end = stats.begin('network', clock);
    now = 40;
    expect([stats.networkMs, end(), stats.networkMs]).toEqual([0, 0, 0]);
  });
});
