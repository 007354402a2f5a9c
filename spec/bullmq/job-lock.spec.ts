import { describe, expect, it } from 'vitest';
import { JobLock } from '../../lib/bullmq/job-lock.js';
import { JobLocks } from '../../lib/bullmq/job-locks.js';
import type { Clock } from '../../lib/core/clock.js';
import { manualClock } from '../support/manual-clock.js';

const LOST = { code: 'ERR_QUEUE_FAILED', message: expect.stringContaining('was not renewed in time') };

/** The locks of a worker whose requests to renew them Redis does not answer. */
function locksOf(clock: Clock): JobLocks {
  return new JobLocks({ clock, lockMs: 6_000, extend: () => new Promise(() => {}) });
}

describe('the lock of a job', () => {
  it('a lock that is not renewed aborts its work when it runs out, without an answer of Redis', async () => {
    const clock = manualClock();
    const lock = locksOf(clock).hold('a', 't');
    await clock.advance(5_999);
    lock.assertHeld();
    await clock.advance(1);
    expect(lock.signal.reason).toMatchObject(LOST);
  });

  it('a renewal counts from when it was sent, not from when it was answered', async () => {
    const clock = manualClock();
    const lock = locksOf(clock).hold('a', 't');
    const renewal = lock.renewBy(() => clock.sleep(4_000).then(() => 7));
    await clock.advance(4_000);
    expect(await renewal).toBe(7);
    await clock.advance(1_999);
    expect(lock.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(lock.signal.aborted).toBe(true);
  });

  it('a process that was stopped finds its lock lost before any of its timers', async () => {
    let now = 0;
    const clock = { now: () => now, sleep: () => new Promise<void>(() => {}) };
    const lock = new JobLock({ clock, id: 'a', token: 't', lockMs: 6_000 });
    now = 6_000;
    expect(() => lock.assertHeld()).toThrowError(expect.objectContaining(LOST));
    expect(lock.signal.aborted).toBe(true);
  });

  it('a renewal that finds another holder rejects, and aborts the work', async () => {
    const lock = new JobLock({ clock: manualClock(), id: 'a', token: 't', lockMs: 6_000 });
    await expect(lock.renewBy(async () => undefined)).rejects.toMatchObject(LOST);
    expect(lock.signal.aborted).toBe(true);
  });

  it('a renewal that is not answered ends with the lock', async () => {
    const clock = manualClock();
    const lock = locksOf(clock).hold('a', 't');
    const renewal = lock.renewBy(() => new Promise(() => {})).catch((error: unknown) => error);
    await clock.advance(6_000);
    expect(await renewal).toMatchObject(LOST);
  });
});

describe('the locks of a worker', () => {
  it('locks are renewed together, and only the one that is lost is aborted', async () => {
    const clock = manualClock();
    const asked: [string[], string[]][] = [];
    const locks = new JobLocks({
      clock,
      lockMs: 6_000,
      extend: async (ids, tokens) => {
        asked.push([ids, tokens]);
        return asked.length === 3 ? ['b'] : [];
      },
    });
    const [a, b] = [locks.hold('a', 't1'), locks.hold('b', 't2')];
    await clock.advance(20_000);
    expect(asked.slice(0, 4)).toEqual([
      [
        ['a', 'b'],
        ['t1', 't2'],
      ],
      [
        ['a', 'b'],
        ['t1', 't2'],
      ],
      [
        ['a', 'b'],
        ['t1', 't2'],
      ],
      [['a'], ['t1']],
    ]);
    expect([a.signal.aborted, b.signal.aborted]).toEqual([false, true]);
    locks.release(a);
    locks.release(b);
    locks.end();
  });

  it('a lock runs out on time whenever the worker took it, and no timer is left at the end', async () => {
    const clock = manualClock();
    const locks = locksOf(clock);
    await clock.advance(4_000);
    const first = locks.hold('a', 't1');
    await clock.advance(3_000);
    const second = locks.hold('b', 't2');
    await clock.advance(2_999);
    expect([first.signal.aborted, second.signal.aborted]).toEqual([false, false]);
    await clock.advance(1);
    expect([first.signal.aborted, second.signal.aborted]).toEqual([true, false]);
    await clock.advance(3_000);
    expect(second.signal.aborted).toBe(true);
    locks.end();
    expect(clock.sleepers).toBe(0);
  });

  it('a lock that is taken after the end of the worker is aborted, too', () => {
    const locks = new JobLocks({ clock: manualClock(), lockMs: 6_000, extend: async () => [] });
    locks.abortAll('closing');
    expect(locks.hold('a', 't').signal.reason).toBe('closing');
    locks.end();
  });
});
