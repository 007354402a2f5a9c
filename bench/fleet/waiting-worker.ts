// A worker whose jobs all wait for one quota; prints its memory in MB and the number of its jobs once a second.

import { join } from 'node:path';
import { ConnectClient, type UserSummary } from '@aws-sdk/client-connect';
import { drainWorker } from '../../lib/bullmq/index.js';
import { listUsers } from '../../lib/connect/index.js';
import { file, ndjson } from '../../lib/node/index.js';

const { REDIS_URL = '', API = '', FOLDER = '', JOBS = '' } = process.env;
const credentials = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' };
const client = new ConnectClient({ endpoint: API, region: 'us-east-1', credentials });
let jobs = 0;
await drainWorker<{ readonly instanceId: string }, UserSummary>(REDIS_URL, {
  concurrency: Number(JOBS),
  run({ id = '', data }) {
    jobs++;
    return {
      listing: listUsers(client, { InstanceId: data.instanceId }),
      destination: file(join(FOLDER, `${id}.ndjson`), { format: ndjson() }),
    };
  },
});
setInterval(() => console.log(`${Math.round(process.memoryUsage.rss() / 1e6)} ${jobs}`), 1_000);
