/**
 * Memory of a traversal whose tokens are cut out of large texts: V8 keeps a text alive as long as a piece of it is used.
 * Walks 1,000 pages of 1 MB by default, and keeps the cursor of every page as a store would. With 1,000,000 pages it shows
 * what a traversal itself keeps.
 */
import { fromPages } from 'pageturn';

const MEGABYTE = 1024 ** 2;

// One run in a process: `tsx bench/cut-tokens.ts PAGES LENGTH`.
const [pages = 1000, textLength = MEGABYTE] = process.argv.slice(2).map(Number);

await measure();

async function measure() {
  const filler = 'x'.repeat(textLength);
  const rows = fromPages(async (token) => {
    const number = token === undefined ? 1 : Number(token.slice(-16)) + 1;
    // As the body of an answer: a flat text of its own, from which the token is cut.
    const text = Buffer.from(
      `${filler}${'token'.padStart(40, '-')}${String(number).padStart(16, '0')}`,
    ).toString();
    return { items: [number], next: number < pages ? text.slice(-56) : undefined };
  });
  const walk = rows.open();
  const cursors: unknown[] = [];
  let [atFirst, highest] = [0, 0];
  let count = 0;
  for await (const _ of walk) {
    if (pages <= 1000) cursors.push(walk.cursor);
    if (++count % (pages / 10) !== 0) continue;
    globalThis.gc?.();
    const held = process.memoryUsage().heapUsed / MEGABYTE;
    atFirst ||= held;
    highest = Math.max(highest, held);
  }
  console.log(
    `${pages.toLocaleString('en')} pages of ${textLength.toLocaleString('en')} characters: ${atFirst.toFixed(1)} MB held after a tenth, at most ${highest.toFixed(1)} MB (${(process.memoryUsage().rss / MEGABYTE).toFixed(0)} MB resident)`,
  );
}
