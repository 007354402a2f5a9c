import { cellAt } from '../../destinations/formats/csv-cell.js';
import { type Format, toBytes } from '../../destinations/formats/format.js';
import { printable } from '../format.js';
import type { Column } from '../operations/operation.js';
import type { Rows } from './map-rows.js';

/** Rows under a header, written as they arrive; column widths are therefore fixed. */
export function tableFormat(columns: readonly Column[]): Format<unknown> {
  return { name: 'table', takesDatesAsText: true, encode: (rows) => toBytes(lines(rows, columns)) };
}

async function* lines(chunks: Rows<unknown>, columns: readonly Column[]): AsyncGenerator<string, void, void> {
  const line = (cells: readonly string[]) =>
    `${cells.map((cell, n) => printable(cell).padEnd(n === cells.length - 1 ? 0 : widthOf(columns[n]))).join('  ')}\n`;
  let header = line(columns.map((column) => column.header));
  for await (const rows of chunks) {
    // The header comes with the first rows, which may be an error.
    yield header + rows.map((row) => line(columns.map(({ key }) => cellText(row, key)))).join('');
    header = '';
  }
  yield header;
}

function widthOf(column: Column | undefined): number {
  return Math.max(column?.width ?? DEFAULT_WIDTH, column?.header.length ?? 0);
}

const DEFAULT_WIDTH = 20;

/** A time without its thousandths, which the service does not have. */
function cellText(row: unknown, key: string): string {
  return String(cellAt(row, key) ?? '').replace(/(?<=^[+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d{3}Z$/, 'Z');
}
