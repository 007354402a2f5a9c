// Adds a job for each instance of the account and Region, once a day. Run it every night: npx tsx examples/fleet/enqueue.ts
import { ConnectClient } from '@aws-sdk/client-connect';
import { drainQueue } from 'pageturn/bullmq';
import { instances } from 'pageturn/connect';
import { REDIS_URL, type UsersJob } from './users-job.js';

const queue = await drainQueue<UsersJob>(REDIS_URL);
const today = new Date().toISOString().slice(0, 10);
for await (const { Id: instanceId = '' } of instances(new ConnectClient({}))) {
  const { id, added, state } = await queue.add(`users-${instanceId}-${today}`, { instanceId });
  console.log(added ? `added ${id}` : `${id} is there already (${state})`);
}
await queue.close();
