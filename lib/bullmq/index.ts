export type { DrainProgress, JobDrain, RunJob } from './drain-job.js';
export { type AddedJob, type DrainQueue, type DrainQueueOptions, drainQueue } from './drain-queue.js';
export { type DrainWorker, type DrainWorkerOptions, drainWorker } from './drain-worker.js';
export type { QueueConnection } from './read-connection.js';
