import type { Difference } from '../../node/diff/difference.js';
import type { Column } from './operation.js';

/** The columns of a difference, one row for each field that differs. */
export const DIFFERENCE_COLUMNS: readonly Column[] = [
  { key: 'type', header: 'type', width: 10 },
  { key: 'key', header: 'key', width: 40 },
  { key: 'field', header: 'field', width: 24 },
  { key: 'before', header: 'before', width: 30 },
  { key: 'after', header: 'after', width: 30 },
  { key: 'in', header: 'in', width: 2 },
  { key: 'count', header: 'count', width: 5, type: 'int64' },
  { key: 'reason', header: 'reason' },
];

/** The columns of a table. */
export const DIFFERENCE_TABLE: readonly Column[] = DIFFERENCE_COLUMNS.slice(0, 5).map((column) => ({
  ...column,
  header: column.header.toUpperCase(),
}));

/** A difference as rows of these columns. */
export function differenceRows(difference: Difference<object>): readonly object[] {
  const { type } = difference;
  if (type === 'changed')
    return difference.changes.map((change) => ({ type, key: difference.key, ...change }));
  if (type === 'added' || type === 'removed') return [{ type, key: difference.key }];
  if (type === 'unkeyed') return [{ type, in: difference.in }];
  return [difference];
}
