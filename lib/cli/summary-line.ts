import type { TraversalStats } from '../listing/traversal/traversal-stats.js';
import { formatCount, formatDuration, formatNumber } from './format.js';

export interface RunSummary {
  readonly stats: TraversalStats;
  readonly elapsedMs: number;
  /** Records written. */
  readonly written: number;
  /** Whether a filter dropped some of the users seen. */
  readonly isFiltered: boolean;
  /** Whether the run continued an earlier one. */
  readonly wasResumed: boolean;
  /** The number of distinct records, if counted. */
  readonly distinct: number | undefined;
  /** How the run ended, such as `complete`. */
  readonly ending: string;
}

/** `12,000 users, 12 pages, 2 throttles, 4.1 s: complete` */
export function summaryLine({ stats, elapsedMs, written, ending, ...facts }: RunSummary): string {
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
