import type { RequestStats, WaitingFor } from '../../core/request-stats.js';

/** What a traversal has done so far; live, and final once it ended. Times are in milliseconds. */
export interface TraversalStats {
  /** Pages received. */
  readonly pages: number;
  /** Items received from the service, whether or not an operator let them through. */
  readonly itemsSeen: number;
  /** Values handed to the consumer. */
  readonly itemsYielded: number;
  /** Requests sent, the refused ones included. */
  readonly attempts: number;
  /** Requests the service refused for going too fast. */
  readonly throttles: number;
  /** Time spent waiting for the quota: for a turn, or in back-off after a throttle. A wait under way counts as far as it has come. */
  readonly quotaWaitMs: number;
  /** Time spent waiting for answers; a request under way counts as far as it has come. */
  readonly networkMs: number;
  /** What is waited for at this moment: the quota, an answer, or another try after a fault; undefined: nothing. */
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
