import type { JobState, JobsOptions, Queue } from 'bullmq';
import { assertKnownOptions } from '../core/assert-known-options.js';
import { invalidArgument } from '../core/errors.js';
import { loadPeer } from '../core/load-peer.js';
import type { Receipt } from '../core/receipt.js';
import { redisRefused } from './check-redis.js';
import { openConnection } from './queue-connection.js';
import { assertQueueName, DEFAULT_NAME, DEFAULT_PREFIX } from './queue-name.js';
import type { QueueConnection } from './read-connection.js';

/** Options of `drainQueue`. */
export interface DrainQueueOptions {
  /** The name of the queue. Default `pageturn`. */
  readonly name?: string | undefined;
  /** What the names of its keys in Redis begin with. Default `bull`, as BullMQ's. */
  readonly prefix?: string | undefined;
}

/** What `add` resolves to. */
export interface AddedJob {
  readonly id: string;
  /** False if there already was a job with this id, which stays as it is. */
  readonly added: boolean;
  /** The state of the job with this id, such as `waiting`, `active`, `completed` or `failed`. */
  readonly state: JobState | 'unknown';
}

/** A queue of BullMQ whose jobs result in receipts. */
type ReceiptQueue<D> = Queue<D, Receipt, string, D, Receipt, string>;

/** A queue of drains, as `drainQueue` opens it. */
export interface DrainQueue<D> {
  /** BullMQ's own `Queue`: look at jobs, retry those that failed, remove them. */
  readonly bullmq: ReceiptQueue<D>;
  /**
   * Adds a job: an id that names this run of it, such as `users-2026-11-27`, and what the code of the worker needs to
   * know, as JSON. A second job with the id is not added for as long as the first is kept, even if that is completed.
   * The options are those of BullMQ. By default a job that fails is tried again 7 times, after 5, 10, 20, ... seconds,
   * and is in the set of failed jobs after that. A completed job is kept for a week.
   */
  add(
    id: string,
    data: D,
    options?: Omit<JobsOptions, 'jobId'> & { readonly name?: string },
  ): Promise<AddedJob>;
  /** Closes the connection. */
  close(): Promise<void>;
}

/**
 * Opens a queue of drains, which workers of `drainWorker` run. Rejects with ERR_QUEUE_FAILED if Redis cannot be used, and
 * with ERR_INVALID_ARGUMENT for an invalid connection string.
 *
 * @example
 * const queue = await drainQueue<{ instanceId: string }>('redis://localhost:6379');
 * await queue.add(`users-${today}-${instanceId}`, { instanceId });
 * await queue.close();
 */
export async function drainQueue<D>(
  connection: QueueConnection,
  options: DrainQueueOptions = {},
): Promise<DrainQueue<D>> {
  assertKnownOptions('options of drainQueue', options, ['name', 'prefix']);
  const { name = DEFAULT_NAME, prefix = DEFAULT_PREFIX } = options;
  assertQueueName(name);
  const neededBy = 'drainQueue()';
  const { Queue } = await loadPeer(
    { neededBy, name: 'bullmq', code: 'ERR_QUEUE_FAILED' },
    () => import('bullmq'),
  );
  const opened = await openConnection(connection, { neededBy, name, prefix });
  const queue = new Queue<D, Receipt, string, D, Receipt, string>(name, { connection: opened.redis, prefix });
  queue.on('error', () => {});
  return {
    bullmq: queue,
    async add(id, data, { name: jobName = 'drain', ...more } = {}) {
      assertId(id);
      const mark = crypto.randomUUID();
      const jobOptions = { ...DEFAULTS, ...more, ...{ [MARK]: mark }, jobId: id };
      await queue.add(jobName, data, jobOptions).catch((error: unknown) => {
        throw isReply(Object(error)) ? redisRefused(opened.place, error) : error;
      });
      const kept = await queue.getJob(id);
      const added = Object.entries(kept?.opts ?? {}).some(([key, value]) => key === MARK && value === mark);
      return { id, added, state: await queue.getJobState(id) };
    },
    async close() {
      await queue.close();
      opened.close();
    },
  };
}

/** Whether Redis has answered with an error; BullMQ's own are about the arguments. */
function isReply({ name }: Error): boolean {
  return name === 'ReplyError';
}

/** An option of our own, kept with the job: it distinguishes the job that was added from an existing one. */
const MARK = 'addedBy';

/** 5 s to 5 min, in all 10 min: a destination that is away for minutes is back by then. */
const DEFAULTS: JobsOptions = {
  attempts: 8,
  backoff: { type: 'exponential', delay: 5_000 },
  removeOnComplete: { age: 7 * 24 * 60 * 60 },
};

function assertId(id: unknown): void {
  // BullMQ's own rules; a number would be mistaken for one that it gives itself.
  if (typeof id === 'string' && id !== '' && !id.includes(':') && !/^-?\d+$/.test(id)) return;
  throw invalidArgument('id', 'a text without ":" that is not a number, such as "users-2026-11-27"', id);
}
