/** One traversal, from its first request for an item to its end. */
export interface TraversalTrace {
  readonly operation: string | undefined;
  /** Why the traversal ended, as in `walk.end.reason`; set before `asyncEnd`. */
  reason?: string;
  /** The error of a traversal that failed; set before `error`. */
  error?: unknown;
}

/** The fetch of one page, including its waits, attempts and back-off. */
export interface PageTrace {
  readonly operation: string | undefined;
  /** The traversal that the page is fetched for: the same object that its own events carry. */
  readonly traversal: TraversalTrace | undefined;
  error?: unknown;
}

/** One request. */
export interface AttemptTrace {
  readonly operation: string | undefined;
  /** Counted from 1 for each page or call. */
  readonly attempt: number;
  /** As in {@link AttemptEvent}; set before `asyncEnd`, unless the attempt was aborted. */
  outcome?: 'ok' | 'throttle' | 'transient' | 'final';
  error?: unknown;
}

/** A wait for the quota, or for a retry after a fault. */
export interface WaitTrace {
  readonly operation: string | undefined;
  readonly waitingFor: 'quota' | 'retry';
  error?: unknown;
}

/** The tracing channels, and the context that every event of one of them carries. */
export interface PageturnTraces {
  'pageturn:traversal': TraversalTrace;
  'pageturn:page': PageTrace;
  'pageturn:attempt': AttemptTrace;
  'pageturn:wait': WaitTrace;
}

/**
 * Whether a tracing channel has subscribers. Check this before creating a context or calling {@link traced}, so that
 * tracing costs nothing while it is not used.
 *
 * @example
 * const work = () => fetchPage(token, call);
 * const page = await (isTraced('pageturn:page') ? traced('pageturn:page', { operation, traversal }, work) : work());
 */
export function isTraced(name: keyof PageturnTraces): boolean {
  return CHANNELS[name]?.hasSubscribers ?? false;
}

/**
 * Runs the work inside a trace: publishes `start`, `end`, `asyncStart`, `asyncEnd` and, if the work rejects, `error` on
 * the `tracingChannel` of that name, and sets the stores bound to its `start` channel for the work.
 */
export function traced<K extends keyof PageturnTraces, T>(
  name: K,
  context: PageturnTraces[K],
  work: () => Promise<T>,
): Promise<T> {
  return CHANNELS[name]?.tracePromise(work, context) ?? work();
}

/** A trace that starts and ends in different calls. */
export interface OpenTrace<C> {
  readonly context: C;
  finish(): void;
  fail(error: unknown): void;
}

/**
 * Starts a trace that {@link OpenTrace.finish} or {@link OpenTrace.fail} ends; only the first of these calls counts. The
 * events are those of {@link traced}. Stores cannot be set across calls, so children refer to the context.
 *
 * @example
 * const trace = isTraced('pageturn:traversal') ? openTrace('pageturn:traversal', { operation }) : undefined;
 */
export function openTrace<K extends keyof PageturnTraces>(
  name: K,
  context: PageturnTraces[K],
): OpenTrace<PageturnTraces[K]> {
  const channel = CHANNELS[name];
  let isOpen = true;
  const finish = () => {
    if (!isOpen) return;
    isOpen = false;
    channel?.asyncStart.publish(context);
    channel?.asyncEnd.publish(context);
  };
  const fail = (error: unknown) => {
    if (!isOpen) return;
    context.error = error;
    channel?.error.publish(context);
    finish();
  };
  // Unlike `publish`, this calls the transforms of bound stores, which create the spans.
  channel?.start.runStores(context, () => {});
  channel?.end.publish(context);
  return { context, finish, fail };
}

const CHANNELS = {
  'pageturn:traversal': open('pageturn:traversal'),
  'pageturn:page': open('pageturn:page'),
  'pageturn:attempt': open('pageturn:attempt'),
  'pageturn:wait': open('pageturn:wait'),
} satisfies Record<keyof PageturnTraces, unknown>;

/** Undefined where the runtime has no such channels: browsers, Node before 20.16. */
function open(name: string) {
  return globalThis.process?.getBuiltinModule?.('node:diagnostics_channel')?.tracingChannel(name);
}
