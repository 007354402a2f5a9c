import type { Clock } from './clock.js';

/** What a request waits for: the quota (including back-off after a throttle), the answer, or a retry after a fault. */
export type WaitingFor = 'quota' | 'network' | 'retry';

interface CurrentWait {
  readonly wait: WaitingFor;
  readonly clock: Clock;
  readonly startedAt: number;
}

/**
 * Running totals over the requests of one traversal. They are current at any moment: a wait in progress
 * counts up to now.
 *
 * @example
 * const stats = new RequestStats();
 * const page = fetchPage(undefined, { stats });
 * stats.waitingFor; // 'network'
 */
export class RequestStats {
  /** Requests sent, including throttled ones. */
  attempts = 0;
  /** Requests the service throttled. */
  throttles = 0;
  readonly #endedMs: Record<WaitingFor, number> = { quota: 0, network: 0, retry: 0 };
  readonly #current = new Set<CurrentWait>();

  /** Milliseconds spent waiting for the quota: for a permit of the pacer, or in back-off after a throttle. */
  get quotaWaitMs(): number {
    return this.#msOf('quota');
  }

  /** Milliseconds spent waiting for answers. */
  get networkMs(): number {
    return this.#msOf('network');
  }

  /** The current wait: the latest one if there are several, undefined if there is none. */
  get waitingFor(): WaitingFor | undefined {
    return [...this.#current].at(-1)?.wait;
  }

  /**
   * Starts a wait. Call the returned function when the wait is over: it returns the milliseconds that the wait took,
   * never less than 0, even if the clock was set back.
   */
  begin(wait: WaitingFor, clock: Clock): () => number {
    const one = { wait, clock, startedAt: clock.now() };
    this.#current.add(one);
    return () => this.#end(one);
  }

  /** Ends every wait: the traversal has ended. */
  endWaits(): void {
    for (const one of this.#current) this.#end(one);
  }

  #end(one: CurrentWait): number {
    const ms = msSoFar(one);
    if (this.#current.delete(one)) this.#endedMs[one.wait] += ms;
    return ms;
  }

  #msOf(wait: WaitingFor): number {
    const waits = [...this.#current].filter((one) => one.wait === wait);
    return waits.reduce((sum, one) => sum + msSoFar(one), this.#endedMs[wait]);
  }
}

function msSoFar({ clock, startedAt }: CurrentWait): number {
  return Math.max(0, clock.now() - startedAt);
}
