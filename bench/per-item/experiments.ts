import type { Workload } from './workload.js';

/** One group of rows of the table. */
export interface Experiment {
  readonly title: string;
  readonly workload: Workload;
  readonly pageSize: number;
  /** What every ratio is taken against. */
  readonly peer: string;
  /** The highest ratio pageturn may have, where it has a bound. */
  readonly most?: number;
  /** Others beside the peer and pageturn, measured in fewer rounds: they are far from any bound, and slow. */
  readonly others?: readonly string[];
}

const OTHERS = ['async generators', 'ix', 'streaming-iterables', 'Node streams'];

export const experiments: readonly Experiment[] = [
  {
    title: '`for await` over every item',
    workload: 'pass',
    pageSize: 1000,
    peer: 'hand-written iterator',
    most: 1.1,
    others: ['nested loops', ...OTHERS],
  },
  { title: 'the same', workload: 'pass', pageSize: 100, peer: 'hand-written iterator' },
  { title: 'the same', workload: 'pass', pageSize: 20, peer: 'hand-written iterator', most: 1.7 },
  {
    title: 'filter + map + filter',
    workload: 'steps',
    pageSize: 1000,
    peer: 'hand-written iterator',
    most: 1.25,
    others: ['nested loops', 'pageturn through ix', ...OTHERS],
  },
  { title: 'the same', workload: 'steps', pageSize: 20, peer: 'hand-written iterator' },
  { title: 'ten operators', workload: 'ten', pageSize: 1000, peer: 'pageturn, three operators', most: 2 },
  {
    title: '`flatMap`, 5 values an item',
    workload: 'flatMap',
    pageSize: 1000,
    peer: 'async generators',
    // 0.8 of what it took while it remembered every value: as long as the generators, 1.0.
    most: 0.8,
  },
  {
    title: '`.pages()`, a loop over each',
    workload: 'pages',
    pageSize: 1000,
    peer: 'nested loops',
    most: 1.5,
  },
  { title: '`.toArray()`', workload: 'toArray', pageSize: 1000, peer: 'nested loops', most: 1.5 },
];
