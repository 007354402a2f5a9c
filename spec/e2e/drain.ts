/** Walks every user of the sandbox at an endpoint, and prints the memory held after each quarter of them. */
import { ConnectClient } from '@aws-sdk/client-connect';
import { listUsers } from 'pageturn/connect';

const [endpoint = '', InstanceId = '', users = ''] = process.argv.slice(2);
const client = new ConnectClient({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
});

let count = 0;
for await (const _ of listUsers(client, { InstanceId }, { pace: false })) {
  count++;
  if (count % (Number(users) / 4) !== 0) continue;
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  console.log(JSON.stringify({ count, rss, heapUsed }));
}
