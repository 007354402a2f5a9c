import type { Rows } from './map-rows.js';

/** As many as a page has. */
const CHUNK = 1000;

/** Items that come one by one, as the chunks of rows that outputs take. */
export async function* inChunks<T>(items: AsyncIterable<T>): Rows<T> {
  let chunk: T[] = [];
  for await (const item of items) {
    chunk.push(item);
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
