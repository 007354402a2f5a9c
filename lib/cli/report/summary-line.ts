import type { Receipt } from '../../core/receipt.js';
import { formatCount, formatDuration, formatNumber } from '../format.js';

export interface RunSummary {
  readonly receipt: Pick<Receipt, 'items' | 'written' | 'pages' | 'throttles' | 'resumed'>;
  readonly noun: string;
  /** How long this run took. */
  readonly elapsedMs: number;
  /** Whether some of the items seen were left out. */
  readonly isFiltered: boolean;
  /** The number of distinct items, if counted. */
  readonly distinct?: number | undefined;
  /** How the run ended, such as `complete`. */
  readonly ending: string;
}

/** `12,000 users, 12 pages, 2 throttles, 4.1 s: complete` */
export function summaryLine({ receipt, noun, elapsedMs, ending, ...facts }: RunSummary): string {
  const { items, written, pages, throttles, resumed } = receipt;
  const counts = [
    facts.isFiltered ? `${formatNumber(written)} of ${formatCount(items, noun)}` : formatCount(written, noun),
    ...(facts.distinct === undefined ? [] : [`${formatNumber(facts.distinct)} distinct`]),
    formatCount(pages, 'page'),
    formatCount(throttles, 'throttle'),
  ].join(', ');
  const duration = formatDuration(elapsedMs);
  if (resumed === 0) return `${counts}, ${duration}: ${ending}`;
  return `${counts} in ${resumed + 1} runs, the last of ${duration}: ${ending}`;
}
