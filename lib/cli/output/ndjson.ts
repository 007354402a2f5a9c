import type { Sink, TextOutput } from './sink.js';

/** A record a line, as JSON; Dates in ISO 8601. */
export function ndjsonSink<T>(output: TextOutput): Sink<T> {
  return {
    write: (record) => output.write(`${JSON.stringify(record)}\n`),
    end: () => undefined,
  };
}
