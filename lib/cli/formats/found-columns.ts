import { didYouMean } from '../../core/did-you-mean.js';
import { isRecord, valueAt } from '../../destinations/formats/csv-cell.js';
import { CliError } from '../cli-error.js';
import type { Rows } from './map-rows.js';

/** Passes the rows on, and throws after the last one if there are some and none has any of the columns. */
export function foundColumns(columns: readonly string[]): (rows: Rows<unknown>) => Rows<unknown> {
  return async function* found(chunks) {
    let [hasRows, isFound] = [false, false];
    let members: readonly string[] = [];
    for await (const rows of chunks) {
      hasRows ||= rows.length > 0;
      if (members.length === 0 && isRecord(rows[0])) members = Object.keys(rows[0]);
      isFound ||= rows.some((row) => columns.some((name) => valueAt(row, name) !== undefined));
      yield rows;
    }
    if (hasRows && !isFound) {
      const hint = didYouMean(columns[0] ?? '', members);
      throw new CliError(
        `no row has a column ${columns.join(' or ')}${hint}: --columns selects from the result of --query; name its members, or leave --columns out`,
      );
    }
  };
}
