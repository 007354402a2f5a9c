/**
 * Holds pageturn and other pagers against the conformance kit and prints who loses what, as the table of the README.
 * With names of pagers as arguments: those only, each with what was wrong.
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

// A pager that leaks a rejection must not end the comparison; the check that looks for it has a listener of its own.
process.on('unhandledRejection', () => {});

// Longer than the longest back-off any of them takes between two tries of the kit's.
const PATIENCE = { patienceMs: 30_000, atOnceMs: 1_000 };

const wanted = process.argv.slice(2);
const names = pagers.map(({ name }) => name);
const strange = wanted.find((name) => !names.includes(name));
if (strange !== undefined) {
  console.error(`no pager is called ${strange}; there are: ${names.join(', ')}`);
  process.exit(2);
}
const columns: Column[] = [];
for (const pager of pagers) {
  if (wanted.length > 0 && !wanted.includes(pager.name)) continue;
  console.error(`${pager.name} …`);
  const results = await checkPager(pager, PATIENCE);
  columns.push({ pager: pager.name, results });
  if (wanted.length === 0) continue;
  for (const { check, error } of results) if (error) console.log(`${check.name}: ${error}`);
}
console.log(toTable(columns));
// Some of them leave timers and sockets behind that would keep the process alive.
process.exit();
