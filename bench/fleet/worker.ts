import { ConnectClient, DescribeInstanceCommand } from '@aws-sdk/client-connect';
import { Redis } from 'ioredis';
import { RateLimiterQueue, RateLimiterRedis } from 'rate-limiter-flexible';
import { listUsers } from '../../lib/connect/index.js';
import type { Pacer } from '../../lib/core/pacer.js';
import { redisPacers } from '../../lib/redis/index.js';

interface Job {
  readonly contender: string;
  readonly quota: { readonly ratePerSecond: number; readonly burst: number };
  readonly redis: string;
  readonly endpoint: string;
  readonly instanceId: string;
  readonly pageSize: number;
}

const job: Job = JSON.parse(process.argv[2] ?? '');
const redis = new Redis(job.redis);
const client = new ConnectClient({
  endpoint: job.endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
});

/** As its documentation has it: a queue over so many points a second. It has no bucket, and cannot learn of a throttle. */
function rateLimiterFlexible(): Pacer {
  const limiter = new RateLimiterRedis({ storeClient: redis, points: job.quota.ratePerSecond, duration: 1 });
  const queue = new RateLimiterQueue(limiter);
  return {
    async acquire(signal) {
      await queue.removeTokens(1, 'Connect.ListUsers');
      signal?.throwIfAborted();
      return { settle() {} };
    },
  };
}

function pacing() {
  if (job.contender.startsWith('rate-limiter')) return { pace: rateLimiterFlexible() };
  const isConfigured = job.contender.includes('configured');
  return { pacers: redisPacers(redis, isConfigured ? { ...job.quota, learn: false } : {}) };
}

const users = listUsers(client, { InstanceId: job.instanceId }, { pageSize: job.pageSize, ...pacing() });
// The first request of a process loads half of the SDK: that is not what is measured. Its quota is another one.
await client.send(new DescribeInstanceCommand({ InstanceId: job.instanceId }));
await redis.ping();
process.once('message', async () => {
  for await (const _page of users.pages()) process.send?.('page');
  client.destroy();
  redis.disconnect();
  process.disconnect();
});
process.send?.('ready');
