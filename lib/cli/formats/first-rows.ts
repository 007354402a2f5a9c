import type { Rows } from './map-rows.js';

/** Only the first rows; the others are read and left out. */
export function firstRows(count: number): (rows: Rows<unknown>) => Rows<unknown> {
  return async function* first(chunks) {
    let left = count;
    for await (const rows of chunks) {
      if (left > 0) yield rows.slice(0, left);
      left -= Math.min(left, rows.length);
    }
  };
}
