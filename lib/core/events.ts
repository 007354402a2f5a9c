/** A page has arrived. */
export interface PageEvent {
  readonly operation: string | undefined;
  /** Items in the page. */
  readonly items: number;
  /** Whether the service says that there is another one. */
  readonly hasNext: boolean;
}

/** A request was answered, throttled or lost. */
export interface AttemptEvent {
  readonly operation: string | undefined;
  /** Counted from 1 for each page or call. */
  readonly attempt: number;
  readonly durationMs: number;
  /** How it ended; `final` is an error that a retry would not fix. */
  readonly outcome: 'ok' | 'throttle' | 'transient' | 'final';
  /** The original error, if the request failed. */
  readonly error?: unknown;
}

/** The service throttled a request. */
export interface ThrottleEvent {
  readonly operation: string | undefined;
  /** How long the service asked to wait, in milliseconds; undefined if it did not say. */
  readonly retryAfterMs: number | undefined;
}

/** A request waited for the quota. */
export interface WaitEvent {
  readonly operation: string | undefined;
  readonly waitedMs: number;
}

/** The permit of a request could not be settled. The request itself is not affected. */
export interface SettleErrorEvent {
  readonly operation: string | undefined;
  /** The outcome the permit was settled with. */
  readonly outcome: 'ok' | 'throttled' | 'lost';
  readonly error: unknown;
}

/** A request will be sent again. */
export interface RetryEvent {
  readonly operation: string | undefined;
  /** The attempt that failed, counted from 1. */
  readonly attempt: number;
  /** The back-off before the next attempt, in milliseconds, without the wait for the quota. */
  readonly delayMs: number;
  readonly error: unknown;
}

/** A position was read from a checkpoint store, written to it, or removed from it. */
export interface CheckpointEvent {
  readonly operation: string | undefined;
  readonly key: string;
  readonly action: 'load' | 'save' | 'clear';
}

/** A listing starts over because the service rejected a page token: items come again. */
export interface RestartEvent {
  readonly operation: string | undefined;
  /** Counted from 1 for each traversal. */
  readonly restart: number;
  readonly error: unknown;
}

/** A traversal resumes with the page size of its cursor, not the listing's: a chain of tokens keeps its page size. */
export interface PageSizeEvent {
  readonly operation: string | undefined;
  /** The page size that is asked for; undefined leaves it to the service. */
  readonly pageSize: number | undefined;
  /** The page size of the listing, which is asked for again from the next restart or run on. */
  readonly ignored: number;
}

/** The event of each channel. */
export interface PageturnEvents {
  'pageturn:page': PageEvent;
  'pageturn:attempt': AttemptEvent;
  'pageturn:throttle': ThrottleEvent;
  'pageturn:wait': WaitEvent;
  'pageturn:settle-error': SettleErrorEvent;
  'pageturn:retry': RetryEvent;
  'pageturn:checkpoint': CheckpointEvent;
  'pageturn:restart': RestartEvent;
  'pageturn:page-size': PageSizeEvent;
}

interface Channel {
  readonly hasSubscribers: boolean;
  publish(message: unknown): void;
}

const NO_CHANNEL: Channel = { hasSubscribers: false, publish: () => {} };

/**
 * Publishes an event on the `node:diagnostics_channel` of its name. The event is only created if the channel has
 * subscribers, and nothing happens where the runtime has no such channels (browsers, Node before 20.16).
 *
 * @example
 * import { subscribe } from 'node:diagnostics_channel';
 * subscribe('pageturn:throttle', (event) => meter.add(1, { operation: (event as ThrottleEvent).operation }));
 */
export function publish<K extends keyof PageturnEvents>(name: K, event: () => PageturnEvents[K]): void {
  const channel = CHANNELS[name];
  if (channel.hasSubscribers) channel.publish(event());
}

const CHANNELS = {
  'pageturn:page': open('pageturn:page'),
  'pageturn:attempt': open('pageturn:attempt'),
  'pageturn:throttle': open('pageturn:throttle'),
  'pageturn:wait': open('pageturn:wait'),
  'pageturn:settle-error': open('pageturn:settle-error'),
  'pageturn:retry': open('pageturn:retry'),
  'pageturn:checkpoint': open('pageturn:checkpoint'),
  'pageturn:restart': open('pageturn:restart'),
  'pageturn:page-size': open('pageturn:page-size'),
} satisfies Record<keyof PageturnEvents, Channel>;

function open(name: string): Channel {
  const builtin = globalThis.process?.getBuiltinModule?.('node:diagnostics_channel');
  return builtin?.channel(name) ?? NO_CHANNEL;
}
