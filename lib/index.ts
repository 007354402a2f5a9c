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
export type { CheckpointStore, LockKeyOptions } from './core/checkpoint-store.js';
export type { Clock } from './core/clock.js';
export { Cursor, type Query } from './core/cursor.js';
export type {
  Destination,
  DrainEnd,
  DrainPosition,
  DrainTotals,
  Job,
  KeptFailures,
  Lease,
  OpenedDestination,
  Published,
  RunOptions,
} from './core/destination.js';
export { type ErrorCode, PageturnError } from './core/errors.js';
export type {
  AttemptEvent,
  CheckpointEvent,
  PageEvent,
  PageSizeEvent,
  PageturnEvents,
  RestartEvent,
  RetryEvent,
  SettleErrorEvent,
  ThrottleEvent,
  WaitEvent,
} from './core/events.js';
export type { FailedItem, FailedItemError } from './core/failed-item.js';
export type { KeyCallback } from './core/identity.js';
export type { Outcome, Pacer, Permit } from './core/pacer.js';
export type { FetchPage, ListedPage, Page, PageCall } from './core/page.js';
export type { Receipt } from './core/receipt.js';
export { RequestStats, type WaitingFor } from './core/request-stats.js';
export type {
  AttemptTrace,
  PageTrace,
  PageturnTraces,
  TraversalTrace,
  WaitTrace,
} from './core/tracing.js';
export { type FromPagesOptions, fromPages } from './from-pages.js';
export type { DrainOptions } from './listing/drain/drain.js';
export { Listing } from './listing/listing.js';
export type { BatchOptions } from './listing/operators/batch.js';
export type { MapAsyncOptions } from './listing/operators/map-async.js';
export type { AsyncMapper } from './listing/operators/map-async-stage.js';
export type { Tolerate } from './listing/operators/tolerance.js';
export type { ResumeOptions } from './listing/traversal/checkpointer.js';
export { memoryCheckpoint } from './listing/traversal/memory-checkpoint.js';
export type { OpenOptions, Traversal } from './listing/traversal/traversal.js';
export type { TraversalEnd } from './listing/traversal/traversal-end.js';
export type { TraversalStats } from './listing/traversal/traversal-stats.js';
export { type AdaptivePacer, type AdaptivePacerOptions, adaptivePacer } from './pace/adaptive-pacer.js';
export { createPacers, type Pacers, type PacersOptions } from './pace/pacers.js';
export type { QuotaOptions } from './pace/read-quota.js';
export { type Classification, type Classify, type ClassifyOptions, classify } from './request/classify.js';
export type { RetryOptions } from './request/compose-send.js';
export { type Send, type WithAttemptOptions, withAttempt } from './request/with-attempt.js';
export { type WithPaceOptions, withPace } from './request/with-pace.js';
export { type RetryLimits, type WithRetryOptions, withRetry } from './request/with-retry.js';
