import { type Format, toBytes } from './format.js';
import { jsonText } from './json-text.js';

/**
 * One JSON array with a row per line, `[]` without rows. Values are written as {@link ndjson} writes them.
 *
 * @example
 * const format = json();
 */
export function json(): Format<unknown> {
  return { name: 'json', encode: (rows) => toBytes(array(rows)) };
}

async function* array(chunks: AsyncIterable<readonly unknown[]>): AsyncGenerator<string, void, void> {
  let separator = '[';
  for await (const rows of chunks) {
    let text = '';
    for (const row of rows) {
      text += `${separator}${jsonText(row)}\n`;
      separator = ',';
    }
    yield text;
  }
  yield separator === '[' ? '[]\n' : ']\n';
}
