import { toPrintableJson } from '../format.js';
import type { Format } from '../options.js';
import type { RecordWriter, TextOutput } from './record-writer.js';
import { type Column, tableWriter } from './table-writer.js';

/** The writer for a format; only the table uses `columns`. */
export function createWriter<T>(
  format: Format,
  output: TextOutput,
  columns: readonly Column<T>[],
): RecordWriter<T> {
  switch (format) {
    case 'table':
      return tableWriter(output, columns);
    case 'ndjson':
      return ndjsonWriter(output);
    case 'json':
      return jsonWriter(output);
  }
}

/** One JSON object per line; Dates in ISO 8601. */
export function ndjsonWriter<T>(output: TextOutput): RecordWriter<T> {
  return {
    write: (record) => output.write(`${toPrintableJson(record)}\n`),
    end: () => undefined,
  };
}

/** One JSON array with a record per line. Until `end` closes it, no parser accepts it as complete. */
export function jsonWriter<T>(output: TextOutput): RecordWriter<T> {
  let separator = '[';
  return {
    write(record) {
      const text = `${separator}${toPrintableJson(record)}\n`;
      separator = ',';
      return output.write(text);
    },
    end: () => output.write(separator === '[' ? '[]\n' : ']\n'),
  };
}
