import { onAbort, raceAbort } from '../core/abort.js';
import { type Clock, systemClock } from '../core/clock.js';
import { invalidArgument } from '../core/errors.js';
import { publish } from '../core/events.js';
import type { Outcome, Pacer, Permit } from '../core/pacer.js';
import type { PageCall } from '../core/page.js';
import { RequestStats } from '../core/request-stats.js';
import { isTraced, traced, type WaitTrace } from '../core/tracing.js';

/** What a pacer needs to know about an error: its kind, and how long the service asks to wait. */
export type ClassifyForPace = (error: unknown) => {
  readonly kind: string;
  readonly retryAfterMs?: number | undefined;
};

export interface WithPaceOptions {
  /** Tells throttles (`kind: 'throttle'`) and faults (`kind: 'transient'`) from answers (any other kind). */
  readonly classify: ClassifyForPace;
  readonly clock?: Clock | undefined;
}

/**
 * Holds every request until the pacer grants a permit, and settles the permit when the request ends, without waiting
 * for the settlement. The wait is added to `call.stats.quotaWaitMs` and published as `pageturn:wait`; a settlement that
 * fails is published as `pageturn:settle-error`. Rejects as `send` does; with `signal.reason` as soon as the signal
 * aborts the wait for a permit; and with any error of `pacer.acquire`.
 *
 * @example
 * const paced = withPace(fetchPage, adaptivePacer({ ratePerSecond: 5 }), { classify });
 */
export function withPace<I, O, C extends PageCall>(
  send: (input: I, call: C) => Promise<O>,
  pacer: Pacer,
  { classify, clock = systemClock }: WithPaceOptions,
): (input: I, call: C) => Promise<O> {
  return async (input, call) => {
    const settle = settleOnce(await waitForPermit(pacer, call, clock), call.operation);
    // A send that ignores its signal must not keep the permit.
    const unlink = call.signal && onAbort(call.signal, () => settle({ kind: 'lost' }));
    try {
      call.signal?.throwIfAborted();
      const output = await send(input, call);
      settle({ kind: 'ok' });
      return output;
    } catch (error) {
      settle(outcomeOf(classify(error)));
      throw error;
    } finally {
      unlink?.();
      // Has an effect only if `classify` threw.
      settle({ kind: 'lost' });
    }
  };
}

async function waitForPermit(pacer: Pacer, call: PageCall, clock: Clock): Promise<Permit> {
  const { signal, stats = new RequestStats(), operation } = call;
  signal?.throwIfAborted();
  const endWait = stats.begin('quota', clock);
  try {
    if (!isTraced('pageturn:wait')) return await acquireUnlessAborted(pacer, call);
    const trace: WaitTrace = { operation, waitingFor: 'quota' };
    return await traced('pageturn:wait', trace, () => acquireUnlessAborted(pacer, call));
  } finally {
    const waitedMs = endWait();
    if (waitedMs >= SHORTEST_WAIT_MS) publish('pageturn:wait', () => ({ operation, waitedMs }));
  }
}

// A shorter wait is due to the event loop, not to the quota.
const SHORTEST_WAIT_MS = 1;

async function acquireUnlessAborted(pacer: Pacer, { signal, operation }: PageCall): Promise<Permit> {
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

function settleOnce(permit: Permit, operation: string | undefined): (outcome: Outcome) => void {
  let isSettled = false;
  return (outcome) => {
    if (isSettled) return;
    isSettled = true;
    (async () => permit.settle(outcome))().catch((error: unknown) => {
      publish('pageturn:settle-error', () => ({ operation, outcome: outcome.kind, error }));
    });
  };
}

function outcomeOf({ kind, retryAfterMs }: ReturnType<ClassifyForPace>): Outcome {
  if (kind === 'throttle') return { kind: 'throttled', retryAfterMs };
  return { kind: kind === 'transient' ? 'lost' : 'ok' };
}
