import type { Format } from './options.js';
import { jsonSink } from './output/json.js';
import { ndjsonSink } from './output/ndjson.js';
import type { Sink, TextOutput } from './output/sink.js';
import { type Column, tableSink } from './output/table.js';

/** The sink of a format; `columns` are for the table. */
export function createSink<T>(format: Format, output: TextOutput, columns: readonly Column<T>[]): Sink<T> {
  switch (format) {
    case 'table':
      return tableSink(output, columns);
    case 'ndjson':
      return ndjsonSink(output);
    case 'json':
      return jsonSink(output);
  }
}
