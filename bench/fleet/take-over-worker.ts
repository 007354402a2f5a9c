// A worker whose jobs never end: prints the id of each that it starts.

import { drainWorker } from '../../lib/bullmq/index.js';
import { fromPages } from '../../lib/from-pages.js';
import { memoryDestination } from '../../lib/testing/index.js';

const { bullmq: worker } = await drainWorker<object, number>(process.env['REDIS_URL'] ?? '', {
  concurrency: Number(process.env['JOBS']),
  run({ id }) {
    console.log(id);
    const forever = fromPages<number>(
      (_, { signal }) => new Promise((_resolve, reject) => signal?.addEventListener('abort', reject)),
    );
    return { listing: forever, destination: memoryDestination() };
  },
});
await worker.waitUntilReady();
console.log('ready');
