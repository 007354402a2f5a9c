import { jsonSink } from '../sinks/json.js';
import { ndjsonSink } from '../sinks/ndjson.js';
import type { Sink, TextOutput } from '../sinks/sink.js';
import { type Column, tableSink } from '../sinks/table.js';
import type { Format } from './options.js';

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
