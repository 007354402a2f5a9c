import { systemClock } from '../../core/clock.js';
import type { RequestStats } from '../../core/request-stats.js';
import type { TraversalStats } from '../../listing/traversal/traversal-stats.js';

/** Adds what a traversal has done since `before` to the stats of the one that it is a part of. */
export function addStats(stats: RequestStats, now: TraversalStats, before: TraversalStats | undefined): void {
  stats.attempts += now.attempts - (before?.attempts ?? 0);
  stats.throttles += now.throttles - (before?.throttles ?? 0);
  addWait(stats, 'quota', now.quotaWaitMs - (before?.quotaWaitMs ?? 0));
  addWait(stats, 'network', now.networkMs - (before?.networkMs ?? 0));
}

/** Records a wait that is over, with a clock on which it took this long. */
function addWait(stats: RequestStats, wait: 'quota' | 'network', ms: number): void {
  let at = 0;
  const end = stats.begin(wait, { ...systemClock, now: () => at });
  at = ms;
  end();
}
