/**
 * Decides when the next request may be sent. One pacer represents one quota: share it among everything that uses that
 * quota. The interface is small enough to be implemented over a network.
 *
 * An error that `acquire` throws or rejects with reaches the caller of the request.
 *
 * @example
 * const pacer: Pacer = {
 *   async acquire(signal) {
 *     const lease = await redisLimiter.take('connect:ListUsers', signal);
 *     return { settle: ({ kind }) => redisLimiter.release(lease, kind) };
 *   },
 * };
 */
export interface Pacer {
  /** Waits for a permit to send one request. Rejects with `signal.reason` when the signal aborts. */
  acquire(signal?: AbortSignal): Promise<Permit>;
  /** Requests per second that the pacer currently considers sustainable, if it knows. */
  readonly ratePerSecond?: number | undefined;
}

/** Permission to send one request. */
export interface Permit {
  /**
   * Reports how the request ended. It is called once; later calls have no effect. The request does not wait for the
   * promise, and a rejection does not make the request fail.
   */
  settle(outcome: Outcome): void | Promise<void>;
}

/** How a request with a permit ended. */
export type Outcome =
  /** The service answered, perhaps with an error, and did not throttle the request. */
  | { readonly kind: 'ok' }
  /** The service throttled the request, and may have said how long to wait, in milliseconds. */
  | { readonly kind: 'throttled'; readonly retryAfterMs?: number | undefined }
  /** Nothing is known about the quota: the request met a fault, was aborted or was never sent. */
  | { readonly kind: 'lost' };

export function isPacer(value: unknown): value is Pacer {
  const { acquire } = (value ?? {}) as Partial<Pacer>;
  return typeof acquire === 'function';
}
