import { type TracingChannel, tracingChannel } from 'node:diagnostics_channel';
import { afterEach, describe, expect, it } from 'vitest';
import type { PageTrace, TraversalTrace } from '../../lib/core/tracing.js';
import { fail, modelService } from './model-service.js';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** The contexts that a tracing channel starts and ends, and those that carry an error. */
function record<C extends object>(name: string) {
  const channel: TracingChannel<unknown, C> = tracingChannel(name);
  const seen = { started: [] as C[], ended: [] as C[], failed: [] as C[] };
  const subscribers = {
    start: (context: C) => void seen.started.push(context),
    end: () => {},
    asyncStart: () => {},
    asyncEnd: (context: C) => void seen.ended.push(context),
    error: (context: C) => void seen.failed.push(context),
  };
  channel.subscribe(subscribers);
  cleanups.push(() => channel.unsubscribe(subscribers));
  return seen;
}

describe('the trace of a traversal', () => {
  it('the trace of a traversal lasts from its first request to its end, and says how it ended', async () => {
    const { started, ended } = record<TraversalTrace>('pageturn:traversal');
    const walk = modelService(7).listing().open();
    expect(started).toEqual([]);
    for await (const _ of walk) expect(ended).toEqual([]);
    expect(started).toEqual([expect.objectContaining({ operation: 'ListPeople', reason: 'exhausted' })]);
    expect(ended).toEqual(started);
  });

  it('the trace of a traversal is the parent of the traces of its pages', async () => {
    const traversals = record<TraversalTrace>('pageturn:traversal');
    const pages = record<PageTrace>('pageturn:page');
    await modelService(7).listing().toArray();
    expect(pages.ended.map(({ traversal }) => traversal)).toEqual(Array(3).fill(traversals.started[0]));
  });

  it('the trace of a failed traversal ends with its error, and a second try has a new trace', async () => {
    const traversals = record<TraversalTrace>('pageturn:traversal');
    const pages = record<PageTrace>('pageturn:page');
    const service = modelService(7);
    service.faults.set(1, fail());
    const walk = service.listing().open();
    const failure = await (async () => {
      for await (const _ of walk);
    })().catch((error: unknown) => error);
    expect(traversals.failed).toEqual([expect.objectContaining({ reason: 'failed', error: failure })]);
    expect(pages.failed).toHaveLength(1);
    for await (const _ of walk);
    expect(traversals.ended.map(({ reason }) => reason)).toEqual(['failed', 'exhausted']);
  });

  it('the trace of a traversal ends when the consumer leaves', async () => {
    const { ended } = record<TraversalTrace>('pageturn:traversal');
    for await (const _ of modelService(7).listing()) break;
    expect(ended).toEqual([expect.objectContaining({ reason: 'stopped' })]);
  });
});
