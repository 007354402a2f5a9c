import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it, vi } from 'vitest';
import type { AttemptEvent, ThrottleEvent } from '../../lib/core/events.js';
import { RequestStats } from '../../lib/core/request-stats.js';
import { type Send, withAttempt } from '../../lib/request/with-attempt.js';
import { withRetry } from '../../lib/request/with-retry.js';
import { virtualClock } from '../../lib/testing/virtual-clock.js';
import { leapingClock } from '../support/leaping-clock.js';

const throttle = () =>
  Object.assign(new Error('no'), { status: 429, response: { headers: new Headers({ 'Retry-After': '2' }) } });
const hang = () => new Promise<never>(() => {});

describe('an attempt', () => {
  it('an attempt without an answer in time is a transient fault and is followed by the next one', async () => {
    const clock = leapingClock();
    let sent = 0;
    const send: Send<string, string> = async (input) => (++sent === 1 ? hang() : input);
    const limited = withAttempt(send, { attemptTimeoutMs: 1000, clock: stoppedAfter(1, clock) });
    await expect(withRetry(limited, { clock })('page', {})).resolves.toBe('page');
    expect(sent).toBe(2);
  });

  it('an attempt that runs out of time aborts the signal of its send', async () => {
    let given: AbortSignal | undefined;
    const send: Send<string, never> = (_input, { signal }) => {
      given = signal;
      return hang();
    };
    const limited = withAttempt(send, { attemptTimeoutMs: 1000, clock: leapingClock() });
    await expect(limited('page', {})).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(given?.aborted).toBe(true);
  });

  it('an attempt answered in time leaves no timer behind', async () => {
    const waits: (AbortSignal | undefined)[] = [];
    const clock = virtualClock({ stopped: true });
    const watched = {
      now: clock.now,
      sleep: (ms: number, signal?: AbortSignal) => {
        waits.push(signal);
        return clock.sleep(ms, signal);
      },
    };
    await withAttempt(async () => 'page', { attemptTimeoutMs: 1000, clock: watched })('token', {});
    expect(waits.map((signal) => signal?.aborted)).toEqual([true]);
  });

  it('an attempt answered in time leaves no listener on the signal of its caller', async () => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    const clock = virtualClock({ stopped: true });
    await withAttempt(async () => 'page', { attemptTimeoutMs: 1000, clock })('token', { signal });
    expect(removed).toHaveBeenCalledTimes(added.mock.calls.length);
    expect(added).toHaveBeenCalled();
  });

  it('attempts count requests, throttles and the time spent waiting for answers', async () => {
    const clock = leapingClock();
    const stats = new RequestStats();
    const errors = [throttle(), throttle()];
    const send = async () => {
      await clock.sleep(30);
      const error = errors.shift();
      if (error) throw error;
      return 'page';
    };
    await withRetry(withAttempt(send, { clock }), { clock })('token', { stats });
    expect(stats).toMatchObject({ attempts: 3, throttles: 2, networkMs: 90 });
  });

  it('an attempt publishes its outcome, and for a throttle how long the service asked to wait', async () => {
    const attempts: AttemptEvent[] = [];
    const throttles: ThrottleEvent[] = [];
    const onAttempt = (event: unknown) => void attempts.push(event as AttemptEvent);
    const onThrottle = (event: unknown) => void throttles.push(event as ThrottleEvent);
    subscribe('pageturn:attempt', onAttempt);
    subscribe('pageturn:throttle', onThrottle);
    const errors: unknown[] = [throttle(), Object.assign(new Error('no'), { status: 500 })];
    const send = async () => {
      const error = errors.shift();
      if (error) throw error;
      return 'page';
    };
    await withRetry(withAttempt(send), { clock: leapingClock() })('token', { operation: 'X.Y' });
    unsubscribe('pageturn:attempt', onAttempt);
    unsubscribe('pageturn:throttle', onThrottle);
    expect(attempts.map(({ operation, attempt, outcome }) => [operation, attempt, outcome])).toEqual([
      ['X.Y', 1, 'throttle'],
      ['X.Y', 2, 'transient'],
      ['X.Y', 3, 'ok'],
    ]);
    expect(throttles).toEqual([{ operation: 'X.Y', retryAfterMs: 2000 }]);
  });

  it('an attempt accepts an answer that is not a promise', async () => {
    const send = (() => 'page') as never as () => Promise<string>;
    expect(
      await withAttempt(send, { attemptTimeoutMs: 1000, clock: virtualClock({ stopped: true }) })(
        'token',
        {},
      ),
    ).toBe('page');
  });

  it('a time limit of 0 is rejected', () => {
    expect(() => withAttempt(hang, { attemptTimeoutMs: 0 })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }),
    );
  });
});

/** A clock whose first waits are over at once, and whose later ones never end. */
function stoppedAfter(waits: number, clock: ReturnType<typeof leapingClock>) {
  let made = 0;
  return {
    now: clock.now,
    sleep: (ms: number, signal?: AbortSignal) =>
      made++ < waits ? clock.sleep(ms, signal) : virtualClock({ stopped: true }).sleep(ms, signal),
  };
}
