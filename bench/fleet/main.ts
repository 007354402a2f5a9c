/**
 * Three processes that page through the sandbox over HTTP on one quota, 2/s with a burst of 5, and share it through a Redis
 * of their own: in real time, all contenders at once, so it takes as long as the slowest of them.
 *
 * tsx bench/fleet/main.ts [--pages N] [--processes N] [--only TEXT]
 */
import { parseArgs } from 'node:util';
import { hasRedis } from '../../spec/support/start-redis.js';
import { type FleetOutcome, runFleet } from './run-fleet.js';

const CONTENDERS = ['pageturn, quota configured', 'pageturn', 'rate-limiter-flexible, quota configured'];

const { values } = parseArgs({
  options: {
    pages: { type: 'string', default: '100' },
    processes: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
  },
});
if (!hasRedis)
  throw new Error('this needs redis-server: install it, for example with apt-get install redis-server');
const pages = Number(values.pages);
const processes = Number(values.processes);
console.log(`${processes} processes with ${pages} pages each; the bound is (requests - burst) / rate.\n`);
console.log(
  '| contender | time over the bound | throttled | smallest share of fair | round trips per page | finished |',
);
console.log('|---|--:|--:|--:|--:|--:|');
const chosen = CONTENDERS.filter((name) => name.includes(values.only));
const outcomes = await Promise.all(chosen.map((contender) => runFleet({ contender, pages, processes })));
for (const [index, outcome] of outcomes.entries()) console.log(row(chosen[index] ?? '', outcome));

function row(contender: string, outcome: FleetOutcome): string {
  const { ratio, throttles, smallestShare, trips, finished } = outcome;
  const throttled = (100 * throttles) / (pages * processes);
  const cells = [
    contender,
    ratio.toFixed(4),
    `${throttled.toFixed(1)} %`,
    smallestShare.toFixed(2),
    trips.toFixed(2),
    `${finished} of ${processes}`,
  ];
  return `| ${cells.join(' | ')} |`;
}
