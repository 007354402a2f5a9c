import { usageError } from '../cli-error.js';
import type { Operation } from '../operations/operation.js';
import { assertConnection } from './assert-connection.js';
import { assertOwnFiles } from './assert-own-files.js';
import { assertRowTarget } from './assert-row-target.js';
import { chosenColumns } from './chosen-columns.js';
import type { ChangesOptions } from './options.js';

/** Throws a usage error for options of `changes` that contradict each other, before anything is opened or sent. */
export function assertChanges<T>(options: ChangesOptions, { columns: known }: Operation<T>): void {
  const { since, update, allowRemovals, out, columns } = options;
  assertConnection(options);
  if (allowRemovals && !update) throw usageError('--allow-removals needs --update');
  assertRowTarget(options);
  if (columns) chosenColumns(columns, changeColumns(known));
  assertOwnFiles({ '--out': out, '--since': since });
}

/** The columns of a change: what happened, and the columns of the item. */
export function changeColumns(columns: Operation<unknown>['columns']): Operation<unknown>['columns'] {
  return [
    { key: 'type', header: 'type', width: 7 },
    ...columns.map((column) => ({ ...column, key: `item.${column.key}` })),
  ];
}
