import { type Format, toBytes } from './format.js';
import { jsonText } from './json-text.js';

/**
 * One JSON object per line. Dates are ISO 8601 (null if invalid), bigints strings of digits, bytes base64, Sets lists.
 *
 * @example
 * const format = ndjson();
 */
export function ndjson(): Format<unknown> {
  return {
    name: 'ndjson',
    takesDatesAsText: true,
    encode: (rows) => toBytes(lines(rows)),
    encodeLines: (rows) => rows,
  };
}

async function* lines(chunks: AsyncIterable<readonly unknown[]>): AsyncGenerator<string, void, void> {
  for await (const rows of chunks) yield rows.map((row) => `${jsonText(row)}\n`).join('');
}
