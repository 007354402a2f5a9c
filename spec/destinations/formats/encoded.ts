import type { Format } from '../../../lib/destinations/formats/index.js';

/** The text of rows in a format, given in chunks of two, as often as they are asked for. */
export async function encoded(format: Format<unknown>, rows: readonly unknown[]): Promise<string> {
  const chunks = {
    async *[Symbol.asyncIterator]() {
      for (let at = 0; at < rows.length; at += 2) yield rows.slice(at, at + 2);
    },
  };
  const bytes: Uint8Array[] = [];
  for await (const chunk of format.encode(chunks)) bytes.push(chunk);
  return Buffer.concat(bytes).toString('utf8');
}
