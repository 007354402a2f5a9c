import { raceAbort } from '../core/abort.js';
import { type Clock, systemClock } from '../core/clock.js';
import { publish } from '../core/events.js';
import type { Pacer } from '../core/pacer.js';
import type { PageCall } from '../core/page.js';
import { RequestStats } from '../core/request-stats.js';

/** What a pacer has to know about an error: whether it is a throttle, and how long the service asks to wait. */
export type ClassifyThrottle = (error: unknown) => {
  readonly kind: string;
  readonly retryAfterMs?: number | undefined;
};

export interface WithPaceOptions {
  /** Tells throttles (`kind: 'throttle'`) from other errors. */
  readonly classify: ClassifyThrottle;
  readonly clock?: Clock | undefined;
}

/**
 * Holds every request until the pacer permits it, and tells the pacer what came of it. The wait is added to
 * `call.stats.quotaWaitMs` and published as `pageturn:wait`. Rejects as `send` does; with `signal.reason` as soon as
 * the signal aborts a wait, whether or not the pacer heeds it; and with whatever the pacer itself throws.
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
    const permit = await waitForPermit(pacer, call, clock);
    let output: O;
    try {
      output = await send(input, call);
    } catch (error) {
      report(pacer, permit, error, classify);
      throw error;
    }
    pacer.succeeded(permit);
    return output;
  };
}

async function waitForPermit(pacer: Pacer, call: PageCall, clock: Clock): Promise<unknown> {
  const { signal, stats = new RequestStats(), operation } = call;
  signal?.throwIfAborted();
  const endWait = stats.begin('quota', clock);
  // Async, so that a pacer which throws at once fails like one that rejects.
  const acquired = (async () => pacer.acquire(signal))();
  try {
    return await raceAbort(acquired, signal);
  } catch (error) {
    // A pacer that does not heed the signal may still grant the permit, with nobody there to use it.
    acquired.then((permit) => pacer.succeeded(permit)).catch(() => {});
    throw error;
  } finally {
    const waitedMs = endWait();
    if (waitedMs >= SHORTEST_WAIT_MS) publish('pageturn:wait', () => ({ operation, waitedMs }));
  }
}

// Below this it is the event loop that was waited for, not the quota.
const SHORTEST_WAIT_MS = 1;

function report(pacer: Pacer, permit: unknown, error: unknown, classify: ClassifyThrottle): void {
  let retryAfterMs: number | undefined;
  let throttled = false;
  try {
    const verdict = classify(error);
    throttled = verdict.kind === 'throttle';
    retryAfterMs = verdict.retryAfterMs;
  } finally {
    if (throttled) pacer.throttled(retryAfterMs, permit);
    else pacer.succeeded(permit);
  }
}
