import { describe, expect, it } from 'vitest';
import type { Cursor } from '../../lib/core/cursor.js';
import { fromPages } from '../../lib/from-pages.js';

const ALL = Array.from({ length: 40 }, (_, i) => i);

/** A service whose tokens are the numbers of pages: what they mean depends on the page size. */
function numbered(pageSize?: number, ownSize = 5) {
  const sizes: (number | undefined)[] = [];
  const listing = fromPages<number>(
    async (token, call) => {
      sizes.push(call.pageSize);
      const page = Number(token ?? 0);
      const size = call.pageSize ?? ownSize;
      return {
        items: ALL.slice(page * size, (page + 1) * size),
        next: (page + 1) * size < ALL.length ? String(page + 1) : undefined,
      };
    },
    { pageSize, query: { operation: 'numbered' } },
  );
  return { listing, sizes };
}

/** The first `count` items of a listing, and the cursor after them as another process would read it. */
async function head(
  listing: ReturnType<typeof numbered>['listing'],
  count: number,
  where: 'cursor' | 'cursorAfter',
) {
  const walk = listing.open();
  const items: number[] = [];
  for (let i = 0; i < count; i++) items.push((await walk.next()).value as number);
  const cursor: Cursor = JSON.parse(JSON.stringify(walk[where]));
  await walk.return();
  return { items: where === 'cursor' ? items.slice(0, -1) : items, cursor };
}

describe('a listing by page numbers', () => {
  it.each([
    [5, 10],
    [10, 5],
    [7, 1_000],
    [5, undefined],
    [undefined, 10],
    [undefined, 3],
  ])(
    'a listing by page numbers, begun with pages of %s and resumed with pages of %s, delivers every item',
    async (first, second) => {
      for (const where of ['cursor', 'cursorAfter'] as const) {
        for (const count of [1, 4, 5, 6, 10, 23, 39]) {
          const { items, cursor } = await head(numbered(first).listing, count, where);
          const { listing } = numbered(second);
          const walk = listing.prefetch(count % 3).open({ from: cursor });
          for await (const item of walk) items.push(item);
          expect(items).toEqual(ALL);
          expect(walk.end).toMatchObject({ reason: 'exhausted' });
        }
      }
    },
  );

  it('a listing by page numbers keeps its first page size over any number of runs', async () => {
    const seen: number[] = [];
    let from: Cursor | undefined;
    for (const size of [5, 10, 3, undefined, 7, 40, 2, 9]) {
      const { listing } = numbered(size);
      const walk = listing.open({ from });
      for (let i = 0; i < 5; i++) seen.push((await walk.next()).value as number);
      from = JSON.parse(JSON.stringify(walk.cursorAfter));
      await walk.return();
    }
    expect(seen).toEqual(ALL);
  });
});
