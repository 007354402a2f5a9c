/** What to drain, and from which service. Times are those of the service, before scaling. */
export interface Scenario {
  readonly name: string;
  /** `list` fetches pages one after the other, `describe` fetches users, `concurrency` at once. */
  readonly task: 'list' | 'describe';
  /** Pages or users, for each process. */
  readonly requests: number;
  readonly concurrency?: number;
  readonly processes?: number;
  readonly ratePerSecond?: number;
  readonly burst?: number;
  readonly latencyMs?: number;
  /** Another client that sends a request per second between two moments and never retries a throttled one. */
  readonly competitor?: { readonly fromMs: number; readonly toMs: number };
  /** Whether `--quick` runs it. */
  readonly quick?: boolean;
  /** Whether its requests are plotted. */
  readonly plot?: boolean;
}

export const scenarios: readonly Scenario[] = [
  { name: '20 pages', task: 'list', requests: 20, quick: true },
  { name: '100 pages', task: 'list', requests: 100, quick: true, plot: true },
  { name: '1,000 pages', task: 'list', requests: 1000 },
  { name: '100 pages, 150 ms latency', task: 'list', requests: 100, latencyMs: 150, quick: true },
  { name: '500 DescribeUser, 1 at once', task: 'describe', requests: 500 },
  { name: '500 DescribeUser, 8 at once', task: 'describe', requests: 500, concurrency: 8, quick: true },
  { name: '500 DescribeUser, 32 at once', task: 'describe', requests: 500, concurrency: 32 },
  { name: '100 pages each, 3 processes', task: 'list', requests: 100, processes: 3, quick: true, plot: true },
  {
    name: '250 pages, half taken from 20 s to 80 s',
    task: 'list',
    requests: 250,
    competitor: { fromMs: 20_000, toMs: 80_000 },
    quick: true,
    plot: true,
  },
  { name: '1,000 pages, quota 1/s', task: 'list', requests: 1000, ratePerSecond: 1 },
  { name: '1,000 pages, quota 10/s', task: 'list', requests: 1000, ratePerSecond: 10, quick: true },
];
