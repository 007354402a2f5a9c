import type { TraversalStats } from '../listing/traversal/traversal-stats.js';
import { formatCount, formatDuration, formatNumber } from './format.js';

export interface Closing {
  readonly stats: TraversalStats;
  readonly elapsedMs: number;
  /** Records written. */
  readonly written: number;
  /** Whether some were seen and not wanted. */
  readonly isFiltered: boolean;
  /** Whether an earlier run was gone on with. */
  readonly wasResumed: boolean;
  /** How many of the records were not the same as another, where that was counted. */
  readonly distinct: number | undefined;
  /** How it ended: `all seen`. */
  readonly ending: string;
}

/** `12,000 users, 12 pages, 2 throttles, 4.1 s: all seen` */
export function closingLine({ stats, elapsedMs, written, ending, ...facts }: Closing): string {
  const users = facts.isFiltered
    ? `${formatNumber(written)} of ${formatCount(stats.itemsSeen, 'user')}`
    : formatCount(written, facts.wasResumed ? 'more user' : 'user');
  const distinct = facts.distinct === undefined ? [] : [`${formatNumber(facts.distinct)} distinct`];
  const parts = [
    users,
    ...distinct,
    formatCount(stats.pages, 'page'),
    formatCount(stats.throttles, 'throttle'),
    formatDuration(elapsedMs),
  ];
  return `${parts.join(', ')}: ${ending}`;
}
