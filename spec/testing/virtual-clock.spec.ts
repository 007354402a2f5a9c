import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../lib/testing/index.js';

describe('a virtual clock', () => {
  it('ends waits in the order of their time, and tells the time of each', async () => {
    const clock = virtualClock();
    const ends: string[] = [];
    const wait = async (ms: number) => {
      await clock.sleep(ms);
      ends.push(`${ms} at ${clock.now()}`);
    };
    await Promise.all([wait(3000), wait(1000), wait(2000)]);
    expect(ends).toEqual(['1000 at 1000', '2000 at 2000', '3000 at 3000']);
  });

  it('ends a wait with the reason of its signal, and counts it no longer', async () => {
    const clock = virtualClock({ stopped: true });
    const abort = new AbortController();
    const wait = clock.sleep(1000, abort.signal);
    expect(clock.waiting).toBe(1);
    abort.abort('enough');
    await expect(wait).rejects.toBe('enough');
    expect(clock.waiting).toBe(0);
  });

  it('waits for nothing under a signal that has aborted', async () => {
    const clock = virtualClock();
    await expect(clock.sleep(1000, AbortSignal.abort('enough'))).rejects.toBe('enough');
    expect(clock.waiting).toBe(0);
  });

  it('does not move while it is stopped', async () => {
    const clock = virtualClock({ stopped: true });
    let isOver = false;
    clock.sleep(1).then(() => {
      isOver = true;
    });
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect([isOver, clock.now(), clock.waiting]).toEqual([false, 0, 1]);
  });
});
