// A separate process for the specs: lists the users of a sandbox, one per page, on a quota that it shares through Redis.
// Prints a line of JSON for each. Arguments: the URL of Redis, the endpoint, and the id of the instance.

import { ConnectClient } from '@aws-sdk/client-connect';
import { Redis } from 'ioredis';
import { listUsers } from '../../lib/connect/index.js';
import { redisPacers } from '../../lib/redis/index.js';

const [url = '', endpoint = '', InstanceId = ''] = process.argv.slice(2);
const redis = new Redis(url);
redis.on('error', () => {});
const client = new ConnectClient({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
});
const pacers = redisPacers(redis, { ratePerSecond: 5, burst: 5, learn: false });
let users = 0;
for await (const _user of listUsers(client, { InstanceId }, { pageSize: 1, pacers })) {
  console.log(JSON.stringify({ users: ++users }));
}
client.destroy();
redis.disconnect();
