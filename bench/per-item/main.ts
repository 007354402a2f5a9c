/**
 * What an item costs on its way from the page to the consumer. Each way of reading runs in a process of its own. They take
 * turns round by round, so that whatever else the machine does hits all of them: a ratio is the median, over all rounds, of
 * the ratio to the peer's round beside it. Run it: npm run bench:items [-- --quick]
 */
import { contenders, type Workload, workloads } from './contenders.js';
import { Runner } from './runner.js';
import type { Round } from './worker.js';

const ITEMS = 1_000_000;
const PAGE_SIZES = [1000, 100, 20];
const isQuick = process.argv.includes('--quick');
/** How often the processes are started anew: a compiler may come to other ends. */
const STARTS = isQuick ? 1 : 5;
const ROUNDS = 11;

/** A round of these takes seconds, and they are far from any bound: three are enough. */
const SLOW = ['async generator', 'ix', 'pageturn, ix operators', 'streaming-iterables', 'Node streams'];
const SLOW_ROUNDS = 3;

/** What each figure is measured against, and the most it may be at 1,000 items a page. */
const BOUNDS: Partial<
  Record<Workload, { readonly peer: string; readonly on?: Workload; readonly most: number }>
> = {
  pass: { peer: 'hand-written iterator', most: 1.1 },
  steps: { peer: 'hand-written iterator', most: 1.25 },
  ten: { peer: 'pageturn', on: 'steps', most: 2 },
  pages: { peer: 'nested loops', most: 1.5 },
  toArray: { peer: 'nested loops', most: 1.5 },
};

const TITLES: Record<Workload, string> = {
  pass: 'for await over every item',
  steps: 'for await over filter + map + filter',
  ten: 'for await over ten operators',
  pages: '.pages(), a loop over each page',
  toArray: '.toArray()',
};

/** All that was measured of one contender on one workload. */
interface Series {
  readonly name: string;
  readonly workload: Workload;
  readonly rounds: Round[];
}

for (const pageSize of isQuick ? PAGE_SIZES.slice(0, 1) : PAGE_SIZES) {
  console.log(`\n## ${ITEMS.toLocaleString('en')} items, ${pageSize.toLocaleString('en')} a page`);
  const all = await measure(pageSize);
  assertSameCounts(all);
  for (const workload of workloads) printTable(workload, all, pageSize);
}

async function measure(pageSize: number): Promise<readonly Series[]> {
  const all: Series[] = Object.entries(contenders).flatMap(([name, tasks]) =>
    (Object.keys(tasks) as Workload[]).map((workload) => ({ name, workload, rounds: [] })),
  );
  const fast = all.filter(({ name }) => !SLOW.includes(name));
  await runInTurns(all, pageSize, SLOW_ROUNDS);
  await runInTurns(fast, pageSize, ROUNDS - SLOW_ROUNDS);
  for (let start = 1; start < STARTS; start++) await runInTurns(fast, pageSize, ROUNDS);
  return all;
}

async function runInTurns(all: readonly Series[], pageSize: number, rounds: number): Promise<void> {
  const runners: Runner[] = [];
  for (const { name, workload } of all) {
    const runner = new Runner(name, workload, { items: ITEMS, pageSize });
    await runner.ready;
    runners.push(runner);
  }
  for (let round = 0; round < rounds; round++) {
    for (const [i, runner] of runners.entries()) all[i]?.rounds.push(await runner.run());
  }
  for (const runner of runners) runner.stop();
}

/** A way that loses values on the way is no peer. */
function assertSameCounts(all: readonly Series[]): void {
  for (const workload of workloads) {
    const ofWorkload = all.filter((series) => series.workload === workload);
    const counts = new Set(ofWorkload.flatMap(({ rounds }) => rounds.map(({ count }) => count)));
    if (counts.size > 1)
      throw new Error(`not all ways give the same in ${workload}: ${[...counts].join(', ')}`);
  }
}

function printTable(workload: Workload, all: readonly Series[], pageSize: number): void {
  const bound = BOUNDS[workload];
  const peer = all.find(({ name, workload: on }) => name === bound?.peer && on === (bound.on ?? workload));
  console.log(`\n${TITLES[workload]}\n`);
  console.log('| how | ns an item | ratio | most memory, MB |\n|---|---|---|---|');
  for (const { name, rounds } of all.filter((series) => series.workload === workload)) {
    const cost = median(rounds.map(({ nsPerItem }) => nsPerItem)).toFixed(1);
    const ratio = peer
      ? median(rounds.map(({ nsPerItem }, i) => nsPerItem / costOf(peer, i))).toFixed(2)
      : '';
    const verdict =
      name === 'pageturn' && bound && pageSize === PAGE_SIZES[0] ? ` (bound ${bound.most})` : '';
    const memory = (median(rounds.map(({ peakBytes }) => peakBytes)) / 1e6).toFixed(0);
    console.log(`| ${name} | ${cost} | ${ratio}${verdict} | ${memory} |`);
  }
}

function costOf({ rounds }: Series, round: number): number {
  return (rounds[round] as Round).nsPerItem;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] as number;
}
