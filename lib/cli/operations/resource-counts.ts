import type { Column } from './operation.js';

/** The columns of `pageturn count`. */
export const COUNT_COLUMNS: readonly Column[] = [
  { key: 'resource', header: 'resource', width: 34 },
  { key: 'count', header: 'count', width: 8, type: 'int64' },
  { key: 'quota', header: 'quota', width: 8, type: 'int64' },
  { key: 'quotaFrom', header: 'quotaFrom', width: 19 },
  { key: 'operation', header: 'operation', width: 36 },
  { key: 'error', header: 'error' },
];

/** The columns of a table. */
export const COUNT_TABLE: readonly Column[] = [
  { key: 'resource', header: 'RESOURCE', width: 34 },
  { key: 'count', header: 'COUNT', width: 8 },
  { key: 'quota', header: 'QUOTA', width: 8 },
  { key: 'quotaFrom', header: 'QUOTA FROM', width: 19 },
  { key: 'error', header: 'ERROR' },
];
