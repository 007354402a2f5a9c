import { channel } from 'node:diagnostics_channel';
import { expect, it, onTestFinished } from 'vitest';
import { Report } from '../../lib/cli/report.js';

function narratedReport() {
  const lines: string[] = [];
  const report = new Report({ isTTY: false, columns: 80, write: (text) => lines.push(text) });
  onTestFinished(() => report.close());
  report.narrate('the introduction');
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

it('a closed report no longer listens to events', () => {
  const { report, lines } = narratedReport();
  report.close();
  channel('pageturn:page').publish({ operation: 'List', items: 1, hasNext: false });
  expect(lines).toEqual(['the introduction\n']);
});
