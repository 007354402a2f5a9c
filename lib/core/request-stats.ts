import type { Clock } from './clock.js';

/** What a request waits for: the quota (including back-off after a throttle), the answer, or a retry after a fault. */
export type WaitingFor = 'quota' | 'network' | 'retry';

/** A wait that {@link RequestStats.start} has started. */
export interface WaitUnderWay {
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
  /** Whether the service has answered a request, even if with an error. */
  isAnswered = false;
  readonly #overMs: Record<WaitingFor, number> = { quota: 0, network: 0, retry: 0 };
  /** The latest last; there is hardly ever more than one. */
  readonly #underWay: WaitUnderWay[] = [];

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
    return this.#underWay.at(-1)?.wait;
  }

  /**
   * Starts a wait. Call the returned function when the wait is over: it returns the milliseconds that the wait took,
   * never less than 0, even if the clock was set back.
   */
  begin(wait: WaitingFor, clock: Clock): () => number {
    const one = this.start(wait, clock);
    return () => this.finish(one);
  }

  /**
   * {@link begin} without a function, which would cost every page another 100 bytes.
   *
   * @internal
   */
  start(wait: WaitingFor, clock: Clock): WaitUnderWay {
    const one = { wait, clock, startedAt: clock.now() };
    this.#underWay.push(one);
    return one;
  }

  /** @internal */
  finish(one: WaitUnderWay): number {
    const ms = msSoFar(one);
    const at = this.#underWay.lastIndexOf(one);
    if (at < 0) return ms;
    this.#overMs[one.wait] += ms;
    // Nearly always the only one, and a splice costs more than everything else here.
    if (at === this.#underWay.length - 1) this.#underWay.pop();
    else this.#underWay.splice(at, 1);
    return ms;
  }

  /** Ends every wait: the traversal has ended. */
  endWaits(): void {
    for (const one of [...this.#underWay]) this.finish(one);
  }

  #msOf(wait: WaitingFor): number {
    const underWay = this.#underWay.filter((one) => one.wait === wait);
    return underWay.reduce((sum, one) => sum + msSoFar(one), this.#overMs[wait]);
  }
}

function msSoFar({ clock, startedAt }: WaitUnderWay): number {
  return Math.max(0, clock.now() - startedAt);
}
