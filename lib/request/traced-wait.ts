import type { Clock } from '../core/clock.js';
import { traced, type WaitTrace } from '../core/tracing.js';
import type { AttemptCall } from './with-attempt.js';

interface Wait extends Pick<WaitTrace, 'waitingFor'> {
  readonly clock: Clock;
}

/** Waits inside a trace that says how long it took, and whether the signal of the request ended it. */
export function tracedWait<T>(
  { operation, signal }: AttemptCall,
  { waitingFor, clock }: Wait,
  wait: () => Promise<T>,
): Promise<T> {
  const trace: WaitTrace = { operation, waitingFor };
  const startedAt = clock.now();
  return traced('pageturn:wait', trace, async () => {
    try {
      return await wait();
    } finally {
      trace.waitedMs = Math.max(0, clock.now() - startedAt);
      trace.isAborted = signal?.aborted ?? false;
    }
  });
}
