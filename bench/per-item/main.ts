/**
 * What a value costs on its way from the page to the consumer. Each contender runs in its own process. They take turns
 * round by round, so that other load on the machine hits all of them: a ratio is the median, over all rounds, of the ratio
 * to the peer's round next to it. Rows are printed as soon as they are measured.
 * Run it: npm run bench:items [-- --quick] [WORKLOAD …]
 */
import { median } from '../median.js';
import { type Experiment, experiments } from './experiments.js';
import { Runner } from './runner.js';
import type { Round } from './worker.js';

const options = process.argv.slice(2);
const isQuick = options.includes('--quick');
const workloads = options.filter((option) => !option.startsWith('--'));
/** How often the processes are started: the compiler does not come to the same end each time. */
const STARTS = isQuick ? 1 : 5;
const ROUNDS = 11;
const VALUES = 300_000;

/** The slow contenders take 0.5 to 2 µs a value. */
const OTHERS_ROUNDS = 3;
const OTHERS_VALUES = 100_000;

console.log(`Node ${process.versions.node}, ${VALUES.toLocaleString('en')} values\n`);
console.log(
  '| what | a page | how | ns a value | ratio | bound | extra memory, MB |\n|---|--:|---|--:|--:|--:|--:|',
);
for (const experiment of experiments) {
  const { workload, peer, others = [] } = experiment;
  if (workloads.length > 0 && !workloads.includes(workload)) continue;
  const rounds = await measure(experiment, [peer, 'pageturn'], {
    starts: STARTS,
    rounds: ROUNDS,
    values: VALUES,
  });
  for (const row of rowsOf(experiment, rounds)) console.log(row);
  for (const other of others) {
    const size = { starts: 1, rounds: OTHERS_ROUNDS, values: OTHERS_VALUES };
    const measured = await measure(experiment, [peer, other], size);
    console.log(rowsOf(experiment, measured).at(-1));
  }
}

interface Size {
  readonly starts: number;
  readonly rounds: number;
  readonly values: number;
}

/** All rounds of each contender, by its name. */
type Measured = ReadonlyMap<string, readonly Round[]>;

async function measure(experiment: Experiment, names: readonly string[], size: Size): Promise<Measured> {
  const measured = new Map(names.map((name): [string, Round[]] => [name, []]));
  for (let start = 0; start < size.starts; start++) {
    const runners = await Promise.all(names.map((name) => Runner.start(name, experiment, size.values)));
    for (let round = 0; round < size.rounds; round++) {
      for (const runner of runners) measured.get(runner.name)?.push(await runner.run());
    }
    for (const runner of runners) runner.stop();
  }
  assertSameCounts(experiment, measured);
  return measured;
}

/** A contender that loses values is not measured: it would do less work. */
function assertSameCounts({ title }: Experiment, measured: Measured): void {
  const counts = new Set([...measured.values()].flat().map(({ count }) => count));
  if (counts.size > 1) throw new Error(`${title}: the contenders gave ${[...counts].join(' and ')} values`);
}

function rowsOf({ title, pageSize, peer, most }: Experiment, measured: Measured): string[] {
  const peerRounds = measured.get(peer) ?? [];
  return [...measured].map(([name, rounds]) => {
    const cost = median(rounds.map(({ nsPerValue }) => nsPerValue));
    const ratio = median(rounds.map(({ nsPerValue }, i) => nsPerValue / (peerRounds[i] as Round).nsPerValue));
    const memory = Math.max(...rounds.map(({ extraBytes }) => extraBytes)) / 1e6;
    const cells = [title, pageSize, name, cost.toFixed(1), ratio.toFixed(2)];
    return `| ${[...cells, name === 'pageturn' ? verdict(ratio, most) : '', memory.toFixed(0)].join(' | ')} |`;
  });
}

function verdict(ratio: number, most: number | undefined): string {
  if (most === undefined) return '';
  return ratio <= most ? `${most}` : `${most}, missed`;
}
