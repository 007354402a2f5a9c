import type { Worker } from 'bullmq';
import type { Cluster, Redis } from 'ioredis';
import { onAbort } from '../core/abort.js';
import { systemClock } from '../core/clock.js';
import type { Receipt } from '../core/receipt.js';
import { withinTime } from '../core/within-time.js';
import type { JobLocks } from './job-locks.js';

interface ShutdownOptions<D> {
  readonly worker: Worker<D, Receipt>;
  readonly redis: Redis | Cluster;
  readonly locks: JobLocks;
  /** Ends the connection, if it is the worker's own. */
  readonly disconnect: () => void;
  readonly signal: AbortSignal | undefined;
}

/** The end of a worker: on SIGTERM, on a signal of the caller, or when it is asked to. */
export class WorkerShutdown<D> {
  readonly closed: Promise<void>;
  readonly #options: ShutdownOptions<D>;
  readonly #unlink: () => void;
  readonly #resolve: () => void;
  #closing: Promise<void> | undefined;

  constructor(options: ShutdownOptions<D>) {
    this.#options = options;
    let resolve = () => {};
    this.closed = new Promise((done) => {
      resolve = done;
    });
    this.#resolve = resolve;
    const { signal } = options;
    const close = () => void this.close();
    this.#unlink = signal ? onAbort(signal, close) : onTermination(close);
    options.worker.once('closing', close);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { worker, redis, locks, disconnect } = this.#options;
    this.#unlink();
    const closed = worker.close();
    locks.abortAll(new Error('the worker is closing'));
    await withinTime(closed, {
      clock: systemClock,
      ms: SHUTDOWN_MS,
      // Where Redis does not answer, the locks run out by themselves. BullMQ waits for the end of its connections, which
      // ioredis never announces of one that was asking a sentinel for the primary.
      late: () => {
        redis.disconnect();
        worker.disconnect().catch(() => {});
      },
    });
    locks.end();
    disconnect();
    this.#resolve();
  }
}

/** Kubernetes and ECS kill a process 30 s after SIGTERM; a write is given a second to end, and Redis answers in less. */
const SHUTDOWN_MS = 5_000;

/** Once: a second signal ends the process at once. */
function onTermination(act: () => void): () => void {
  process.once('SIGTERM', act);
  return () => process.off('SIGTERM', act);
}
