/**
 * Runs the conformance kit against pageturn and other pagers and prints the table in docs/compare.md. With pager names as
 * arguments, it runs only those and prints every error.
 */
import { checkPager, type Pager } from '../../lib/testing/index.js';
import { awsSdk } from './pagers/aws-sdk.js';
import { azure } from './pagers/azure.js';
import { google } from './pagers/google.js';
import { gotPaginate } from './pagers/got.js';
import { handWritten } from './pagers/hand-written.js';
import { ix } from './pagers/ix.js';
import { notion } from './pagers/notion.js';
import { pageturn } from './pagers/pageturn.js';
import { slack } from './pagers/slack.js';
import { type Column, toTable } from './table.js';

const pagers: readonly Pager[] = [
  pageturn,
  awsSdk,
  handWritten,
  ix,
  azure,
  google,
  notion,
  gotPaginate,
  slack,
];

// A pager that leaks a rejection must not end the comparison; the check for it has its own listener.
process.on('unhandledRejection', () => {});

// Longer than the longest backoff of any of these pagers, and than a busy machine may need for an abort.
const TIMEOUTS = { hangTimeoutMs: 30_000, promptTimeoutMs: 2_000 };

const selected = process.argv.slice(2);
const names = pagers.map(({ name }) => name);
const unknown = selected.find((name) => !names.includes(name));
if (unknown !== undefined) {
  console.error(`unknown pager ${unknown}; use one of: ${names.join(', ')}`);
  process.exit(2);
}
const columns: Column[] = [];
for (const pager of pagers) {
  if (selected.length > 0 && !selected.includes(pager.name)) continue;
  console.error(`${pager.name} …`);
  const results = await checkPager(pager, TIMEOUTS);
  columns.push({ pager: pager.name, results });
  if (selected.length === 0) continue;
  for (const { check, error } of results) if (error) console.log(`${check.name}: ${error}`);
}
console.log(toTable(columns));
// Some pagers leak timers and sockets that would keep the process alive.
process.exit();
