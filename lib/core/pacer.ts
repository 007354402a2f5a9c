/**
 * Says when the next request may go. One pacer stands for one quota: share it among everything that draws on that
 * quota. Small enough to be kept elsewhere, behind a network for instance.
 *
 * Every `acquire` that resolves is followed by exactly one `succeeded` or `throttled`. Whatever a pacer throws or
 * rejects with reaches whoever made the request.
 *
 * @example
 * const pacer: Pacer = {
 *   acquire: (signal) => redisLimiter.take('connect:ListUsers', signal),
 *   succeeded: () => {},
 *   throttled: (retryAfterMs = 1000) => redisLimiter.block('connect:ListUsers', retryAfterMs),
 * };
 */
export interface Pacer {
  /**
   * Waits for a permit to send one request; rejects with `signal.reason` when the signal aborts. What it resolves to,
   * if anything, is handed back with the outcome.
   */
  acquire(signal?: AbortSignal): Promise<unknown>;
  /** The request was not refused for going too fast: it was answered in whatever way, or it was lost. */
  succeeded(permit?: unknown): void;
  /** The service refused the request for going too fast, and may have said how long to wait, in milliseconds. */
  throttled(retryAfterMs?: number, permit?: unknown): void;
}

export function isPacer(value: unknown): value is Pacer {
  const { acquire, succeeded, throttled } = (value ?? {}) as Partial<Pacer>;
  return [acquire, succeeded, throttled].every((method) => typeof method === 'function');
}
