import type { Job, Worker } from 'bullmq';
import { assertSignal } from '../core/abort.js';
import { assertFunction } from '../core/assert-function.js';
import { assertKnownOptions } from '../core/assert-known-options.js';
import { assertWholeNumber } from '../core/assert-whole-number.js';
import { systemClock } from '../core/clock.js';
import { loadPeer } from '../core/load-peer.js';
import type { Receipt } from '../core/receipt.js';
import type { RunJob } from './drain-job.js';
import type { JobLock } from './job-lock.js';
import { JobLocks } from './job-locks.js';
import { processJob } from './process-job.js';
import { openConnection } from './queue-connection.js';
import { assertQueueName, DEFAULT_NAME, DEFAULT_PREFIX } from './queue-name.js';
import type { QueueConnection } from './read-connection.js';
import { takeLease } from './take-lease.js';
import { WorkerShutdown } from './worker-shutdown.js';

/** Options of `drainWorker`. */
export interface DrainWorkerOptions<D, T> {
  /** Turns a job into the listing and the destination that it drains. */
  readonly run: RunJob<D, T>;
  /** How many jobs it runs at the same time. Default 1. */
  readonly concurrency?: number | undefined;
  /** The name of the queue. Default `pageturn`. */
  readonly name?: string | undefined;
  /** What the names of its keys in Redis begin with. Default `bull`, as BullMQ's. */
  readonly prefix?: string | undefined;
  /**
   * How long the lock of a job lasts unless its worker renews it, in milliseconds. Another worker takes the job over at
   * most two fifths as long after that. Default 5,000.
   */
  readonly lockMs?: number | undefined;
  /** Closes the worker when it aborts. Default: it closes on SIGTERM. */
  readonly signal?: AbortSignal | undefined;
}

/** A running worker, as `drainWorker` starts it. */
export interface DrainWorker<D> {
  /** BullMQ's own `Worker`: listen to its events `active`, `completed`, `failed`, `stalled` and `error`. */
  readonly bullmq: Worker<D, Receipt>;
  /** Resolves when it is closed. */
  readonly closed: Promise<void>;
  /** Stops its jobs where they are, hands them to other workers, and disconnects. */
  close(): Promise<void>;
}

/**
 * Runs the drains of a queue. A job resumes where its last run left off, on any worker, because the position is in the
 * destination. Its result is the receipt. A job whose lock is lost ends at once and writes nothing more; the fencing
 * token of its lock is passed to the destination as a lease. A crash costs no attempt, and an error that would come
 * again is not retried.
 *
 * Rejects with ERR_QUEUE_FAILED if Redis cannot be used, and with ERR_INVALID_ARGUMENT for an invalid connection
 * string.
 *
 * @example
 * const worker = await drainWorker<{ instanceId: string }, UserSummary>('redis://localhost:6379', {
 *   concurrency: 10,
 *   run: ({ data: { instanceId } }) => ({
 *     listing: listUsers(client, { InstanceId: instanceId }),
 *     destination: postgres({ pool, table: 'users', columns, key: 'id', job: instanceId }),
 *   }),
 * });
 * await worker.closed; // by SIGTERM
 */
export async function drainWorker<D, T>(
  connection: QueueConnection,
  options: DrainWorkerOptions<D, T>,
): Promise<DrainWorker<D>> {
  assertKnownOptions('options of drainWorker', options, KNOWN_OPTIONS);
  const {
    run,
    concurrency = 1,
    name = DEFAULT_NAME,
    prefix = DEFAULT_PREFIX,
    lockMs = 5_000,
    signal,
  } = options;
  assertFunction('run', run);
  assertWholeNumber('concurrency', concurrency, 1);
  assertWholeNumber('lockMs', lockMs, 1_000, 'milliseconds');
  assertQueueName(name);
  assertSignal(signal);
  const neededBy = 'drainWorker()';
  const peer = { neededBy, name: 'bullmq', code: 'ERR_QUEUE_FAILED' } as const;
  const { Worker } = await loadPeer(peer, () => import('bullmq'));
  const { redis, close: disconnect } = await openConnection(connection, {
    neededBy,
    name,
    prefix,
  });
  const locks = new JobLocks({
    clock: systemClock,
    lockMs,
    extend: (ids, tokens) => worker.extendJobLocks(ids, tokens, lockMs),
  });
  const lease = ({ id, token }: JobLock): Promise<number | undefined> =>
    takeLease(redis, {
      lockKey: worker.toKey(`${id}:lock`),
      // BullMQ allows no job id with a single colon, so this is the key of no job.
      leaseKey: worker.toKey('pageturn:lease'),
      token,
      lockMs,
    });
  const work = (job: Job<D, Receipt>, token?: string): Promise<Receipt> =>
    processJob(job, token, { run, locks, lease });
  const worker: Worker<D, Receipt> = new Worker<D, Receipt>(name, work, {
    connection: redis,
    prefix,
    concurrency,
    lockDuration: lockMs,
    skipLockRenewal: true,
    stalledInterval: lockMs * STALLED_CHECK_SHARE,
    // A job that stalls again and again is judged by its progress.
    maxStalledCount: Number.MAX_SAFE_INTEGER,
    runRetryDelay: 1_000,
  });
  // Without a listener, an error would end the process.
  worker.on('error', () => {});
  const shutdown = new WorkerShutdown({ worker, redis, locks, disconnect, signal });
  return { bullmq: worker, closed: shutdown.closed, close: () => shutdown.close() };
}

/**
 * The part of the lock's time after which stalled jobs are looked for. One is found by the second look after its lock has run
 * out at the latest: with 5,000 ms within 7 s. Of the 10 s that are promised, 3 s are left for a machine that is busy.
 */
const STALLED_CHECK_SHARE = 1 / 5;

const KNOWN_OPTIONS = ['run', 'concurrency', 'name', 'prefix', 'lockMs', 'signal'];
