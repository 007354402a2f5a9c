/** Runs work in an environment of the subscriber's own, such as an OpenTelemetry context, and returns what it returns. */
export type RunIn = <T>(work: () => T) => T;

interface Trace {
  readonly operation: string | undefined;
  /**
   * A subscriber of `start` may set this; the traced work, or what works for a traversal, then runs in it. Call the one
   * that is there inside your own.
   */
  runIn?: RunIn;
}

/** One traversal, from its first request for an item to its end. */
export interface TraversalTrace extends Trace {
  /** Why the traversal ended, as in `walk.end.reason`; set before `asyncEnd`. One that is aborted between two items ends then. */
  reason?: string;
  /** What it has done, as in `walk.stats` and `walk.end`; set before `asyncEnd`. */
  pages?: number;
  itemsSeen?: number;
  itemsYielded?: number;
  restarts?: number;
  /** The error of a traversal that failed; set before `error`. */
  error?: unknown;
}

/** The fetch of one page, including its waits, attempts and back-off. */
export interface PageTrace extends Trace {
  /** The traversal that the page is fetched for: the same object that its own events carry. */
  readonly traversal: TraversalTrace | undefined;
  /** Items in the page; set before `asyncEnd` if it has arrived. */
  items?: number;
  error?: unknown;
}

/** One request. */
export interface AttemptTrace extends Trace {
  /** Counted from 1 for each page or call. */
  readonly attempt: number;
  /** As in {@link AttemptEvent}; set before `asyncEnd`, unless the attempt was aborted. */
  outcome?: 'ok' | 'throttle' | 'transient' | 'final';
  error?: unknown;
}

/** A wait for the quota, or for a retry after a fault. */
export interface WaitTrace extends Trace {
  readonly waitingFor: 'quota' | 'retry';
  /** How long it took, by the clock of the request; set before `asyncEnd`. */
  waitedMs?: number;
  /** Whether the signal of the request ended it; set before `asyncEnd`. */
  isAborted?: boolean;
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
 * the `tracingChannel` of that name, sets the stores bound to its `start` channel for the work, and runs it in the
 * `runIn` of the context.
 */
export function traced<K extends keyof PageturnTraces, T>(
  name: K,
  context: PageturnTraces[K],
  work: () => Promise<T>,
): Promise<T> {
  return CHANNELS[name]?.tracePromise(() => runIn(context, work), context) ?? work();
}

/** Runs work in the environment that subscribers gave a trace. */
export function runIn<T>(trace: { readonly runIn?: RunIn } | undefined, work: () => T): T {
  return trace?.runIn ? trace.runIn(work) : work();
}

/** A trace that starts and ends in different calls. */
export interface OpenTrace<C> {
  readonly context: C;
  finish(): void;
  fail(error: unknown): void;
}

/**
 * Starts a trace that {@link OpenTrace.finish} or {@link OpenTrace.fail} ends; only the first of these calls counts. The
 * events are those of {@link traced}. Stores cannot be set across calls, so children refer to the context, and work
 * for it is run by {@link runIn}.
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
