import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { fromPages } from '../../lib/from-pages.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const MEGABYTE = 1024 ** 2;
const PAGES = 60;

/** A listing whose tokens and items are cut out of answers of a megabyte. */
function listing() {
  const filler = 'x'.repeat(MEGABYTE);
  return fromPages(async (token) => {
    const number = token === undefined ? 1 : Number(token.slice(-20)) + 1;
    const text = Buffer.from(`${filler}${String(number).padStart(20, '0')}`).toString();
    const cut = text.slice(-20);
    return { items: [cut, text.slice(-21)], next: number < PAGES ? cut : undefined };
  });
}

/** How much the heap grows through `work`, while its result is kept. */
async function growthOf(work: () => Promise<unknown>): Promise<number> {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const result = await work();
  collectGarbage();
  const growth = process.memoryUsage().heapUsed - before;
  expect(result).toBeDefined();
  return growth;
}

it('a cursor that is kept does not keep the answer that its token and key were cut out of', async () => {
  const cursors: unknown[] = [];
  const growth = await growthOf(async () => {
    const walk = listing().open();
    for await (const _ of walk) cursors.push(walk.cursor, walk.cursorAfter);
    return cursors;
  });
  expect(cursors).toHaveLength(4 * PAGES);
  expect(growth).toBeLessThan(10 * MEGABYTE);
});

it('distinctBy does not keep the answers that its keys were cut out of', async () => {
  const walk = listing()
    .distinctBy((item) => item)
    .open();
  const growth = await growthOf(async () => {
    for (let n = 1; n < 2 * PAGES; n++) await walk.next();
    return walk;
  });
  expect(growth).toBeLessThan(10 * MEGABYTE);
  await walk.return();
});
