export type { SendOptions } from './aws/create-send.js';
export { createSender, type Sender } from './aws/create-sender.js';
export {
  type ItemOf,
  type ItemsOf,
  type PaginateOptions,
  type PagingOptions,
  paginate,
} from './aws/paginate.js';
export { type Settled, type SettledOptions, settled } from './aws/settled.js';
export { fileCheckpoint } from './checkpoint/file-checkpoint.js';
export { memoryCheckpoint } from './checkpoint/memory-checkpoint.js';
export type { CheckpointStore } from './checkpoint-store.js';
export type { Clock } from './clock.js';
export type { RetryOptions } from './compose-send.js';
export { Cursor, type Query } from './cursor.js';
export { type ErrorCode, PageturnError } from './errors.js';
export type {
  AttemptEvent,
  CheckpointEvent,
  PageEvent,
  PageturnEvents,
  RestartEvent,
  RetryEvent,
  ThrottleEvent,
  WaitEvent,
} from './events.js';
export { type FromPagesOptions, fromPages } from './from-pages.js';
export type { BatchOptions } from './listing/batch-flow.js';
export { Listing } from './listing/listing.js';
export type { AsyncMapper, MapAsyncOptions } from './listing/map-async-flow.js';
export type { ResumedTraversal, ResumeOptions } from './listing/resumed-traversal.js';
export type { OpenOptions, Traversal } from './listing/traversal.js';
export type { TraversalEnd } from './listing/traversal-end.js';
export type { TraversalStats } from './listing/traversal-stats.js';
export { type AdaptivePacer, type AdaptivePacerOptions, adaptivePacer } from './pace/adaptive-pacer.js';
export type { Pacer } from './pace/pacer.js';
export { createPacers, type Pacers, type PacersOptions } from './pace/pacers.js';
export type { QuotaOptions } from './pace/read-quota.js';
export { type WithPaceOptions, withPace } from './pace/with-pace.js';
export type { FetchPage, Page, PageCall } from './page.js';
export { type Classification, type Classify, type ClassifyOptions, classify } from './retry/classify.js';
export { type Send, type WithAttemptOptions, withAttempt } from './retry/with-attempt.js';
export { type RetryLimits, type WithRetryOptions, withRetry } from './retry/with-retry.js';
export { type Change, changes } from './snapshot/changes.js';
export { snapshot } from './snapshot/snapshot.js';
export { CallTally, type WaitingFor } from './tally.js';
