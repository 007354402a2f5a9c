import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, describe, expect, it } from 'vitest';
import type { SettleErrorEvent, WaitEvent } from '../../lib/core/events.js';
import type { Outcome, Pacer, Permit } from '../../lib/core/pacer.js';
import type { FetchPage } from '../../lib/core/page.js';
import { RequestStats } from '../../lib/core/request-stats.js';
import { adaptivePacer } from '../../lib/pace/adaptive-pacer.js';
import type { Classification } from '../../lib/request/classify.js';
import { withPace } from '../../lib/request/with-pace.js';
import { type ManualClock, manualClock } from '../support/manual-clock.js';

const throttle = new Error('slow down');
const fault = new Error('connection reset');
const classify = (error: unknown): Classification => {
  if (error === throttle) return { kind: 'throttle', retryAfterMs: 700 };
  return { kind: error === fault ? 'transient' : 'final' };
};

/** A pacer that grants every permit at once and records the outcomes. */
function recordingPacer(): Pacer & { readonly outcomes: Outcome[] } {
  const outcomes: Outcome[] = [];
  return { outcomes, acquire: async () => ({ settle: (outcome) => void outcomes.push(outcome) }) };
}

const unsubscribes: (() => void)[] = [];
afterEach(() => {
  for (const unsubscribe of unsubscribes.splice(0)) unsubscribe();
});

function record<E>(channel: string): E[] {
  const events: E[] = [];
  const listener = (event: unknown) => void events.push(event as E);
  subscribe(channel, listener);
  unsubscribes.push(() => unsubscribe(channel, listener));
  return events;
}

const turn = () => new Promise(setImmediate);

describe('a paced send', () => {
  it.each([
    ['ok when the service answers', undefined, { kind: 'ok' }],
    [
      'throttled, with the time to wait, when the service throttles',
      throttle,
      { kind: 'throttled', retryAfterMs: 700 },
    ],
    ['lost after a fault of the connection or the service', fault, { kind: 'lost' }],
    ['ok after an error that is an answer', new Error('no such instance'), { kind: 'ok' }],
  ])('a permit is settled as %s', async (_outcome, error, expected) => {
    const pacer = recordingPacer();
    const paced = withPace(() => (error ? Promise.reject(error) : Promise.resolve('answer')), pacer, {
      classify,
    });
    const sent = paced(undefined, {});
    await (error ? expect(sent).rejects.toBe(error) : expect(sent).resolves.toBe('answer'));
    expect(pacer.outcomes).toEqual([expected]);
  });

  it('a permit is settled as lost when the classification of an error throws', async () => {
    const pacer = recordingPacer();
    const mistake = new Error('a mistake in classify');
    const paced = withPace(() => Promise.reject(throttle), pacer, {
      classify: () => {
        throw mistake;
      },
    });
    await expect(paced(undefined, {})).rejects.toMatchObject({ code: 'ERR_CALLBACK_FAILED', cause: mistake });
    expect(pacer.outcomes).toEqual([{ kind: 'lost' }]);
  });

  it('withPace wraps a fetch of pages', async () => {
    const fetchPage: FetchPage<string> = async () => ({ items: ['a'], next: undefined });
    const paced: FetchPage<string> = withPace(fetchPage, recordingPacer(), { classify });
    await expect(paced(undefined, {})).resolves.toEqual({ items: ['a'], next: undefined });
  });

  it('a wait for a permit is added to the stats and published', async () => {
    const clock = manualClock();
    const pacer = adaptivePacer({ ratePerSecond: 2, burst: 1, learn: false, clock });
    const paced = withPace(async () => 'answer', pacer, { classify, clock });
    const stats = new RequestStats();
    const events = record<WaitEvent>('pageturn:wait');
    for (let i = 0; i < 3; i++) await clock.run(paced(undefined, { operation: 'ListUsers', stats }));
    expect(stats.quotaWaitMs).toBe(1000);
    // The first request does not wait.
    expect(events).toEqual([
      { operation: 'ListUsers', waitedMs: 500 },
      { operation: 'ListUsers', waitedMs: 500 },
    ]);
  });
});

