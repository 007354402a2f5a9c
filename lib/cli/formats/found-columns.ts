import { valueAt } from '../../destinations/formats/csv-cell.js';
import { CliError } from '../cli-error.js';
import type { Rows } from './map-rows.js';

/** Passes the rows on, and throws behind the last one if there are some and none has any of the columns. */
export function foundColumns(columns: readonly string[]): (rows: Rows<unknown>) => Rows<unknown> {
  return async function* found(chunks) {
    let [hasRows, isFound] = [false, false];
    for await (const rows of chunks) {
      hasRows ||= rows.length > 0;
      isFound ||= rows.some((row) => columns.some((name) => valueAt(row, name) !== undefined));
      yield rows;
    }
    if (hasRows && !isFound) {
      throw new CliError(
        `no row has a column ${columns.join(' or ')}: --columns selects from the result of --query; name its members, or leave --columns out`,
      );
    }
  };
}
