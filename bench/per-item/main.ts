/**
 * What an item costs on its way from the page to the consumer. Each way of reading runs in a process of its own. They take
 * turns round by round, so that whatever else the machine does hits all of them: a ratio is the median, over all rounds, of
 * the ratio to the peer's round beside it. Run it: npm run bench:items [-- --quick]
 */
import { median } from '../median.js';
import { contenders, type Workload, workloads } from './contenders.js';
import { Runner } from './runner.js';
import type { Round } from './worker.js';

const ITEMS = 1_000_000;
const PAGE_SIZES = [1000, 100, 20];
const isQuick = process.argv.includes('--quick');
/** How often the processes are started anew: a compiler may come to other ends. */
const STARTS = isQuick ? 1 : 5;
const ROUNDS = 11;

/** A round of these takes seconds, and they are far from any bound: a few rounds of the first start are enough. */
const SLOW = ['async generator', 'ix', 'pageturn, ix operators', 'streaming-iterables', 'Node streams'];
const SLOW_ROUNDS = 3;

/** What each figure is measured against, and the most it may be with pages of a thousand. */
const BOUNDS: Record<Workload, { readonly peer: string; readonly most: number }> = {
  pass: { peer: 'hand-written iterator', most: 1.1 },
  steps: { peer: 'hand-written iterator', most: 1.25 },
  ten: { peer: 'pageturn, three operators', most: 2 },
  pages: { peer: 'nested loops', most: 1.5 },
  toArray: { peer: 'nested loops', most: 1.5 },
};
const BOUND_PAGE_SIZE = 1000;

const TITLES: Record<Workload, string> = {
  pass: 'for await over every item',
  steps: 'for await over filter + map + filter',
  ten: 'for await over ten operators',
  pages: '.pages(), a loop over each page',
  toArray: '.toArray()',
};

/** All rounds of each way of reading, by its name. */
type Measured = ReadonlyMap<string, Round[]>;

for (const pageSize of isQuick ? [BOUND_PAGE_SIZE] : PAGE_SIZES) {
  console.log(`\n## ${ITEMS.toLocaleString('en')} items, ${pageSize.toLocaleString('en')} a page`);
  for (const workload of workloads) {
    const measured = await measure(workload, pageSize);
    assertSameCounts(workload, measured);
    printTable(workload, measured, pageSize);
  }
}

async function measure(workload: Workload, pageSize: number): Promise<Measured> {
  const names = Object.keys(contenders).filter((name) => contenders[name]?.[workload]);
  const measured = new Map(names.map((name): [string, Round[]] => [name, []]));
  for (let start = 0; start < STARTS; start++) {
    const runners: Runner[] = [];
    for (const name of names) {
      if (start > 0 && SLOW.includes(name)) continue;
      runners.push(await Runner.start(name, workload, { items: ITEMS, pageSize }));
    }
    for (let round = 0; round < ROUNDS; round++) {
      for (const runner of runners) {
        if (round >= SLOW_ROUNDS && SLOW.includes(runner.name)) continue;
        measured.get(runner.name)?.push(await runner.run());
      }
    }
    for (const runner of runners) runner.stop();
  }
  return measured;
}

/** A way that loses values on the way is no peer. */
function assertSameCounts(workload: Workload, measured: Measured): void {
  const counts = new Set([...measured.values()].flat().map(({ count }) => count));
  if (counts.size > 1)
    throw new Error(`not all ways give the same in ${workload}: ${[...counts].join(', ')}`);
}

function printTable(workload: Workload, measured: Measured, pageSize: number): void {
  const { peer, most } = BOUNDS[workload];
  const peerRounds = measured.get(peer) ?? [];
  console.log(`\n${TITLES[workload]}\n`);
  console.log('| how | ns an item | ratio | most memory, MB |\n|---|---|---|---|');
  for (const [name, rounds] of measured) {
    const cost = median(rounds.map(({ nsPerItem }) => nsPerItem)).toFixed(1);
    const ratio = median(rounds.map(({ nsPerItem }, i) => nsPerItem / (peerRounds[i] as Round).nsPerItem));
    const verdict = name === 'pageturn' && pageSize === BOUND_PAGE_SIZE ? ` (bound ${most})` : '';
    const memory = Math.max(...rounds.map(({ peakBytes }) => peakBytes)) / 1e6;
    console.log(`| ${name} | ${cost} | ${ratio.toFixed(2)}${verdict} | ${memory.toFixed(0)} |`);
  }
}
