import type { UserSummary } from '@aws-sdk/client-connect';
import { printable } from '../format.js';
import type { RecordWriter, TextOutput } from './record-writer.js';

export interface Column<T> {
  readonly title: string;
  /** Width in characters; longer values push the rest of their row to the right. The last column needs none. */
  readonly width?: number;
  readonly value: (record: T) => string;
}

/** Rows under a header, written as they arrive; column widths are therefore fixed. */
export function tableWriter<T>(output: TextOutput, columns: readonly Column<T>[]): RecordWriter<T> {
  const row = (cells: readonly string[]) =>
    `${cells.map((cell, nth) => printable(String(cell)).padEnd(columns[nth]?.width ?? 0)).join('  ')}\n`;
  const header = row(columns.map(({ title }) => title));
  let hasHeader = false;
  return {
    write(record) {
      const text = row(columns.map(({ value }) => value(record)));
      if (hasHeader) return output.write(text);
      hasHeader = true;
      return output.write(header + text);
    },
    end: () => (hasHeader ? undefined : output.write(header)),
  };
}

/**
 * The columns of a user; `userOf` finds it in a record. The name comes last: its length is unknown, and in some scripts
 * a character is wider or narrower than one column.
 */
export function userColumns<T>(userOf: (record: T) => UserSummary): readonly Column<T>[] {
  return [
    { title: 'ID', width: 36, value: (record) => userOf(record).Id ?? '' },
    { title: 'LAST MODIFIED', width: 20, value: (record) => formatTime(userOf(record).LastModifiedTime) },
    { title: 'USERNAME', value: (record) => userOf(record).Username ?? '' },
  ];
}

/** A service may send a time that no Date can hold. */
function formatTime(time: Date | undefined): string {
  if (time === undefined) return '';
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? 'invalid' : date.toISOString().replace(/\.\d+Z$/, 'Z');
}
