// Runs the jobs of enqueue.ts, together with any number of other workers: npx tsx examples/fleet/worker.ts
//
// It needs PostgreSQL (PGHOST, PGUSER, ... as psql reads them) with this table:
//   create table users (instance text, id text, name text, seen_in text, primary key (instance, id));
import { ConnectClient, type UserSummary } from '@aws-sdk/client-connect';
import { Redis } from 'ioredis';
import { drainWorker } from 'pageturn/bullmq';
import { listUsers } from 'pageturn/connect';
import { postgres } from 'pageturn/postgres';
import { redisPacers } from 'pageturn/redis';
import pg from 'pg';
import { REDIS_URL, type UsersJob } from './users-job.js';

const client = new ConnectClient({});
const pool = new pg.Pool({ max: 10 });
const redis = new Redis(REDIS_URL);
// One quota for all workers. They use half of it and leave the other half to the contact centre.
const pacers = redisPacers(redis, { share: 0.5 });

const worker = await drainWorker<UsersJob, UserSummary>(REDIS_URL, {
  concurrency: 50,
  run: ({ data: { instanceId } }) => ({
    listing: listUsers(client, { InstanceId: instanceId }, { pacers }),
    destination: postgres<UserSummary>({
      pool,
      table: 'users',
      columns: { instance: () => instanceId, id: 'Id', name: 'Username' },
      key: ['instance', 'id'],
      // Each instance has its own position. Users deleted in Amazon Connect are removed from the table.
      job: instanceId,
      removeUnseen: { column: 'seen_in' },
    }),
  }),
});
worker.bullmq.on('completed', ({ id }, { written, resumed }) =>
  console.log(`${id}: ${written} users, resumed ${resumed} times`),
);
worker.bullmq.on('failed', (job, error) => console.error(`${job?.id} failed: ${error.message}`));

// Closed by SIGTERM: the jobs stop where they are, and other workers resume them.
await worker.closed;
redis.disconnect();
await pool.end();
