import type { OperationName } from './operations.js';

/**
 * Something that goes wrong. It strikes requests which the quota has let through; where a kind needs a list or a token
 * (from `repeated-token` to `expired-token`), it waits for a request that has one.
 */
export type Fault =
  /** 429 as the service throttles, with `Retry-After` in seconds or as a date, or `x-amz-retry-after`. */
  | { readonly kind: 'throttle'; readonly retryAfter?: number | Date; readonly retryAfterMs?: number }
  /** 429 that does not say what it is. */
  | { readonly kind: 'throttle-unnamed' }
  /** 429 with a page for people, as proxies send it. */
  | { readonly kind: 'throttle-html' }
  /** 500 as the service fails (the default), or the status of a gateway in front of it. */
  | { readonly kind: 'server-error'; readonly status?: 500 | 502 | 503 | 504 }
  /** Any error by name and status. */
  | { readonly kind: 'error'; readonly status: number; readonly name: string; readonly message?: string }
  /** The connection is reset before the answer (the default) or in the middle of its headers. */
  | { readonly kind: 'reset'; readonly at?: 'start' | 'headers' }
  /** No answer, for as long as the sandbox runs. */
  | { readonly kind: 'hang' }
  /** The connection ends in the middle of the body. */
  | { readonly kind: 'truncated' }
  /** 200 with half of the JSON, under the right length. */
  | { readonly kind: 'invalid-json' }
  /** The answer comes later by so many milliseconds. */
  | { readonly kind: 'latency'; readonly latencyMs: number }
  /**
   * The token given is one the client has sent before: that of this request (distance 1, the default), that of the
   * request before (2), and so on. Tokens are remembered for one walk at a time of each operation.
   */
  | { readonly kind: 'repeated-token'; readonly distance?: number }
  /** No items, and a token that goes on where this page would have begun. */
  | { readonly kind: 'empty-page' }
  /** The same without even the list. */
  | { readonly kind: 'missing-list' }
  /** The token of the request is refused. */
  | { readonly kind: 'expired-token' };

export type FaultKind = Fault['kind'];

/** Which requests a fault strikes. */
export interface FaultScope {
  /** Only requests of this operation; by default all. */
  readonly operation?: OperationName;
  /** How often at most; 1 by default, without end where a probability is given. */
  readonly times?: number;
  /** How many requests it lets pass first; 0 by default. */
  readonly afterRequests?: number;
  /** How likely each of the others is struck, above 0 up to 1 (the default); drawn from the sandbox's seed. */
  readonly probability?: number;
}

/** A fault of the sandbox's plan. */
export type FaultRule = Fault & FaultScope;
