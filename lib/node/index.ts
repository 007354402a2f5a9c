export {
  type ConnectImportOptions,
  type ConnectImportRow,
  type CsvColumn,
  type CsvOptions,
  connectImport,
  csv,
  type Format,
  json,
  ndjson,
} from '../destinations/formats/index.js';
export { type FileCheckpointOptions, fileCheckpoint } from './file-checkpoint.js';
export { type FileOptions, file } from './file-destination.js';
export type { OnLocked } from './files/lock-attempt.js';
export type { LockWaitEvent } from './files/lock-wait-event.js';
export { type CsvRow, type ReadCsvOptions, readCsv } from './read-csv.js';
export { readFailed } from './read-failed.js';
export { type Change, changes } from './snapshot/changes.js';
export { type SnapshotOptions, type SnapshotSummary, snapshot } from './snapshot/snapshot.js';
export { type UpdateSnapshotOptions, updateSnapshot } from './snapshot/update-snapshot.js';
export {
  type VerifiedReceipt,
  type VerifyReceiptOptions,
  verifyReceipt,
} from './verify-receipt.js';
