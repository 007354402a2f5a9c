/** Runs one contender on one workload, in a process of its own, and prints its median time and the memory it has grown by. */
import { contenders, type Workload } from './contenders.js';
import { makePages } from './workload.js';

const WARM_UP_MS = 500;

const [name = '', workload = '', items = '', pageSize = '', rounds = ''] = process.argv.slice(2);
const task = contenders[name]?.[workload as Workload];
if (!task) throw new Error(`no contender ${name} for ${workload}`);

const pages = makePages(Number(items), Number(pageSize));
// Fast ways must have met the optimising compiler too: a round of theirs lasts a few milliseconds.
const warmUntil = performance.now() + WARM_UP_MS;
for (let round = 0; round < 3 || performance.now() < warmUntil; round++) await task(pages);
const before = process.memoryUsage().rss;
const times: number[] = [];
let count = 0;
for (let round = 0; round < Number(rounds); round++) {
  const start = process.hrtime.bigint();
  count = await task(pages);
  times.push(Number(process.hrtime.bigint() - start) / Number(items));
}
times.sort((a, b) => a - b);
const median = times[times.length >> 1] as number;
const grownBytes = process.memoryUsage().rss - before;
console.log(JSON.stringify({ nsPerItem: median, count, grownBytes }));
