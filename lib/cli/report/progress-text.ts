import { formatCount, formatDuration } from '../format.js';

/** What a run has done so far. */
export interface Progress {
  items: number;
  pages: number;
  throttles: number;
  waitedMs: number;
  /** A long wait that is going on. */
  wait: { readonly reason: string; readonly until: number } | undefined;
}

interface ProgressTextOptions {
  readonly noun: string;
  readonly now: number;
  readonly requestsPerSecond: number;
}

/** `4,000 users, 4 pages, 1 throttle, 2.0 requests/s, 1.2 s waited`, or during a long wait how long it still takes. */
export function progressText(
  { items, pages, throttles, waitedMs, wait }: Progress,
  { noun, now, requestsPerSecond }: ProgressTextOptions,
): string {
  if (wait && wait.until > now) {
    return `${formatCount(items, noun)}: ${wait.reason}, trying again in ${Math.ceil((wait.until - now) / 1000)} s`;
  }
  return [
    formatCount(items, noun),
    formatCount(pages, 'page'),
    formatCount(throttles, 'throttle'),
    `${requestsPerSecond.toFixed(1)} requests/s`,
    `${formatDuration(waitedMs)} waited`,
  ].join(', ');
}
