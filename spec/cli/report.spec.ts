import { channel } from 'node:diagnostics_channel';
import { expect, it, onTestFinished } from 'vitest';
import { progressText } from '../../lib/cli/report/progress-text.js';
import { Report } from '../../lib/cli/report/report.js';

function quietReport() {
  const lines: string[] = [];
  const report = new Report({ isTTY: false, columns: 80, write: (text) => lines.push(text) }, 'user');
  onTestFinished(() => report.close());
  return { report, lines };
}

function narratedReport() {
  const { report, lines } = quietReport();
  report.start({ introduction: 'the introduction' });
  return { report, lines };
}

it('a narrated run has a line for each page, each throttle and the wait after it', () => {
  const { lines } = narratedReport();
  channel('pageturn:page').publish({ operation: 'List', items: 1000, hasNext: true });
  channel('pageturn:wait').publish({ operation: 'List', waitedMs: 500 });
  channel('pageturn:throttle').publish({ operation: 'List', retryAfterMs: undefined });
  channel('pageturn:wait').publish({ operation: 'List', waitedMs: 700 });
  channel('pageturn:page').publish({ operation: 'List', items: 500, hasNext: false });
  expect(lines).toEqual([
    'the introduction\n',
    'page 1: 1,000 users\n',
    'throttled (429): backing off\n',
    'waited 0.7 s, retrying\n',
    'page 2: 1,500 users\n',
  ]);
});

it('pages of other operations, such as names of profiles, are not counted as pages of users', () => {
  const { report, lines } = quietReport();
  report.start({ introduction: 'the introduction', operation: 'Connect.SearchUsers' });
  channel('pageturn:page').publish({ operation: 'Connect.ListRoutingProfiles', items: 12, hasNext: false });
  channel('pageturn:page').publish({ operation: 'Connect.SearchUsers', items: 500, hasNext: false });
  expect(lines).toEqual(['the introduction\n', 'page 1: 500 users\n']);
});

it('a closed report no longer listens to events', () => {
  const { report, lines } = narratedReport();
  report.close();
  channel('pageturn:page').publish({ operation: 'List', items: 1, hasNext: false });
  expect(lines).toEqual(['the introduction\n']);
});

const throttle = Object.assign(new Error('slow down'), { name: 'TooManyRequestsException' });
const asked = Object.assign(new Error('busy'), {
  response: { status: 503, headers: { 'retry-after': '28' } },
});

it.each([
  ['throttled, trying again in 28 s\n', throttle, 27_100],
  ['the last request failed, trying again in 28 s\n', asked, 28_000],
])('a long wait that the service asks for has the line %j', (line, error, delayMs) => {
  const { lines } = quietReport();
  channel('pageturn:retry').publish({ operation: 'List', attempt: 1, delayMs, error });
  expect(lines).toEqual([line]);
});

it.each([
  ['a short wait', throttle, 4000],
  ['a backoff of its own', new TypeError('fetch failed'), 8000],
])('%s has no line', (_what, error, delayMs) => {
  const { lines } = quietReport();
  channel('pageturn:retry').publish({ operation: 'List', attempt: 1, delayMs, error });
  expect(lines).toEqual([]);
});

it('the progress shows the counts and, during a long wait, how long it still takes', () => {
  const progress = { items: 4000, pages: 4, throttles: 1, waitedMs: 1200 };
  const options = { noun: 'user', now: 1000, requestsPerSecond: 2 };
  expect(progressText({ ...progress, wait: undefined }, options)).toBe(
    '4,000 users, 4 pages, 1 throttle, 2.0 requests/s, 1.2 s waited',
  );
  const wait = { reason: 'throttled', until: 28_900 };
  expect(progressText({ ...progress, wait }, options)).toBe('4,000 users: throttled, trying again in 28 s');
  expect(progressText({ ...progress, wait }, { ...options, now: 28_900 })).toMatch(/waited$/);
});
