/**
 * Measures how close to the quota each client comes, over real HTTP in scaled time. Scaling also stretches the
 * milliseconds of loopback: at 20, a request seems to take about 100 ms, which spaces out clients that are not paced.
 *
 * tsx bench/drain/main.ts [--quick] [--runs N] [--peer-runs N] [--scale N] [--only TEXT] [--contender TEXT] [--svg FILE]
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { median } from '../median.js';
import { type Panel, plot } from './plot.js';
import { type Outcome, runScenario } from './run-scenario.js';
import { type Scenario, scenarios } from './scenarios.js';

const CONTENDERS = [
  'pageturn',
  'pageturn, quota configured',
  'SDK, 3 attempts',
  'SDK, 10 attempts',
  'SDK, adaptive',
  'p-retry',
  'bottleneck, quota configured',
];

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    runs: { type: 'string' },
    'peer-runs': { type: 'string', default: '1' },
    scale: { type: 'string', default: '20' },
    only: { type: 'string', default: '' },
    contender: { type: 'string', default: '' },
    svg: { type: 'string' },
  },
});
const runs = Number(values.runs ?? (values.quick ? 1 : 5));
const scale = Number(values.scale);
const chosen = scenarios.filter(({ name, quick }) => name.includes(values.only) && (quick || !values.quick));
const entrants = CONTENDERS.filter((name) => name.includes(values.contender));

const peerRuns = Number(values['peer-runs']);
console.log(
  `Time runs ${scale} times as fast. Medians of ${runs} runs for pageturn, of ${peerRuns} for the others. The bound is (requests - burst) / rate.`,
);
const panels: Panel[] = [];
for (const scenario of chosen) {
  console.log(`\n${scenario.name}`);
  for (const contender of entrants) {
    const outcomes: Outcome[] = [];
    const times = contender.startsWith('pageturn') ? runs : peerRuns;
    for (let run = 0; run < times; run++) outcomes.push(await runScenario(scenario, contender, scale));
    console.log(`  ${contender.padEnd(30)}${summary(scenario, outcomes)}`);
    const [first] = outcomes;
    if (scenario.plot && first) panels.push({ title: `${scenario.name}: ${contender}`, log: first.log });
  }
}
if (values.svg) writeFileSync(values.svg, plot(panels));

function summary(scenario: Scenario, outcomes: readonly Outcome[]): string {
  const complete = outcomes.filter(({ lost }) => lost === 0);
  const of = (key: 'ratio' | 'throttles' | 'lost' | 'smallestShare', among = outcomes) =>
    median(among.map((outcome) => outcome[key]));
  const throttled = (100 * of('throttles')) / (scenario.requests * (scenario.processes ?? 1));
  return [
    complete.length > 0 ? `${of('ratio', complete).toFixed(4)} of the bound` : 'never complete     ',
    `${of('throttles').toFixed(0).padStart(5)} throttled (${throttled.toFixed(1)} %)`,
    `${complete.length} of ${outcomes.length} complete`,
    ...(complete.length < outcomes.length ? [`${of('lost')} lost`] : []),
    ...(scenario.processes ? [`smallest share ${of('smallestShare').toFixed(2)} of fair`] : []),
    ...(scenario.competitor
      ? [
          `${percent(median(outcomes.map(({ takenUp = 0 }) => takenUp)))} of the freed quota in use after 15 s`,
        ]
      : []),
  ].join('   ');
}

function percent(part: number): string {
  return `${(100 * part).toFixed(0)} %`;
}
