// A process that takes a snapshot of an endless listing: `endless-snapshot.ts <path>`. Prints a line once it is in progress.
import { snapshot } from '../../lib/node/snapshot/snapshot.js';

const [path = ''] = process.argv.slice(2);

async function* users() {
  for (let i = 0; i < 10_000; i++) yield { Id: `u-${i}` };
  console.log('under way');
  process.stdin.resume();
  await new Promise<never>(() => {});
}

await snapshot(users(), path, { chunkBytes: 10_000 });
