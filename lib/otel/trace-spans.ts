import { tracingChannel } from 'node:diagnostics_channel';
import type { Attributes, Tracer } from '@opentelemetry/api';
import type { AttemptTrace, PageTrace, PageturnTraces, TraversalTrace, WaitTrace } from '../core/tracing.js';
import type { SpanEnd } from './open-span.js';
import { SHORTEST_WAIT_MS } from './shortest-wait.js';
import { SpanTree } from './span-tree.js';

/** Makes spans of pageturn's traces. Returns what ends it, and with it the spans that are open. */
export function traceSpans(tracer: Tracer): () => void {
  const tree = new SpanTree(tracer);
  const unsubscribes = [
    subscribe('pageturn:traversal', {
      start: (traversal) => tree.startTraversal(traversal),
      asyncEnd: (traversal) => tree.end(traversal, endOfTraversal(traversal)),
    }),
    subscribe('pageturn:page', {
      start: (page) => tree.startPage(page),
      asyncEnd: (page) => tree.end(page, endOf(page, page.items === undefined ? {} : countOf(page.items))),
    }),
    subscribe('pageturn:attempt', {
      start: (attempt) => tree.startAttempt(attempt, { 'pageturn.attempt.number': attempt.attempt }),
      asyncEnd: (attempt) => {
        const { outcome } = attempt;
        // An attempt without an outcome was aborted.
        tree.end(attempt, outcome ? endOf(attempt, { 'pageturn.attempt.outcome': outcome }) : CANCELLED);
      },
    }),
    subscribe('pageturn:wait', {
      start: (wait) => tree.noteWait(wait),
      asyncEnd: (wait) => {
        if ((wait.waitedMs ?? 0) < SHORTEST_WAIT_MS) return;
        const attributes = { 'pageturn.wait.reason': wait.waitingFor };
        tree.addWait(wait, attributes, wait.isAborted ? CANCELLED : endOf(wait));
      },
    }),
  ];
  return () => {
    for (const unsubscribe of unsubscribes) unsubscribe();
    tree.endAll();
  };
}

const CANCELLED: SpanEnd = { attributes: { 'pageturn.cancelled': true } };

function endOfTraversal({
  reason,
  error,
  pages,
  itemsSeen,
  itemsYielded,
  restarts,
}: TraversalTrace): SpanEnd {
  const attributes: Record<string, string | number> = {};
  const read = {
    'pageturn.end.reason': reason,
    'pageturn.pages': pages,
    'pageturn.items': itemsSeen,
    'pageturn.items.delivered': itemsYielded,
    'pageturn.restarts': restarts,
  };
  for (const [name, value] of Object.entries(read)) if (value !== undefined) attributes[name] = value;
  return reason === 'failed' ? { attributes, failure: { error } } : { attributes };
}

function countOf(items: number): Attributes {
  return { 'pageturn.items': items };
}

/** A trace has the member `error` if its work failed, whatever was thrown. */
function endOf(trace: PageTrace | AttemptTrace | WaitTrace, attributes: Attributes = {}): SpanEnd {
  return 'error' in trace ? { attributes, failure: { error: trace.error } } : { attributes };
}

interface Subscribers<C> {
  readonly start: (context: C) => void;
  readonly asyncEnd: (context: C) => void;
}

function subscribe<K extends keyof PageturnTraces>(
  name: K,
  { start, asyncEnd }: Subscribers<PageturnTraces[K]>,
): () => void {
  const channel = tracingChannel<unknown, object>(name);
  const onStart = (context: unknown) => start(context as PageturnTraces[K]);
  const onEnd = (context: unknown) => asyncEnd(context as PageturnTraces[K]);
  channel.start.subscribe(onStart);
  channel.asyncEnd.subscribe(onEnd);
  return () => {
    channel.start.unsubscribe(onStart);
    channel.asyncEnd.unsubscribe(onEnd);
  };
}
