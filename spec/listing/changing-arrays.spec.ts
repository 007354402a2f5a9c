import { describe, expect, it } from 'vitest';
import type { FetchPage, Page } from '../../lib/core/page.js';
import { fromPages } from '../../lib/from-pages.js';
import type { Listing } from '../../lib/listing/listing.js';
import { memoryDestination } from '../../lib/testing/memory-destination.js';

const PAGES = [
  [1, 2, 3],
  [4, 5, 6],
  [7, 8],
];
const ALL = PAGES.flat();

const nextOf = (page: number) => (page + 1 < PAGES.length ? String(page + 1) : undefined);

/** A fetch that keeps the array of each page it gave. */
function keepingFetch(): { readonly arrays: number[][]; readonly listing: Listing<number> } {
  const arrays: number[][] = [];
  const listing = fromPages<number>(
    async (token) => {
      const page = Number(token ?? 0);
      const items = [...(PAGES[page] ?? [])];
      arrays.push(items);
      return { items, next: nextOf(page), output: { rows: items } };
    },
    { query: { operation: 'numbers' } },
  );
  return { arrays, listing };
}

const CHAINS: readonly (readonly [string, (listing: Listing<number>) => Listing<number>])[] = [
  ['no operator', (listing) => listing],
  ['map', (listing) => listing.map((n) => n)],
  ['mapAsync', (listing) => listing.mapAsync((n) => n, { concurrency: 2 })],
  ['batch', (listing) => listing.batch(2).flatMap((batch) => [...batch])],
  ['flatMap', (listing) => listing.flatMap((n) => [n])],
  ['prefetch', (listing) => listing.prefetch(2)],
];

const WRITES: readonly (readonly [string, (items: number[]) => void])[] = [
  ['emptied', (items) => void items.splice(0)],
  ['cut', (items) => void items.shift()],
  ['extended', (items) => void items.push(99)],
  ['overwritten', (items) => void items.fill(99)],
];

describe('an array that a fetch returned and that changes afterwards', () => {
  for (const [how, write] of WRITES) {
    it.each(CHAINS)(
      `an array of items that is ${how} during the traversal loses nothing with %s`,
      async (_name, chain) => {
        const { arrays, listing } = keepingFetch();
        const seen: number[] = [];
        const walk = chain(listing).open();
        for await (const n of walk) {
          seen.push(n);
          write(arrays[PAGES.findIndex((page) => page.includes(n))] ?? []);
        }
        expect(seen).toEqual(ALL);
        expect(walk.end?.reason).toBe('exhausted');
      },
    );
  }

  it('an array of items that a consumer of pages() empties through the output changes no cursor', async () => {
    const read = async (isEmptied: boolean) => {
      const walk = keepingFetch().listing.pages().take(2).open();
      const cursors: unknown[] = [];
      for await (const { output } of walk) {
        if (isEmptied) (output as { rows: number[] }).rows.splice(0);
        cursors.push(walk.cursor, walk.cursorAfter);
      }
      return cursors;
    };
    expect(await read(true)).toEqual(await read(false));
  });

  it.each([0, 1, 3])(
    'a fetch that reuses one array and one page object loses nothing with prefetch(%i)',
    async (depth) => {
      const items: number[] = [];
      const page: { items: number[]; next: string | undefined } = { items, next: undefined };
      const fetchPage: FetchPage<number> = async (token) => {
        const number = Number(token ?? 0);
        items.splice(0, items.length, ...(PAGES[number] ?? []));
        page.next = nextOf(number);
        return page;
      };
      const listing = fromPages(fetchPage).prefetch(depth);
      const seen: number[] = [];
      for await (const n of listing) {
        await new Promise((resolve) => setImmediate(resolve));
        seen.push(n);
      }
      expect(seen).toEqual(ALL);
      expect((await listing.pages().toArray()).map(({ items, next }) => [items, next])).toEqual(
        PAGES.map((rows, number) => [rows, nextOf(number)]),
      );
    },
  );

  it('a page whose members are getters of its class is delivered whole by pages()', async () => {
    class LazyPage implements Page<number> {
      get items(): number[] {
        return [1, 2];
      }
      get next(): undefined {
        return undefined;
      }
      get total(): number {
        return 2;
      }
    }
    expect(
      await fromPages(async () => new LazyPage())
        .pages()
        .toArray(),
    ).toMatchObject([{ items: [1, 2], next: undefined, total: 2 }]);
  });
});

describe('an array that the callback of flatMap returned and that changes while it is read', () => {
  it.each(WRITES.slice(0, 3))(
    'an array of a flatMap that is %s while it is read is an error',
    async (_how, write) => {
      const groups = [{ members: [1, 2, 3] }, { members: [4] }];
      const walk = fromPages(async () => ({ items: groups, next: undefined }))
        .flatMap(({ members }) => members)
        .open();
      await walk.next();
      write(groups[0]?.members ?? []);
      await expect(walk.next()).rejects.toMatchObject({
        code: 'ERR_INVALID_ARGUMENT',
        message: expect.stringContaining('return a copy'),
      });
    },
  );
});

describe('a destination that empties the rows it is given', () => {
  it('a destination that empties the rows it is given changes no receipt', async () => {
    const destination = memoryDestination<number>();
    const { write } = destination;
    const emptying = Object.assign(Object.create(destination) as typeof destination, {
      write: async (...[rows, position]: Parameters<typeof write>) => {
        await write([...rows], position);
        (rows as number[]).splice(0);
      },
    });
    const receipt = await keepingFetch().listing.drainTo(emptying, { batch: 2 });
    expect(receipt).toMatchObject({ items: 8, written: 8, complete: true });
    expect(destination.published).toEqual(ALL);
  });
});
