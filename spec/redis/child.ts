// A separate process for the specs: `child.ts hold <redis>` locks and saves a position, and saves another one for each line
// of its input; `child.ts list <redis> <endpoint> <instance>` lists the users, one per page. Prints lines of JSON.

import { ConnectClient } from '@aws-sdk/client-connect';
import { Redis } from 'ioredis';
import { listUsers } from '../../lib/connect/index.js';
import type { PageturnError } from '../../lib/core/errors.js';
import { redisCheckpoint, redisPacers } from '../../lib/redis/index.js';
import { cursorAt } from '../support/cursor-at.js';

const [task, url = '', endpoint = '', InstanceId = ''] = process.argv.slice(2);
const redis = new Redis(url);
redis.on('error', () => {});

if (task === 'hold') {
  const store = redisCheckpoint(redis);
  await store.lock('users');
  await store.save('users', cursorAt(7));
  console.log(JSON.stringify({ held: true }));
  process.stdin.on('data', () =>
    store.save('users', cursorAt(9)).then(
      () => console.log(JSON.stringify({ saved: true })),
      ({ code, message }: PageturnError) => console.log(JSON.stringify({ code, message })),
    ),
  );
} else {
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
}
