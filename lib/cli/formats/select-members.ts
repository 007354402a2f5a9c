import { valueAt } from '../../destinations/formats/csv-cell.js';
import type { Column } from '../operations/operation.js';
import type { Rows } from './map-rows.js';

/** The columns of each row as an object: a member that is missing stays missing. */
export function selectMembers(columns: readonly Column[]): (rows: Rows<unknown>) => Rows<unknown> {
  const select = (row: unknown) =>
    Object.fromEntries(columns.map(({ key, header }) => [header, valueAt(row, key)]));
  return async function* selected(chunks) {
    for await (const rows of chunks) yield rows.map(select);
  };
}
