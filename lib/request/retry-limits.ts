import { invalidArgument } from '../core/errors.js';

/** How long a request is retried by default, throttles included, from the first failure. */
export const MAX_ELAPSED_MS = 15 * 60_000;

/** How long faults are retried by default. A restart takes seconds; five quick attempts are over in 0.6 s at most. */
export const MAX_FAULTS_MS = 30_000;

/** How long requests to a host that has never answered are retried: its name may be misspelt, or it is down. */
export const MAX_UNANSWERED_MS = 10_000;

/** The longest wait that a service may ask for: the longest one that a timer of the runtime can take, 24 days. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/** Whether a wait that a service asks for is plausible. One of decades is a mistake, and must not stall a whole client. */
export function isPlausibleWait(retryAfterMs: number): boolean {
  return retryAfterMs <= LONGEST_WAIT_MS;
}

/** Why a request that would have to wait this long is given up. */
export function askedTooLong(waitMs: number): string {
  const limit = isPlausibleWait(waitMs) ? 'beyond the end of maxElapsedMs' : 'longer than any timer runs';
  return `because the service asks to wait ${Math.round(waitMs) / 1000} s, ${limit}`;
}

export function assertMaxElapsed(maxElapsedMs: unknown): void {
  if (typeof maxElapsedMs === 'number' && maxElapsedMs > 0) return;
  throw invalidArgument('maxElapsedMs', 'a number of milliseconds above 0', maxElapsedMs);
}
