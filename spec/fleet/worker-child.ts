// A worker of the fleet, as its own process. A job lists all users of the sandbox into PostgreSQL or DynamoDB, with the
// name of the job before each id. Prints `ready`, the number of rows that each job has after each write, and
// `done JOB` for each receipt, and `closing` and `closed` at its end.

import { ConnectClient, type UserSummary } from '@aws-sdk/client-connect';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Redis } from 'ioredis';
import pg from 'pg';
import { drainWorker } from '../../lib/bullmq/index.js';
import { listUsers } from '../../lib/connect/index.js';
import type { Destination } from '../../lib/core/destination.js';
import { dynamodb } from '../../lib/dynamodb/index.js';
import { postgres } from '../../lib/postgres/index.js';
import { redisPacers } from '../../lib/redis/index.js';
import { type FleetJob, type FleetRow, PAGE_SIZE, QUOTA, TABLE } from './fleet-job.js';

const { REDIS_URL = '', API = '', DYNAMO = '', LOCK_MS, DIES_AFTER_ROWS } = process.env;
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const client = new ConnectClient({ endpoint: API, region: 'us-east-1', credentials });
const dynamo = new DynamoDBClient({ endpoint: DYNAMO, region: 'eu-central-1', credentials });
if (DIES_AFTER_ROWS !== undefined) diesAfterRows(dynamo, Number(DIES_AFTER_ROWS));
const pool = new pg.Pool({ max: 4 });
const redis = new Redis(REDIS_URL);
redis.on('error', () => {});
const pacers = redisPacers(redis, { defaultAccount: 'fleet', learn: false, ...QUOTA });

function destinationOf(name: string, { kind, dynamoTable: table }: FleetJob): Destination<FleetRow> {
  if (kind === 'dynamodb') {
    return dynamodb({
      client: dynamo,
      table,
      key: 'id',
      position: { key: { id: `position:${name}` } },
    });
  }
  return postgres({ pool, table: TABLE, columns: ['id', 'job', 'run'], key: 'id', job: name });
}

/** Kills the process after the n-th write of rows into DynamoDB, before their position is saved. */
function diesAfterRows(client: DynamoDBClient, writes: number): void {
  let left = writes;
  client.middlewareStack.add((next, { commandName }) => async (args) => {
    const answer = await next(args);
    if (commandName === 'TransactWriteItemsCommand' && --left === 0) process.kill(process.pid, 'SIGKILL');
    return answer;
  });
}

let runs = 0;
const worker = await drainWorker<FleetJob, FleetRow>(REDIS_URL, {
  concurrency: 3,
  lockMs: LOCK_MS === undefined ? undefined : Number(LOCK_MS),
  run: ({ id: name = '', data }) => {
    const run = `${process.pid}-${runs++}`;
    const users = listUsers(client, { InstanceId: data.instanceId }, { pageSize: PAGE_SIZE, pacers });
    return {
      listing: users.map(({ Id }: UserSummary) => ({ id: `${name}/${Id}`, job: name, run })),
      destination: destinationOf(name, data),
      everyMs: 0,
      onProgress: ({ written }) => console.log(`${name} ${written}`),
    };
  },
});
worker.bullmq.on('completed', ({ id }) => console.log(`done ${id}`));
worker.bullmq.on('closing', () => console.log('closing'));
worker.bullmq.on('failed', (job, error) => console.error(`${job?.id} failed: ${error.message}`));
console.log('ready');
await worker.closed;
redis.disconnect();
await pool.end();
console.log('closed');
