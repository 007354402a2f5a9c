/** Reads a million pages by `fromPages`, or drains them into a file, and prints what is held at a tenth and at the end. */
import { fromPages } from 'pageturn';
import { file, ndjson } from 'pageturn/node';

const PAGES = 1_000_000;
const [path = ''] = process.argv.slice(2);

/** V8 keeps the texts of the last 16,384 numbers: a token made of these parts measures only what pageturn keeps. */
const DIGITS = Array.from({ length: 1000 }, (_, n) => String(n).padStart(3, '0'));
const tokenOf = (page: number) =>
  `${DIGITS[Math.floor(page / 1_000_000)]}${DIGITS[Math.floor(page / 1000) % 1000]}${DIGITS[page % 1000]}`;

let fetched = 0;
const rows = fromPages(async () => {
  fetched++;
  return { items: [{ id: fetched }], next: fetched < PAGES ? tokenOf(fetched) : undefined };
});

let count = 0;
const counted = rows.tap(() => {
  count++;
  if (count === PAGES / 10 || count === PAGES) print();
});
if (path) await counted.drainTo(file(path, { format: ndjson() }));
else for await (const _ of counted);

function print() {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  console.log(JSON.stringify({ count, held: heapUsed + arrayBuffers }));
}
