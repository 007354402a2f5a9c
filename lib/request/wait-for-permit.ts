import { onAbort, raceAbort } from '../core/abort.js';
import type { Clock } from '../core/clock.js';
import { invalidArgument } from '../core/errors.js';
import { publish } from '../core/events.js';
import type { Pacer, Permit } from '../core/pacer.js';
import { RequestStats } from '../core/request-stats.js';
import { isTraced } from '../core/tracing.js';
import { retryExhausted } from './request-error.js';
import { settleOnce } from './settle-once.js';
import { sharedThrottlesOf } from './shared-throttles.js';
import { tracedWait } from './traced-wait.js';
import type { AttemptCall } from './with-attempt.js';

export interface WaitForPermitOptions {
  readonly maxElapsedMs: number;
  readonly clock: Clock;
}

/**
 * Acquires a permit; counts, traces and publishes the wait. Rejects with the reason of the signal, with the pacer's own
 * error, or with ERR_RETRY_EXHAUSTED as soon as it is known that throttles make the wait too long.
 */
export async function waitForPermit(
  pacer: Pacer,
  call: AttemptCall,
  options: WaitForPermitOptions,
): Promise<Permit> {
  const { signal, stats = new RequestStats(), operation } = call;
  signal?.throwIfAborted();
  const { clock } = options;
  const endWait = stats.begin('quota', clock);
  try {
    const acquired = () => acquireInTime(pacer, call, options);
    if (!isTraced('pageturn:wait')) return await acquired();
    return await tracedWait(call, { waitingFor: 'quota', clock }, acquired);
  } finally {
    const waitedMs = endWait();
    if (waitedMs >= SHORTEST_WAIT_MS) publish('pageturn:wait', () => ({ operation, waitedMs }));
  }
}

// A shorter wait is due to the event loop, not to the quota.
const SHORTEST_WAIT_MS = 1;

async function acquireInTime(
  pacer: Pacer,
  call: AttemptCall,
  options: WaitForPermitOptions,
): Promise<Permit> {
  const { signal, operation, attempt = 1 } = call;
  const { maxElapsedMs, clock } = options;
  const wait = new AbortController();
  const unlink = signal && onAbort(signal, (reason) => wait.abort(reason));
  const now = clock.now();
  const waiting = {
    since: call.throttledAt ?? now,
    maxElapsedMs,
    giveUp: (bound: string, error: unknown) =>
      wait.abort(retryExhausted({ operation, attempts: attempt - 1, error }, bound)),
  };
  const unwatch = sharedThrottlesOf(pacer).watch(waiting, now);
  try {
    wait.signal.throwIfAborted();
    return await acquireUnlessAborted(pacer, { signal: wait.signal, operation });
  } finally {
    unlink?.();
    unwatch();
  }
}

async function acquireUnlessAborted(pacer: Pacer, { signal, operation }: AttemptCall): Promise<Permit> {
  const acquired = acquire(pacer, signal);
  try {
    return await raceAbort(acquired, signal);
  } catch (error) {
    // A pacer that ignores the signal may still grant the permit.
    acquired.then((permit) => settleOnce(permit, operation)({ kind: 'lost' })).catch(() => {});
    throw error;
  }
}

/** Async, so that a pacer that throws fails like one that rejects. */
async function acquire(pacer: Pacer, signal: AbortSignal | undefined): Promise<Permit> {
  const permit = await pacer.acquire(signal);
  if (typeof permit?.settle === 'function') return permit;
  throw invalidArgument('the result of pacer.acquire()', 'a permit with a settle method', permit);
}
