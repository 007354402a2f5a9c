import { describe, expect, it } from 'vitest';
import { formatDuration } from '../../lib/cli/format.js';
import { type RunSummary, summaryLine } from '../../lib/cli/report/summary-line.js';

const receipt = { items: 12_000, written: 12_000, pages: 12, throttles: 1, resumed: 0 };
const summary: RunSummary = {
  receipt,
  noun: 'user',
  elapsedMs: 4123,
  isFiltered: false,
  distinct: undefined,
  ending: 'complete',
};

describe('the summary line', () => {
  it.each<[string, Partial<RunSummary>]>([
    ['12,000 users, 12 pages, 1 throttle, 4.1 s: complete', {}],
    ['12,000 users, 11,999 distinct, 12 pages, 1 throttle, 4.1 s: complete', { distinct: 11_999 }],
    ['1 user, 12 pages, 1 throttle, 4.1 s: complete', { receipt: { ...receipt, written: 1 } }],
    [
      '3 of 12,000 users, 12 pages, 1 throttle, 4.1 s: complete',
      { receipt: { ...receipt, written: 3 }, isFiltered: true },
    ],
    [
      '12,000 users, 12 pages, 1 throttle in 3 runs, the last of 4.1 s: complete',
      { receipt: { ...receipt, resumed: 2 } },
    ],
    [
      '0 users, 0 pages, 0 throttles, 0.0 s: interrupted',
      {
        receipt: { items: 0, written: 0, pages: 0, throttles: 0, resumed: 0 },
        elapsedMs: 3,
        ending: 'interrupted',
      },
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
