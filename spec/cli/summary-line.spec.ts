import { describe, expect, it } from 'vitest';
import { formatDuration } from '../../lib/cli/format.js';
import { NO_STATS } from '../../lib/cli/report.js';
import { type RunSummary, summaryLine } from '../../lib/cli/summary-line.js';

const summary: RunSummary = {
  stats: { ...NO_STATS, pages: 12, itemsSeen: 12_000, throttles: 1 },
  elapsedMs: 4123,
  written: 12_000,
  isFiltered: false,
  wasResumed: false,
  distinct: undefined,
  ending: 'complete',
};

describe('the summary line', () => {
  it.each<[string, Partial<RunSummary>]>([
    ['12,000 users, 12 pages, 1 throttle, 4.1 s: complete', {}],
    ['12,000 users, 11,999 distinct, 12 pages, 1 throttle, 4.1 s: complete', { distinct: 11_999 }],
    ['1 user, 12 pages, 1 throttle, 4.1 s: complete', { written: 1 }],
    ['3 of 12,000 users, 12 pages, 1 throttle, 4.1 s: complete', { written: 3, isFiltered: true }],
    ['700 more users, 12 pages, 1 throttle, 4.1 s: complete', { written: 700, wasResumed: true }],
    [
      '0 users, 0 pages, 0 throttles, 0.0 s: interrupted',
      { stats: NO_STATS, elapsedMs: 3, written: 0, ending: 'interrupted' },
    ],
  ])('the summary line reads "%s"', (line, facts) => {
    expect(summaryLine({ ...summary, ...facts })).toBe(line);
  });
});

describe('a duration', () => {
  it.each([
    [0, '0.0 s'],
    [59_949, '59.9 s'],
    [59_951, '1 min 0 s'],
    [125_000, '2 min 5 s'],
    [3_599_600, '1 h 0 min'],
    [7_380_000, '2 h 3 min'],
  ])('a duration of %d ms is shown as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
