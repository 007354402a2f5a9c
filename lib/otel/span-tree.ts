import { AsyncLocalStorage } from 'node:async_hooks';
import { type Attributes, type Context, context as contexts, type Tracer, trace } from '@opentelemetry/api';
import type { AttemptTrace, PageTrace, RunIn, TraversalTrace, WaitTrace } from '../core/tracing.js';
import { operationAttributes } from './attributes.js';
import { OpenSpan, type SpanEnd } from './open-span.js';

type Trace = TraversalTrace | PageTrace | AttemptTrace | WaitTrace;

/** The spans of the traces that are in progress, each inside the one it belongs to. */
export class SpanTree {
  readonly #tracer: Tracer;
  readonly #spans = new WeakMap<Trace, OpenSpan>();
  readonly #waits = new WeakMap<WaitTrace, { readonly startTime: number; readonly context: Context }>();
  /** Those without a parent here: to end them when the reporting ends. */
  readonly #roots = new Set<OpenSpan>();
  /** The span that the current work belongs to, also where no context manager is registered with OpenTelemetry. */
  readonly #active = new AsyncLocalStorage<OpenSpan>();
  /** Ends the spans of traversals that their consumer dropped without ending them. */
  readonly #dropped = new FinalizationRegistry<OpenSpan>((span) => {
    this.#endSpan(span, { attributes: { 'pageturn.end.reason': 'dropped' } });
  });

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  /** In the context in which the first item is asked for. */
  startTraversal(traversal: TraversalTrace): void {
    const span = this.#start('traversal', traversal, { context: this.#context, parent: undefined });
    this.#dropped.register(traversal, span);
  }

  /** In its traversal, whichever span is active. */
  startPage(page: PageTrace): void {
    const parent = (page.traversal && this.#spans.get(page.traversal)) ?? this.#active.getStore();
    this.#start('page', page, { context: parent?.context ?? contexts.active(), parent });
  }

  startAttempt(attempt: AttemptTrace, attributes: Attributes): void {
    const place = { context: this.#context, parent: this.#active.getStore() };
    this.#start('attempt', attempt, { ...place, attributes });
  }

  /** Whether a wait is worth a span shows at its end. */
  noteWait(wait: WaitTrace): void {
    const startTime = performance.timeOrigin + performance.now();
    this.#waits.set(wait, { startTime, context: this.#context });
  }

  addWait(wait: WaitTrace, attributes: Attributes, end: SpanEnd): void {
    const noted = this.#waits.get(wait);
    if (!noted) return;
    const { startTime, context } = noted;
    const all = { ...operationAttributes(wait.operation), ...attributes };
    const span = this.#tracer.startSpan(nameOf('wait', wait), { startTime, attributes: all }, context);
    new OpenSpan(span, context, undefined).end(end);
  }

  end(ended: Trace, end: SpanEnd): void {
    const span = this.#spans.get(ended);
    if (span) this.#endSpan(span, end);
  }

  endAll(): void {
    for (const span of this.#roots) span.end({ attributes: { 'pageturn.cancelled': true } });
    this.#roots.clear();
  }

  /** The active context; without a context manager, that of the span the current work belongs to. */
  get #context(): Context {
    const active = contexts.active();
    return trace.getSpan(active) ? active : (this.#active.getStore()?.context ?? active);
  }

  #start(kind: string, started: Trace, { context, parent, attributes = {} }: Place): OpenSpan {
    const all = { ...operationAttributes(started.operation), ...attributes };
    const span = this.#tracer.startSpan(nameOf(kind, started), { attributes: all }, context);
    const open = new OpenSpan(span, context, parent);
    this.#spans.set(started, open);
    if (!parent) this.#roots.add(open);
    const outer: RunIn = started.runIn ?? ((work) => work());
    started.runIn = (work) => outer(() => this.#active.run(open, () => contexts.with(open.context, work)));
    return open;
  }

  #endSpan(span: OpenSpan, end: SpanEnd): void {
    span.end(end);
    this.#roots.delete(span);
  }
}

/** Where a span is: inside which context, and which span of pageturn it ends with. */
interface Place {
  readonly context: Context;
  readonly parent: OpenSpan | undefined;
  readonly attributes?: Attributes;
}

/** Of low cardinality, as the conventions ask: `page Connect.ListUsers`. */
function nameOf(kind: string, { operation }: Trace): string {
  return operation === undefined ? kind : `${kind} ${operation}`;
}
