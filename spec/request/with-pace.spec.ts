import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it } from 'vitest';
import type { Pacer } from '../../lib/core/pacer.js';
import type { FetchPage } from '../../lib/core/page.js';
import { RequestStats } from '../../lib/core/request-stats.js';
import { adaptivePacer } from '../../lib/pace/adaptive-pacer.js';
import { withPace } from '../../lib/request/with-pace.js';
import { manualClock } from '../support/manual-clock.js';

const throttle = Object.assign(new Error('slow down'), { retryAfterMs: 700 });
const classify = (error: unknown) =>
  error === throttle ? { kind: 'throttle', retryAfterMs: throttle.retryAfterMs } : { kind: 'final' };

/** A pacer that notes what it is told and grants numbered permits. */
function noting(): Pacer & { readonly notes: unknown[] } {
  const notes: unknown[] = [];
  let permits = 0;
  return {
    notes,
    acquire: async () => ++permits,
    succeeded: (permit) => void notes.push(['succeeded', permit]),
    throttled: (retryAfterMs, permit) => void notes.push(['throttled', retryAfterMs, permit]),
  };
}

describe('a paced send', () => {
  it('hands every permit back once, with what came of it', async () => {
    const pacer = noting();
    const errors = [undefined, throttle, new Error('no such instance')];
    const paced = withPace(
      async () => {
        const error = errors.shift();
        if (error) throw error;
        return 'answer';
      },
      pacer,
      { classify },
    );
    await expect(paced(undefined, {})).resolves.toBe('answer');
    await expect(paced(undefined, {})).rejects.toBe(throttle);
    await expect(paced(undefined, {})).rejects.toThrow('no such instance');
    expect(pacer.notes).toEqual([
      ['succeeded', 1],
      ['throttled', 700, 2],
      ['succeeded', 3],
    ]);
  });

  it('takes a fetch of pages and the plainest pacer there is', async () => {
    const plain = {
      turns: 0,
      async acquire(_signal?: AbortSignal): Promise<void> {
        this.turns++;
      },
      succeeded(): void {},
      throttled(_ms?: number): void {},
    };
    const fetchPage: FetchPage<string> = async () => ({ items: ['a'], next: undefined });
    const paced: FetchPage<string> = withPace(fetchPage, plain, { classify });
    await expect(paced(undefined, {})).resolves.toEqual({ items: ['a'] });
    expect(plain.turns).toBe(1);
  });

  it('adds the wait to the stats and publishes it', async () => {
    const clock = manualClock();
    const pacer = adaptivePacer({ ratePerSecond: 2, burst: 1, learn: false, clock });
    const paced = withPace(async () => 'answer', pacer, { classify, clock });
    const stats = new RequestStats();
    const events: unknown[] = [];
    const listen = (event: unknown) => events.push(event);
    subscribe('pageturn:wait', listen);
    for (let i = 0; i < 3; i++) await clock.run(paced(undefined, { operation: 'ListUsers', stats }));
    unsubscribe('pageturn:wait', listen);
    expect(stats.quotaWaitMs).toBe(1000);
    // The first one had nothing to wait for.
    expect(events).toEqual([
      { operation: 'ListUsers', waitedMs: 500 },
      { operation: 'ListUsers', waitedMs: 500 },
    ]);
  });

  it('counts no wait for a pacer that throws when it is asked', async () => {
    const stats = new RequestStats();
    const pacer: Pacer = {
      ...noting(),
      acquire: () => {
        throw new Error('out of reach');
      },
    };
    await expect(withPace(async () => 'answer', pacer, { classify })(undefined, { stats })).rejects.toThrow();
    expect(stats.waitingFor).toBeUndefined();
  });

  it('gives its place up when aborted, sends nothing, and counts what it waited', async () => {
    const clock = manualClock();
    const pacer = adaptivePacer({ ratePerSecond: 2, burst: 1, learn: false, clock });
    let sent = 0;
    const paced = withPace(async () => ++sent, pacer, { classify, clock });
    await paced(undefined, {});
    const abort = new AbortController();
    const stats = new RequestStats();
    const waiting = paced(undefined, { signal: abort.signal, stats });
    const next = paced(undefined, {});
    await clock.advance(200);
    abort.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    expect(stats.quotaWaitMs).toBe(200);
    await clock.run(next);
    expect([sent, clock.now()]).toEqual([2, 500]);
  });

  it('is let go by an abort at once where the pacer does not heed it, and the late permit is handed back', async () => {
    const pacer = noting();
    let grant = () => {};
    const deaf: Pacer = {
      ...pacer,
      acquire: () => new Promise((resolve) => (grant = () => resolve('late'))),
    };
    const abort = new AbortController();
    const waiting = withPace(async () => expect.fail('it was sent'), deaf, { classify })(undefined, {
      signal: abort.signal,
    });
    abort.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    expect(pacer.notes).toEqual([]);
    grant();
    await new Promise(setImmediate);
    expect(pacer.notes).toEqual([['succeeded', 'late']]);
  });

  it('asks for no permit where the signal aborted before', async () => {
    const pacer: Pacer = { ...noting(), acquire: () => expect.fail('it was asked') };
    const paced = withPace(async () => 'answer', pacer, { classify });
    await expect(paced(undefined, { signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow(
      'too late',
    );
  });
});

describe('a pacer that throws', () => {
  const failure = new Error('the limiter is out of reach');
  const fail = () => {
    throw failure;
  };

  it.each([
    ['when asked for a permit', { acquire: fail }],
    ['by rejecting a permit', { acquire: () => Promise.reject(failure) }],
    ['when told of a success', { succeeded: fail }],
  ])('is heard of by the caller: %s', async (_when, part) => {
    const paced = withPace(async () => 'answer', { ...noting(), ...part }, { classify });
    await expect(paced(undefined, {})).rejects.toBe(failure);
  });

  it.each([
    ['a refusal', throttle],
    ['an error', new Error('no such instance')],
  ])('is heard of by the caller: when told of %s', async (_what, error) => {
    const pacer: Pacer = { ...noting(), succeeded: fail, throttled: fail };
    const paced = withPace(() => Promise.reject(error), pacer, { classify });
    await expect(paced(undefined, {})).rejects.toBe(failure);
  });

  it('gets its permit back even from a classification that throws', async () => {
    const pacer = noting();
    const paced = withPace(() => Promise.reject(throttle), pacer, { classify: fail });
    await expect(paced(undefined, {})).rejects.toBe(failure);
    expect(pacer.notes).toEqual([['succeeded', 1]]);
  });
});
