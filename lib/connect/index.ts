export type { Difference, DiffSide, FieldChange } from '../node/diff/difference.js';
export type { BackupResource } from './backup/back-up-resources.js';
export { type BackupOptions, type BackupReceipt, backup } from './backup/backup.js';
export type { NotIncluded } from './backup/not-included.js';
export { type BackupPlan, type PlanBackupOptions, planBackup } from './backup/plan-backup.js';
// Everything that also runs in a browser. A second list of these names would fall behind the first.
export * from './browser.js';
export { type DiffOptions, diff } from './diff/diff.js';
export type { DiffInstance, DiffSource } from './diff/diff-source.js';
