import type { DrainTotals } from '../../core/destination.js';
import type { Traversal } from '../traversal/traversal.js';

/** The totals of a drain that begins now. */
export function newTotals(startedAt: string): DrainTotals {
  const none = { pages: 0, items: 0, written: 0, failed: 0, requests: 0, throttles: 0, waitedMs: 0 };
  return { startedAt, ...none, restarts: 0, resumed: 0 };
}

interface Pending {
  /** Rows that this run has written once the pending ones are. */
  readonly written: number;
  /** Failed items of all runs. */
  readonly failed: number;
}

/** Earlier totals, and what a traversal has done since once the pending rows are written. */
export function addTraversal(
  earlier: DrainTotals,
  walk: Traversal<unknown>,
  { written, failed }: Pending,
): DrainTotals {
  const { pages, attempts, throttles, quotaWaitMs } = walk.stats;
  const { items, restarts } = walk.progressAfter;
  return {
    ...earlier,
    pages: earlier.pages + pages,
    items: earlier.items + items,
    written: earlier.written + written,
    failed,
    requests: earlier.requests + attempts,
    throttles: earlier.throttles + throttles,
    waitedMs: earlier.waitedMs + Math.round(quotaWaitMs),
    restarts: earlier.restarts + restarts,
  };
}
