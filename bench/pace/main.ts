/**
 * The figures of the learning rate in simulated time, and those that fail without each of its constants: the same in
 * every run.
 *
 * tsx bench/pace/main.ts [--svg FILE]
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { TUNING } from '../../lib/pace/learning-rate.js';
import { type Need, needs } from './needs.js';
import { plot } from './plot.js';
import { alone, competitorLeaves, mean, quotaChanges, type Scenario, together } from './scenarios.js';

const { values } = parseArgs({ options: { svg: { type: 'string' } } });

const figures: readonly (readonly [name: string, scenario: Scenario])[] = [
  ['100 requests', alone({ requests: 100 })],
  ['1,000 requests', alone({ requests: 1000 })],
  ['1,000 requests, 150 ms latency', alone({ requests: 1000, latencyMs: 150 })],
  ['500 requests, 32 at once, 100 ms latency', alone({ requests: 500, concurrency: 32, latencyMs: 100 })],
  [
    '1,000 requests, quota 1/s',
    alone({ requests: 1000, latencyMs: 20, real: { ratePerSecond: 1, burst: 5 } }),
  ],
  [
    '1,000 requests, quota 10/s',
    alone({ requests: 1000, latencyMs: 20, real: { ratePerSecond: 10, burst: 5 } }),
  ],
  ['100 requests each, 3 processes', together(3, 100)],
  ['a competitor with half of the quota leaves', competitorLeaves],
  ['the quota falls to a quarter and returns', quotaChanges],
];

console.log('Means of 20 seeds; ratio: time over the least possible, throttled: throttles per request.\n');
for (const [name, scenario] of figures) {
  const measured = Object.keys(scenario(1).figures).map((figure) => {
    const { mean: value, error } = mean(scenario, figure);
    return `${figure} ${value.toFixed(4)} ± ${error.toFixed(4)}`;
  });
  console.log(`${name.padEnd(44)}${measured.join('   ')}`);
}

console.log('\n| constant | value | why | figure | with | without |\n|---|--:|---|---|--:|--:|');
for (const need of needs) console.log(row(need));
if (values.svg) writeFileSync(values.svg, plot());

function row({ constant, why, scenario, figure, words, without }: Need): string {
  const kept = mean(scenario, figure).mean;
  const broken = mean(scenario, figure, { [constant]: without }).mean;
  const text = (value: number) => (figure === 'ratio' ? value.toFixed(3) : `${(100 * value).toFixed(1)} %`);
  return `| \`${constant}\` | ${TUNING[constant]} | ${why} | ${words} | ${text(kept)} | ${text(broken)} (${without}) |`;
}
