/** One contender on one workload, in a process of its own; it is asked for one round at a time. */
import { contenders, type Task, type Workload } from './contenders.js';
import { makePages } from './workload.js';

export interface Round {
  readonly nsPerItem: number;
  /** Values that came out. */
  readonly count: number;
  /** The most memory the process has ever held, its million items included. */
  readonly peakBytes: number;
}

const WARM_UP_MS = 500;

const [name = '', workload = '', items = '', pageSize = ''] = process.argv.slice(2);
const task = contenders[name]?.[workload as Workload];
if (!task) throw new Error(`no contender ${name} for ${workload}`);

const pages = makePages(Number(items), Number(pageSize));
// Fast ways must have met the optimising compiler too: a round of theirs lasts a few milliseconds.
const warmUntil = performance.now() + WARM_UP_MS;
do await task(pages);
while (performance.now() < warmUntil);

process.on('message', async () => process.send?.(await runRound(task)));
process.send?.('ready');

async function runRound(task: Task): Promise<Round> {
  const start = process.hrtime.bigint();
  const count = await task(pages);
  const nsPerItem = Number(process.hrtime.bigint() - start) / Number(items);
  return { nsPerItem, count, peakBytes: process.resourceUsage().maxRSS * 1024 };
}
