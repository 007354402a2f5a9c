import type { Job } from 'bullmq';
import { describeValue, PageturnError } from '../core/errors.js';
import type { Receipt } from '../core/receipt.js';
import { type DrainProgress, drainJob, type RunJob } from './drain-job.js';
import { isPermanentError } from './is-permanent-error.js';
import type { JobLock } from './job-lock.js';
import type { JobLocks } from './job-locks.js';

interface ProcessJobOptions<D, T> {
  readonly run: RunJob<D, T>;
  readonly locks: JobLocks;
  /** Renews a lock, and resolves to its fencing token; undefined if another worker holds it. */
  readonly lease: (lock: JobLock) => Promise<number | undefined>;
}

/** Runs a job that BullMQ has locked, and throws what BullMQ needs to know about its end. */
export async function processJob<D, T>(
  job: Job<D, Receipt>,
  token = '',
  { run, locks, lease }: ProcessJobOptions<D, T>,
): Promise<Receipt> {
  const lock = locks.hold(job.id ?? '', token);
  const renew = () => lock.renewBy(() => lease(lock));
  try {
    await lock.afterEarlierRun();
    const fence = await renew();
    assertNotStuck(job);
    return await drainJob({ job, lock, run, fence, renew });
  } catch (error) {
    const { UnrecoverableError, WaitingError } = await import('bullmq');
    if (lock.signal.aborted) {
      // The other workers get the job at once, unless one of them has it already.
      await job.moveToWait(token).catch(() => {});
      throw new WaitingError();
    }
    if (!isPermanentError(error)) throw error;
    throw Object.assign(new UnrecoverableError((error as Error).message), { cause: error });
  } finally {
    locks.release(lock);
  }
}

/** A job that crashes its workers makes no progress; one that only ran at the same time does. */
function assertNotStuck({ id, stalledCounter, progress }: Job<unknown>): void {
  const { stalled = 0 } = Object(progress) as Partial<DrainProgress>;
  if (stalledCounter - stalled <= MOST_STALLS) return;
  throw new PageturnError(
    'ERR_QUEUE_FAILED',
    `job ${describeValue(id)} has stalled ${stalledCounter - stalled} times without progress: it may crash its workers; fix the cause and retry it`,
  );
}

/** BullMQ allows one in total. A kill costs each job of the worker one, and may come before the first write of a job. */
const MOST_STALLS = 10;
