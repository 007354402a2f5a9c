import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../lib/testing/index.js';

describe('a virtual clock', () => {
  it('waits on a virtual clock end in time order, each at its time', async () => {
    const clock = virtualClock();
    const ends: string[] = [];
    const wait = async (ms: number) => {
      await clock.sleep(ms);
      ends.push(`${ms} at ${clock.now()}`);
    };
    await Promise.all([wait(3000), wait(1000), wait(2000)]);
    expect(ends).toEqual(['1000 at 1000', '2000 at 2000', '3000 at 3000']);
  });

  it('an aborted wait rejects with the reason and is no longer counted', async () => {
    const clock = virtualClock({ stopped: true });
    const abort = new AbortController();
    const wait = clock.sleep(1000, abort.signal);
    expect(clock.waiting).toBe(1);
    abort.abort('enough');
    await expect(wait).rejects.toBe('enough');
    expect(clock.waiting).toBe(0);
  });

  it('a wait with an already aborted signal rejects at once', async () => {
    const clock = virtualClock();
    await expect(clock.sleep(1000, AbortSignal.abort('enough'))).rejects.toBe('enough');
    expect(clock.waiting).toBe(0);
  });

  it('a stopped clock does not advance', async () => {
    const clock = virtualClock({ stopped: true });
    let isOver = false;
    clock.sleep(1).then(() => {
      isOver = true;
    });
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect([isOver, clock.now(), clock.waiting]).toEqual([false, 0, 1]);
  });
});
