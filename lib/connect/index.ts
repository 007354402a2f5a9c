export type { Difference, DiffSide, FieldChange } from '../node/diff/difference.js';
export {
  type BackupOptions,
  type BackupReceipt,
  type BackupResource,
  backup,
} from './backup/backup.js';
// Everything that also runs in a browser. A second list of these names would fall behind the first.
export * from './browser.js';
export { type DiffOptions, diff } from './diff/diff.js';
export type { DiffInstance, DiffSource } from './diff/diff-source.js';
