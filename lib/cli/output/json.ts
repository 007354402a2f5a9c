import type { Sink, TextOutput } from './sink.js';

/** One JSON array, a record a line. Without its `end` it is not closed, and no parser takes it for whole. */
export function jsonSink<T>(output: TextOutput): Sink<T> {
  let opening = '[';
  return {
    write(record) {
      const text = `${opening}${JSON.stringify(record)}\n`;
      opening = ',';
      return output.write(text);
    },
    end: () => output.write(opening === '[' ? '[]\n' : ']\n'),
  };
}
