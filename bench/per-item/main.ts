/**
 * What an item costs on its way from the page to the consumer. Each way of reading runs in a process of its own, in
 * turns, so that whatever else the machine does hits all of them; a figure is the median over the turns of a process's
 * median. Run it: npm run bench:items [-- --quick]
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { contenders, type Workload, workloads } from './contenders.js';

const ITEMS = 1_000_000;
const isQuick = process.argv.includes('--quick');
const turns = isQuick ? 1 : 5;
const rounds = isQuick ? 5 : 11;

const SLOW = ['ix', 'pageturn, ix operators', 'streaming-iterables', 'Node streams'];

/** What each figure is measured against, and the most it may be. */
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

interface Figure {
  readonly nsPerItem: number;
  /** Values that came out. */
  readonly count: number;
  readonly grownBytes: number;
}

for (const pageSize of isQuick ? [1000] : [1000, 100, 20]) {
  console.log(`\n## ${ITEMS.toLocaleString('en')} items, ${pageSize.toLocaleString('en')} a page`);
  const figures = measure(pageSize);
  for (const workload of workloads) printTable(workload, figures);
}

function measure(pageSize: number): Map<string, Figure> {
  const runs = new Map<string, Figure[]>();
  for (let turn = 0; turn < turns; turn++) {
    for (const [name, tasks] of Object.entries(contenders)) {
      // Slow ways cost a minute each, and their figure is no closer to any bound: once is enough.
      if (SLOW.includes(name) && (turn > 0 || pageSize !== 1000)) continue;
      for (const workload of Object.keys(tasks)) {
        const figure = runOne(name, workload, pageSize);
        runs.set(`${name} ${workload}`, [...(runs.get(`${name} ${workload}`) ?? []), figure]);
      }
    }
  }
  assertSameCounts(runs);
  return new Map(
    [...runs].map(([id, all]) => [
      id,
      {
        nsPerItem: median(all.map(({ nsPerItem }) => nsPerItem)),
        count: all[0]?.count ?? 0,
        grownBytes: median(all.map(({ grownBytes }) => grownBytes)),
      },
    ]),
  );
}

/** A way that loses values on the way is no peer. */
function assertSameCounts(runs: ReadonlyMap<string, readonly Figure[]>): void {
  for (const workload of workloads) {
    const ofWorkload = [...runs].filter(([id]) => id.endsWith(` ${workload}`));
    const counts = new Set(ofWorkload.flatMap(([, all]) => all.map(({ count }) => count)));
    if (counts.size > 1)
      throw new Error(`not all ways give the same in ${workload}: ${[...counts].join(', ')}`);
  }
}

function runOne(name: string, workload: string, pageSize: number): Figure {
  const args = [name, workload, String(ITEMS), String(pageSize), String(SLOW.includes(name) ? 3 : rounds)];
  const script = join(import.meta.dirname, 'run.ts');
  return JSON.parse(
    execFileSync(process.execPath, ['--import', 'tsx', script, ...args], { encoding: 'utf8' }),
  );
}

function printTable(workload: Workload, figures: Map<string, Figure>): void {
  const bound = BOUNDS[workload];
  const against = bound && figures.get(`${bound.peer} ${bound.on ?? workload}`);
  console.log(`\n${TITLES[workload]}\n`);
  console.log('| how | ns an item | ratio | memory grown, MB |\n|---|---|---|---|');
  for (const name of Object.keys(contenders)) {
    const figure = figures.get(`${name} ${workload}`);
    if (!figure) continue;
    const ratio = against ? (figure.nsPerItem / against.nsPerItem).toFixed(2) : '';
    const verdict = name === 'pageturn' && bound ? ` (bound ${bound.most})` : '';
    const grown = (figure.grownBytes / 1e6).toFixed(0);
    console.log(`| ${name} | ${figure.nsPerItem.toFixed(1)} | ${ratio}${verdict} | ${grown} |`);
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] as number;
}
