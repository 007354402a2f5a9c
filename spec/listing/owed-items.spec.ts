import { describe, expect, it } from 'vitest';
import type { Cursor } from '../../lib/core/cursor.js';
import { type FromPagesOptions, fromPages } from '../../lib/from-pages.js';
import type { Listing } from '../../lib/listing/listing.js';

const ALL = Array.from({ length: 40 }, (_, i) => ({ id: `u${i}` }));
const IDS = ALL.map(({ id }) => id);

/**
 * A service that answers the next requests with so many items only, each with a token to the rest: a filter that runs
 * after the page, or a time limit, does this. Its tokens are offsets.
 */
function stingy(options: Partial<FromPagesOptions<{ id: string }>> = {}) {
  const lengths: number[] = [];
  const listing = fromPages<{ id: string }>(
    async (token, { pageSize = 10 }) => {
      const [start = 0, empty = 0] = (token ?? '0/0').split('/').map(Number);
      const end = start + (lengths.shift() ?? pageSize);
      // An empty page needs its own token, or it would be a cycle.
      const next = end === start ? `${start}/${empty + 1}` : `${end}/0`;
      return { items: ALL.slice(start, end), next: end < ALL.length ? next : undefined };
    },
    { query: { operation: 'stingy' }, ...options },
  );
  return { listing, lengths };
}

async function ids(listing: AsyncIterable<{ readonly id: string }>): Promise<string[]> {
  const all: string[] = [];
  for await (const { id } of listing) all.push(id);
  return all;
}

async function stop(listing: Listing<{ id: string }>, count: number, from?: Cursor) {
  const walk = listing.open({ from });
  const items: string[] = [];
  for (let i = 0; i < count; i++) items.push((await walk.next()).value?.id as string);
  const cursor: Cursor = JSON.parse(JSON.stringify(walk.cursorAfter));
  await walk.return();
  return { items, cursor };
}

/** The first values of a listing, and the cursor after them. */
async function leaveBehind<T>(listing: Listing<T>, count: number) {
  const walk = listing.open();
  const values: T[] = [];
  while (values.length < count) values.push((await walk.next()).value as T);
  const cursor: Cursor = JSON.parse(JSON.stringify(walk.cursorAfter));
  await walk.return();
  return { values, cursor };
}

async function restOf<T>(listing: Listing<T>, from: Cursor): Promise<T[]> {
  const values: T[] = [];
  for await (const value of listing.open({ from })) values.push(value);
  return values;
}

describe.each([10, undefined])('what an earlier run acknowledged, with a page size of %s', (pageSize) => {
  it.each([[[0]], [[0, 0, 0]], [[1]], [[3, 0, 2]], [[1, 1, 1, 1, 1, 1, 1, 1]], [[5, 5]]])(
    'acknowledged items are skipped although their page comes back in parts of %j',
    async (parts) => {
      for (const count of [1, 5, 9, 10, 14, 19, 25]) {
        const { listing, lengths } = stingy({ pageSize });
        const { items, cursor } = await stop(listing, count);
        lengths.push(...parts);
        expect([...items, ...(await ids(listing.open({ from: cursor })))]).toEqual(IDS);
      }
    },
  );

  it('acknowledged items are skipped over any number of runs that each get a shorter page', async () => {
    const { listing, lengths } = stingy({ pageSize });
    const seen: string[] = [];
    let from: Cursor | undefined;
    for (let run = 0; run < 20; run++) {
      const { items, cursor } = await stop(listing, 2, from);
      seen.push(...items);
      from = cursor;
      lengths.splice(0, lengths.length, ...([[0], [1], [0, 1], [2, 0]][run % 4] as number[]));
    }
    expect(seen).toEqual(IDS);
  });

  it('acknowledged items are skipped by a run that fetches ahead', async () => {
    const { listing, lengths } = stingy({ pageSize });
    const { items, cursor } = await stop(listing, 17);
    lengths.push(0, 2, 0);
    expect([...items, ...(await ids(listing.prefetch(3).open({ from: cursor })))]).toEqual(IDS);
  });
});

describe('how far an earlier run was in an item', () => {
  it.each([[[0]], [[0, 0, 0]], [[1]], [[3, 0, 2]], [[4]]])(
    'acknowledged values of an item are skipped although its page comes back in parts of %j',
    async (parts) => {
      for (const count of [1, 2, 10, 16, 29, 31, 44]) {
        const { listing, lengths } = stingy({ pageSize: 10 });
        const thirds = listing.flatMap(({ id }) => [`${id}a`, `${id}b`, `${id}c`]);
        const { values, cursor } = await leaveBehind(thirds, count);
        lengths.push(...parts);
        const all = IDS.flatMap((id) => [`${id}a`, `${id}b`, `${id}c`]);
        expect([...values, ...(await restOf(thirds, cursor))]).toEqual(all);
      }
    },
  );

  it('an item that has moved to a later page than the one where it was left is delivered from its first value', async () => {
    const list = (all: readonly { id: string }[]) =>
      fromPages<{ id: string }>(
        async (token = '0', { pageSize: size = 10 }) => {
          const end = Number(token) + size;
          return { items: all.slice(Number(token), end), next: end < all.length ? String(end) : undefined };
        },
        { pageSize: 10 },
      ).flatMap(({ id }) => [`${id}a`, `${id}b`]);
    const { cursor } = await leaveBehind(list(ALL), 1);
    const [first, ...others] = ALL as [{ id: string }, ...{ id: string }[]];
    const moved = (place: number) => [...others.slice(0, place), first, ...others.slice(place)];
    expect((await restOf(list(moved(9)), cursor)).length).toBe(79);
    expect((await restOf(list(moved(10)), cursor)).length).toBe(80);
  });
});
