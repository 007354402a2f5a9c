import { cellAt, isRecord } from '../../destinations/formats/csv-cell.js';
import { type Format, toBytes } from '../../destinations/formats/format.js';
import { printable } from '../format.js';
import type { Column } from '../operations/operation.js';
import type { Rows } from './map-rows.js';

/**
 * Rows as lines of values with tabs between them, without a header, as the AWS CLI writes text: `None` is a missing value. A
 * row that is a list is a line of its values. Tabs and line ends within a value are replaced, so a line is a row.
 */
export function textFormat(columns: readonly Column[] | undefined): Format<unknown> {
  return { name: 'text', takesDatesAsText: true, encode: (rows) => toBytes(lines(rows, columns)) };
}

async function* lines(
  chunks: Rows<unknown>,
  columns: readonly Column[] | undefined,
): AsyncGenerator<string, void, void> {
  for await (const rows of chunks) yield rows.map((row) => `${cellsOf(row, columns).join('\t')}\n`).join('');
}

function cellsOf(row: unknown, columns: readonly Column[] | undefined): string[] {
  if (columns) return columns.map(({ key }) => cellText(row, key));
  if (Array.isArray(row)) return row.map((value) => cellText({ value }, 'value'));
  return isRecord(row)
    ? Object.keys(row).map((key) => cellText(row, key))
    : [cellText({ value: row }, 'value')];
}

function cellText(row: unknown, key: string): string {
  return printable(String(cellAt(row, key) ?? 'None'));
}
