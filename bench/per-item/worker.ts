/** One contender on one workload, in its own process; the parent asks for one round at a time. */
import { contenders } from './contenders.js';
import { makePages, type Task, VALUES_PER_ITEM, type Workload } from './workload.js';

export interface Round {
  /** Nanoseconds for each value that goes in, or for each that a flatMap makes. */
  readonly nsPerValue: number;
  /** Values that came out. */
  readonly count: number;
  /** The most memory the process has held so far above what it held before the first run, pages included. */
  readonly extraBytes: number;
}

// Long enough for the optimising compiler: a round of the fast contenders lasts about 10 milliseconds.
const WARM_UP_MS = 500;

const [name = '', workload = '', values = '', pageSize = ''] = process.argv.slice(2);
const task = (await contenders[name]?.())?.[workload as Workload];
if (!task) throw new Error(`no contender ${name} for ${workload}`);

const items = workload === 'flatMap' ? Number(values) / VALUES_PER_ITEM : Number(values);
const pages = makePages(items, Number(pageSize));
const bytesBefore = process.memoryUsage.rss();
const warmUntil = performance.now() + WARM_UP_MS;
do await task(pages);
while (performance.now() < warmUntil);

process.on('message', async () => process.send?.(await runRound(task)));
process.send?.('ready');

async function runRound(task: Task): Promise<Round> {
  const start = process.hrtime.bigint();
  const count = await task(pages);
  const nsPerValue = Number(process.hrtime.bigint() - start) / Number(values);
  const extraBytes = Math.max(0, process.resourceUsage().maxRSS * 1024 - bytesBefore);
  return { nsPerValue, count, extraBytes };
}
