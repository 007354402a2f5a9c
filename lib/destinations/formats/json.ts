import { type Format, toBytes } from './format.js';
import { jsonText } from './json-text.js';

/**
 * One JSON array with a row per line, `[]` without rows. Values are written as {@link ndjson} writes them.
 *
 * @example
 * const format = json();
 */
export function json(): Format<unknown> {
  return {
    name: 'json',
    takesDatesAsText: true,
    encode: (rows) => toBytes(array(rows)),
    encodeLines: arrayOfLines,
  };
}

/** The same array, from the lines of the rows. UTF-8 has no line feed within a character, so bytes pass for Latin-1. */
async function* arrayOfLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  let separator = '[';
  for await (const bytes of chunks) {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
    const isWhole = text.endsWith('\n');
    const lines = text.slice(0, isWhole ? -1 : undefined).replaceAll('\n', '\n,');
    yield Buffer.from(`${separator}${lines}${isWhole ? '\n' : ''}`, 'latin1');
    separator = isWhole ? ',' : '';
  }
  yield Buffer.from(separator === '[' ? '[]\n' : ']\n');
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
