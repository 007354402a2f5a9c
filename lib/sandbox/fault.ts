import type { OperationName } from './operations.js';

/**
 * Something that goes wrong with a request. Faults only hit requests within the quota. A kind that needs a list or a
 * token (from `repeated-token` to `expired-token`) waits for a request that has one.
 */
export type Fault =
  /** The service's own 429, optionally with `Retry-After` (seconds or a date) or `x-amz-retry-after`. */
  | { readonly kind: 'throttle'; readonly retryAfter?: number | Date; readonly retryAfterMs?: number }
  /** A 429 without an error name. */
  | { readonly kind: 'throttle-unnamed' }
  /** A 429 with an HTML body, as proxies send it. */
  | { readonly kind: 'throttle-html' }
  /** The service's own 500 (the default), or a gateway error. */
  | { readonly kind: 'server-error'; readonly status?: 500 | 502 | 503 | 504 }
  /** Any error by name and status. */
  | { readonly kind: 'error'; readonly status: number; readonly name: string; readonly message?: string }
  /** The caller may not use the operation: a 403 `AccessDeniedException`, as often as it asks. */
  | { readonly kind: 'access-denied' }
  /** The connection is reset before the response (the default) or in the middle of its headers. */
  | { readonly kind: 'reset'; readonly at?: 'start' | 'headers' }
  /** The request is never answered. */
  | { readonly kind: 'hang' }
  /** The connection ends in the middle of the body. */
  | { readonly kind: 'truncated' }
  /** A 200 with half of the JSON and a matching content length. */
  | { readonly kind: 'invalid-json' }
  /** A 200 with another body than the response: `{}` (the default), none (`''`), or an error message. */
  | { readonly kind: 'empty-answer'; readonly body?: string }
  /** The response is delayed by `latencyMs`. */
  | { readonly kind: 'latency'; readonly latencyMs: number }
  /**
   * The response repeats a token the client sent before: this request's own (distance 1, the default), the previous
   * request's (2), and so on. The sandbox remembers the tokens of one listing at a time per operation.
   */
  | { readonly kind: 'repeated-token'; readonly distance?: number }
  /** A page without items whose token continues where this page would have started. */
  | { readonly kind: 'empty-page' }
  /** The same, with the list left out of the response. */
  | { readonly kind: 'missing-list' }
  /** The request's token is rejected as expired, with the service's 400 `InvalidToken`. */
  | { readonly kind: 'expired-token' };

/** The name of a kind of fault, such as `throttle`. */
export type FaultKind = Fault['kind'];

/** Which requests a fault hits. */
export interface FaultScope {
  /** Only requests of this operation. Default: all operations. */
  readonly operation?: OperationName;
  /** Maximum number of hits. Default: 1, or unlimited if `probability` is given or access is denied. */
  readonly times?: number;
  /** Number of requests to let through first. Default: 0. */
  readonly afterRequests?: number;
  /** The chance of hitting each later request, above 0 and at most 1, drawn from the sandbox's seed. Default: 1. */
  readonly probability?: number;
}

/** A fault and the requests it hits. */
export type FaultRule = Fault & FaultScope;
