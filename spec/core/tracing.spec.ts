import { AsyncLocalStorage } from 'node:async_hooks';
import { type TracingChannel, tracingChannel } from 'node:diagnostics_channel';
import { afterEach, describe, expect, it } from 'vitest';
import { isTraced, openTrace, type PageTrace, type PageturnTraces, traced } from '../../lib/core/tracing.js';
import { adaptivePacer } from '../../lib/pace/adaptive-pacer.js';
import { composeSend } from '../../lib/request/compose-send.js';
import { leapingClock } from '../support/leaping-clock.js';

type Seen = readonly [event: string, context: object];
const NAMES = ['pageturn:traversal', 'pageturn:page', 'pageturn:attempt', 'pageturn:wait'] as const;

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** Every event of these channels as it comes, with the context it carries. */
function record(...names: readonly (keyof PageturnTraces)[]): Seen[] {
  const seen: Seen[] = [];
  for (const name of names) {
    const channel: TracingChannel<unknown, object> = tracingChannel(name);
    const note = (event: string) => (context: object) => void seen.push([`${name} ${event}`, context]);
    const subscribers = {
      start: note('start'),
      end: note('end'),
      asyncStart: note('asyncStart'),
      asyncEnd: note('asyncEnd'),
      error: note('error'),
    };
    channel.subscribe(subscribers);
    cleanups.push(() => channel.unsubscribe(subscribers));
  }
  return seen;
}

const call = { operation: 'ListUsers' };
const throttle = () =>
  Object.assign(new Error('slow down'), { status: 429, headers: { 'retry-after': '3' } });

describe('a trace', () => {
  it('the trace of an attempt publishes start, end, asyncStart and asyncEnd with one context', async () => {
    const seen = record('pageturn:attempt');
    const send = composeSend(async () => 'page', { retry: false, pacer: undefined });
    await send(undefined, call);
    expect(seen.map(([event]) => event)).toEqual(
      ['start', 'end', 'asyncStart', 'asyncEnd'].map((event) => `pageturn:attempt ${event}`),
    );
    expect(new Set(seen.map(([, context]) => context)).size).toBe(1);
    expect(seen[0]?.[1]).toMatchObject({ operation: 'ListUsers', attempt: 1, outcome: 'ok', result: 'page' });
  });

  it('the trace of an attempt that fails publishes the error and the outcome', async () => {
    const seen = record('pageturn:attempt');
    const error = throttle();
    const send = composeSend(() => Promise.reject(error), { retry: false, pacer: undefined });
    await expect(send(undefined, call)).rejects.toMatchObject({ cause: error });
    const [name, context] = seen.find(([event]) => event.endsWith('error')) ?? [];
    expect([name, context]).toMatchObject(['pageturn:attempt error', { outcome: 'throttle', error }]);
  });

  it('the trace of a wait names what it is for: the quota or a retry', async () => {
    const clock = leapingClock();
    const seen = record('pageturn:wait');
    const errors: unknown[] = [throttle(), Object.assign(new Error('gone'), { code: 'ECONNRESET' })];
    const send = composeSend(
      async () => {
        if (errors.length > 0) throw errors.shift();
        return 'page';
      },
      { retry: {}, pacer: adaptivePacer({ clock }), clock },
    );
    await send(undefined, call);
    const starts = seen.filter(([event]) => event.endsWith(' start')).map(([, context]) => context);
    expect(starts).toMatchObject([
      { operation: 'ListUsers', waitingFor: 'quota' },
      { waitingFor: 'quota' },
      { waitingFor: 'quota' },
      { waitingFor: 'retry' },
      { waitingFor: 'quota' },
    ]);
  });

  it('the trace of a traversal starts in one call and ends once in another', () => {
    const seen = record('pageturn:traversal');
    const trace = openTrace('pageturn:traversal', { ...call });
    trace.context.reason = 'exhausted';
    trace.finish();
    trace.finish();
    trace.fail(new Error('too late'));
    expect(seen).toEqual(
      ['start', 'end', 'asyncStart', 'asyncEnd'].map((event) => [
        `pageturn:traversal ${event}`,
        { operation: 'ListUsers', reason: 'exhausted' },
      ]),
    );
  });

  it('the trace of a traversal that fails publishes its error before its end', () => {
    const seen = record('pageturn:traversal');
    const error = new Error('no such instance');
    openTrace('pageturn:traversal', { ...call }).fail(error);
    expect(seen.map(([event]) => event)).toEqual(
      ['start', 'end', 'error', 'asyncStart', 'asyncEnd'].map((event) => `pageturn:traversal ${event}`),
    );
    expect(seen[2]?.[1]).toEqual({ operation: 'ListUsers', error });
  });
});

it('a store bound to the start of traversals is computed when one begins', () => {
  const spans: object[] = [];
  const channel = tracingChannel<object, object>('pageturn:traversal');
  const store = new AsyncLocalStorage<object>();
  channel.start.bindStore(store, (context) => {
    spans.push(context);
    return context;
  });
  cleanups.push(() => channel.start.unbindStore(store));
  const trace = openTrace('pageturn:traversal', { ...call });
  trace.finish();
  expect(spans).toEqual([trace.context]);
  expect(store.getStore()).toBeUndefined();
});

it('attempts and waits see the page they belong to in a store bound to the start of pages', async () => {
  const pages = new AsyncLocalStorage<PageTrace>();
  const channel = tracingChannel<unknown, PageTrace>('pageturn:page');
  channel.start.bindStore(pages);
  cleanups.push(() => channel.start.unbindStore(pages));
  const clock = leapingClock();
  const parents: [string, PageTrace | undefined][] = [];
  for (const name of ['pageturn:attempt', 'pageturn:wait'] as const) {
    const nested: TracingChannel<unknown, object> = tracingChannel(name);
    const note = () => void parents.push([name, pages.getStore()]);
    nested.start.subscribe(note);
    cleanups.push(() => nested.start.unsubscribe(note));
  }
  const errors = new Map([['b', throttle()]]);
  const send = composeSend(
    async (page: string) => {
      const error = errors.get(page);
      errors.delete(page);
      if (error) throw error;
      return page;
    },
    { retry: {}, pacer: adaptivePacer({ burst: 1, clock }), clock },
  );
  const traversal = { ...call };
  const fetchPage = async (page: string) => {
    const context: PageTrace = { ...call, traversal };
    await traced('pageturn:page', context, () => send(page, call));
    return context;
  };
  const [a, b] = await Promise.all([fetchPage('a'), fetchPage('b')]);
  const namesOf = (page: PageTrace) => parents.filter(([, parent]) => parent === page).map(([name]) => name);
  expect(namesOf(a)).toEqual(['pageturn:wait', 'pageturn:attempt']);
  expect(namesOf(b)).toEqual([
    'pageturn:wait',
    'pageturn:attempt',
    'pageturn:wait',
    'pageturn:wait',
    'pageturn:attempt',
  ]);
  expect(parents).toHaveLength(7);
});

it('nothing is traced while no channel has subscribers', () => {
  expect(NAMES.filter(isTraced)).toEqual([]);
  record('pageturn:wait');
  expect(NAMES.filter(isTraced)).toEqual(['pageturn:wait']);
});
