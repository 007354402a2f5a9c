import type { Job } from 'bullmq';
import type { Destination, DrainTotals } from '../core/destination.js';
import { describeValue, PageturnError } from '../core/errors.js';
import type { Receipt } from '../core/receipt.js';
import type { DrainOptions } from '../listing/drain/drain.js';
import type { Listing } from '../listing/listing.js';
import type { JobLock } from './job-lock.js';
import { ProgressReport } from './progress-report.js';

/** What a job drains, and where, with the options of `drainTo` except those that the worker sets. */
export interface JobDrain<T> extends Omit<DrainOptions, 'signal' | 'lease'> {
  readonly listing: Listing<T>;
  readonly destination: Destination<T>;
  /** Called once the job is over, however it ended, to close what was opened for it. */
  readonly close?: (() => void | Promise<void>) | undefined;
}

/**
 * Turns a job into what it drains; the listing must be the same on each attempt. Returns undefined for a job that this code
 * does not know: the job then fails, and is retried. The signal aborts when the worker has to give up the job.
 */
export type RunJob<D, T> = (
  job: Job<D>,
  call: { readonly signal: AbortSignal },
) => JobDrain<T> | undefined | Promise<JobDrain<T> | undefined>;

/** The progress of a job: the totals of its drain, and how often it had stalled by then. */
export interface DrainProgress extends DrainTotals {
  readonly stalled: number;
}

interface JobRun<D, T> {
  readonly job: Job<D>;
  readonly lock: JobLock;
  readonly run: RunJob<D, T>;
  /** The fencing token of the job's lock. */
  readonly fence: number;
  /** Renews the lock, and rejects if another worker holds it. */
  readonly renew: () => Promise<unknown>;
}

/** Runs a job as the holder of its lock, and resolves to the receipt. */
export async function drainJob<D, T>({ job, lock, run, fence, renew }: JobRun<D, T>): Promise<Receipt> {
  const { signal } = lock;
  const drain = await run(job, { signal });
  if (drain === undefined) throw unknownJob(job);
  const { listing, destination, close, onProgress, ...options } = drain;
  const report = new ProgressReport((totals) =>
    job.updateProgress({ ...totals, stalled: job.stalledCounter }),
  );
  try {
    signal.throwIfAborted();
    return await listing.drainTo(guarded(destination, lock, renew), {
      ...options,
      signal,
      lease: { token: fence, run: runName(job) },
      async onProgress(totals) {
        report.add(totals);
        await onProgress?.(totals);
      },
    });
  } finally {
    await report.end();
    await close?.();
  }
}

/** The same for all workers that try to complete the job; it changes when an attempt fails, or the job is added again. */
function runName({ queueName, id, timestamp, attemptsMade }: Job<unknown>): string {
  return `${queueName}/${id}/${timestamp}/${attemptsMade}`;
}

/** Lets a destination write only while the lock is held, even one that keeps no leases. */
function guarded<T>(inner: Destination<T>, lock: JobLock, renew: () => Promise<unknown>): Destination<T> {
  const { startOver } = inner;
  return {
    target: inner.target,
    promises: inner.promises,
    open: (job, options) => inner.open(job, options),
    async write(rows, position) {
      lock.assertHeld();
      await inner.write(rows, position);
    },
    ...(startOver && {
      async startOver(position) {
        lock.assertHeld();
        await startOver.call(inner, position);
      },
    }),
    async finish(end) {
      // What is published cannot be taken back, so Redis is asked.
      await renew();
      lock.assertHeld();
      return inner.finish(end);
    },
    close: () => inner.close(),
  };
}

function unknownJob({ name, id }: Job<unknown>): PageturnError {
  return new PageturnError(
    'ERR_QUEUE_FAILED',
    `this worker has no code for the job ${describeValue(id)} (${describeValue(name)}); deploy the version that has it, and retry the job`,
  );
}
