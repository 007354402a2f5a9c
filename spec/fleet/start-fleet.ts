import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type DrainQueue, drainQueue } from '../../lib/bullmq/index.js';
import { type Sandbox, startSandbox } from '../../lib/sandbox/index.js';
import { type PostgresServer, startPostgres } from '../support/start-postgres.js';
import { type RedisServer, startRedis } from '../support/start-redis.js';
import type { Tables } from '../support/tables.js';
import { buildProgram } from './build-program.js';
import { type FleetJob, LOCK_MS, TABLE } from './fleet-job.js';

export interface FleetWorker {
  readonly child: ChildProcess;
  /** Every line it has printed. */
  readonly lines: readonly string[];
  /** Calls back for each further line, until it ends. */
  onLine(listener: (line: string) => void): void;
  /** Resolves when it has ended and every line has been read. */
  readonly ended: Promise<unknown>;
}

export interface Fleet extends AsyncDisposable {
  readonly redis: RedisServer;
  readonly postgres: PostgresServer;
  readonly queue: DrainQueue<FleetJob>;
  readonly api: Sandbox;
  /** The table of DynamoDB. */
  readonly dynamoTable: string;
  /** Starts a worker, perhaps with another way to the services. Resolves when it is ready for jobs. */
  start(way?: Way): Promise<FleetWorker>;
  /** Adds jobs, numbered from `first`, and resolves to their names. */
  add(kind: FleetJob['kind'], count: number, first?: number): Promise<string[]>;
  /** Resolves once all jobs are completed; rejects if one is not going to be. */
  completed(names: readonly string[]): Promise<void>;
}

/** How a worker gets to the services. */
export interface Way {
  /** In which its program is run. */
  readonly command?: readonly string[];
  /** The variables of its environment that are others. */
  readonly env: Readonly<Record<string, string>>;
}

interface FleetOptions {
  readonly tables: Tables;
  /** How many users each job lists. */
  readonly users: number;
  /** Whether locks last as long as they do by default. Default false: they are shorter. */
  readonly hasDefaultLocks?: boolean;
}

/** A table whose trigger logs each write of each row, in order. */
const SCHEMA = `
create table ${TABLE} (id text primary key, job text not null, run text not null);
create table log (n bigserial, id text, job text, run text);
create function log() returns trigger language plpgsql as
  $$ begin insert into log (id, job, run) values (new.id, new.job, new.run); return new; end $$;
create trigger log after insert or update on ${TABLE} for each row execute function log()`;

/** Starts a Redis that survives crashes, a PostgreSQL, and an API without a quota; workers are started one by one. */
export async function startFleet({ tables, users, hasDefaultLocks }: FleetOptions): Promise<Fleet> {
  const redis = await startRedis({ appendOnly: true });
  const postgres = await startPostgres();
  await postgres.pool().query(SCHEMA);
  const sandbox = await startSandbox({ users, ratePerSecond: Number.POSITIVE_INFINITY, latencyMs: 20 });
  const dynamoTable = await tables.create({ name: 'id', type: 'S' });
  const queue = await drainQueue<FleetJob>(redis.url);
  const program = await buildProgram(join(import.meta.dirname, 'worker-child.ts'));
  const workers: FleetWorker[] = [];
  return {
    redis,
    postgres,
    queue,
    api: sandbox,
    dynamoTable,
    async start({ command = [], env: others } = { env: {} }) {
      const env = { ...postgres.env, REDIS_URL: redis.url, API: sandbox.endpoint, DYNAMO: tables.endpoint() };
      const lock = hasDefaultLocks ? {} : { LOCK_MS: String(LOCK_MS) };
      const worker = startWorker([...command, process.execPath, program.path], {
        ...env,
        ...lock,
        ...others,
      });
      workers.push(worker);
      await new Promise<void>((ready, reject) => {
        worker.onLine((line) => line === 'ready' && ready());
        worker.ended.then(() => reject(new Error('a worker ended at its start')));
      });
      return worker;
    },
    async add(kind, count, first = 0) {
      const names = Array.from({ length: count }, (_, n) => `${kind}-${first + n}`);
      for (const name of names) await queue.add(name, { kind, instanceId: sandbox.instanceId, dynamoTable });
      return names;
    },
    async completed(names) {
      for (;;) {
        const states = await Promise.all(names.map((name) => queue.bullmq.getJobState(name)));
        if (states.includes('failed')) throw new Error(`jobs have failed: ${await reasonsOf(queue)}`);
        if (states.every((state) => state === 'completed')) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    async [Symbol.asyncDispose]() {
      for (const { child, ended } of workers) {
        child.kill('SIGKILL');
        await ended;
      }
      await queue.close();
      await sandbox.close();
      await redis[Symbol.asyncDispose]();
      await postgres[Symbol.asyncDispose]();
      await program.remove();
    },
  };
}

function startWorker([file = '', ...args]: readonly string[], env: Way['env']): FleetWorker {
  const child = spawn(file, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const lines: string[] = [];
  const reader = createInterface(child.stdout).on('line', (line) => lines.push(line));
  return {
    child,
    lines,
    onLine: (listener) => void reader.on('line', listener),
    ended: once(child, 'close'),
  };
}

async function reasonsOf({ bullmq: queue }: DrainQueue<FleetJob>): Promise<string> {
  return (await queue.getFailed()).map(({ id, failedReason }) => `${id}: ${failedReason}`).join('; ');
}