describe('an abort of a paced send', () => {
  it('an abort takes a waiting request out of the queue, sends nothing, and counts the time it waited', async () => {
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

  it('an abort settles the permit as lost at once, even if the send ignores its signal', async () => {
    const pacer = recordingPacer();
    const abort = new AbortController();
    let answer = (_page: string) => {};
    const paced = withPace(() => new Promise<string>((resolve) => (answer = resolve)), pacer, { classify });
    const sent = paced(undefined, { signal: abort.signal });
    await turn();
    abort.abort();
    expect(pacer.outcomes).toEqual([{ kind: 'lost' }]);
    answer('late');
    await sent;
    expect(pacer.outcomes).toEqual([{ kind: 'lost' }]);
  });

  it('an abort takes effect at once if the pacer ignores the signal, and a permit granted later is settled as lost', async () => {
    const { outcomes, acquire } = recordingPacer();
    let grant = () => {};
    const deaf: Pacer = { acquire: () => new Promise((resolve) => (grant = () => resolve(acquire()))) };
    const abort = new AbortController();
    const paced = withPace(async () => expect.fail('it was sent'), deaf, { classify });
    const waiting = paced(undefined, { signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    expect(outcomes).toEqual([]);
    grant();
    await turn();
    expect(outcomes).toEqual([{ kind: 'lost' }]);
  });

  it('an abort between the grant and the send sends nothing and settles the permit as lost', async () => {
    const clock = manualClock();
    const { outcomes, acquire } = recordingPacer();
    const abort = new AbortController();
    const abortAfterWait = () => abort.abort(new Error('enough'));
    subscribe('pageturn:wait', abortAfterWait);
    unsubscribes.push(() => unsubscribe('pageturn:wait', abortAfterWait));
    const pacer: Pacer = { acquire: (signal) => clock.sleep(50, signal).then(() => acquire()) };
    const paced = withPace(async () => expect.fail('it was sent'), pacer, { classify, clock });
    await expect(clock.run(paced(undefined, { signal: abort.signal }))).rejects.toThrow('enough');
    expect(outcomes).toEqual([{ kind: 'lost' }]);
  });

  it('a call with an aborted signal asks for no permit', async () => {
    const pacer: Pacer = { acquire: () => expect.fail('it was asked') };
    const paced = withPace(async () => 'answer', pacer, { classify });
    await expect(paced(undefined, { signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow(
      'too late',
    );
  });
});

describe('a pacer behind a network', () => {
  /** Grants and settles after a round trip; each settlement may fail. */
  function remotePacer(clock: ManualClock, settled: (outcome: Outcome) => void): Pacer {
    const permit: Permit = {
      async settle(outcome) {
        await clock.sleep(2000);
        settled(outcome);
      },
    };
    return {
      async acquire(signal) {
        await clock.sleep(50, signal);
        return permit;
      },
    };
  }

  it('a pacer that takes time to settle does not delay the page', async () => {
    const clock = manualClock();
    const outcomes: Outcome[] = [];
    const pacer = remotePacer(clock, (outcome) => void outcomes.push(outcome));
    const paced = withPace(async () => 'answer', pacer, { classify, clock });
    await expect(clock.run(paced(undefined, {}))).resolves.toBe('answer');
    expect([clock.now(), outcomes]).toEqual([50, []]);
    await clock.advance(2000);
    expect(outcomes).toEqual([{ kind: 'ok' }]);
  });

  it.each([
    ['a page', undefined, 'ok'],
    ['a throttle', throttle, 'throttled'],
  ])(
    'a pacer that cannot settle does not fail %s, and the error is published',
    async (_what, error, outcome) => {
      const clock = manualClock();
      const unreachable = new Error('the limiter is unreachable');
      const events = record<SettleErrorEvent>('pageturn:settle-error');
      const pacer = remotePacer(clock, () => {
        throw unreachable;
      });
      const send = () => (error ? Promise.reject(error) : Promise.resolve('answer'));
      const sent = withPace(send, pacer, { classify, clock })(undefined, { operation: 'ListUsers' });
      const result = await clock.run(sent.catch((thrown: unknown) => thrown));
      expect(result).toBe(error ?? 'answer');
      await clock.advance(2000);
      expect(events).toEqual([{ operation: 'ListUsers', outcome, error: unreachable }]);
    },
  );

  it('a pacer that cannot grant a permit fails the request', async () => {
    const unreachable = new Error('the limiter is unreachable');
    const paced = withPace(
      async () => 'answer',
      { acquire: () => Promise.reject(unreachable) },
      { classify },
    );
    await expect(paced(undefined, {})).rejects.toBe(unreachable);
  });
});

describe('a pacer that breaks its contract', () => {
  it('a pacer that throws instead of rejecting fails the request and leaves no wait behind', async () => {
    const failure = new Error('not connected');
    const stats = new RequestStats();
    const pacer: Pacer = {
      acquire: () => {
        throw failure;
      },
    };
    await expect(withPace(async () => 'answer', pacer, { classify })(undefined, { stats })).rejects.toBe(
      failure,
    );
    expect(stats.waitingFor).toBeUndefined();
  });

  it('a settle that throws instead of rejecting does not fail the page', async () => {
    const failure = new Error('not connected');
    const events = record<SettleErrorEvent>('pageturn:settle-error');
    const settle = () => {
      throw failure;
    };
    const paced = withPace(async () => 'answer', { acquire: async () => ({ settle }) }, { classify });
    await expect(paced(undefined, {})).resolves.toBe('answer');
    await turn();
    expect(events).toMatchObject([{ outcome: 'ok', error: failure }]);
  });

  it('a pacer that resolves to something that cannot be settled fails the request with ERR_INVALID_ARGUMENT', async () => {
    const acquire = (async () => undefined) as never as Pacer['acquire'];
    const paced = withPace(async () => expect.fail('it was sent'), { acquire }, { classify });
    await expect(paced(undefined, {})).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      message: 'the result of pacer.acquire() must be a permit with a settle method, received undefined',
    });
  });
});
