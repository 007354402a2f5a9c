import type { RequestStats, WaitingFor } from '../../core/request-stats.js';

/** What a traversal has done so far; live, and final once it ended. Times are in milliseconds. */
export interface TraversalStats {
  /** Pages received. */
  readonly pages: number;
  /** Items received from the service, whether or not an operator let them through. */
  readonly itemsSeen: number;
  /** Values delivered to the consumer. */
  readonly itemsYielded: number;
  /** Requests sent, including throttled ones. */
  readonly attempts: number;
  /** Requests the service throttled. */
  readonly throttles: number;
  /** Time spent waiting for the quota: for a permit, or in back-off after a throttle. A current wait counts up to now. */
  readonly quotaWaitMs: number;
  /** Time spent waiting for answers; a current request counts up to now. */
  readonly networkMs: number;
  /** The current wait: for the quota, an answer, or another try after a fault; undefined if there is none. */
  readonly waitingFor: WaitingFor | undefined;
}

/** The stats as they are at this moment. */
export function traversalStats(
  { pages, itemsReceived }: { readonly pages: number; readonly itemsReceived: number },
  { attempts, throttles, quotaWaitMs, networkMs, waitingFor }: RequestStats,
  itemsYielded: number,
): TraversalStats {
  const requests = { attempts, throttles, quotaWaitMs, networkMs, waitingFor };
  return { pages, itemsSeen: itemsReceived, itemsYielded, ...requests };
}
