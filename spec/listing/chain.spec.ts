import { describe, expect, it } from 'vitest';
import type { Cursor } from '../../lib/core/cursor.js';
import { fromPages } from '../../lib/from-pages.js';
import type { Listing } from '../../lib/listing/listing.js';
import { memoryCheckpoint } from '../../lib/listing/traversal/memory-checkpoint.js';

const COUNT = 20;

function numbers(): Listing<number> {
  return fromPages<number>(
    async (token) => {
      const start = Number(token ?? 0);
      const items = Array.from({ length: 5 }, (_, i) => start + i);
      return { items, next: start + 5 < COUNT ? String(start + 5) : undefined };
    },
    { query: { operation: 'numbers' } },
  );
}

type Chain = (listing: Listing<number>) => Listing<unknown>;

const even = (n: number) => n % 2 === 0;
const twice = (n: number) => [n, n + 0.5];

/** Chains, and the values in them that are the nth to be acknowledged. */
const CHAINS: Readonly<Record<string, Chain>> = {
  none: (l) => l,
  filter: (l) => l.filter(even),
  map: (l) => l.map(String),
  'drop(3)': (l) => l.drop(3),
  'filter, drop(3)': (l) => l.filter(even).drop(3),
  'drop(3), filter': (l) => l.drop(3).filter(even),
  'take(9)': (l) => l.take(9),
  'filter, take(9)': (l) => l.filter(even).take(9),
  'take(9), drop(2)': (l) => l.take(9).drop(2),
  'drop(2), take(9)': (l) => l.drop(2).take(9),
  dropWhile: (l) => l.dropWhile((n) => n < 4),
  'dropWhile, take(9)': (l) => l.dropWhile((n) => n < 4).take(9),
  takeWhile: (l) => l.takeWhile((n) => n < 15),
  distinctBy: (l) => l.distinctBy((n) => n),
  'distinctBy, drop(3)': (l) => l.distinctBy((n) => n).drop(3),
  flatMap: (l) => l.flatMap(twice),
  'flatMap, drop(3)': (l) => l.flatMap(twice).drop(3),
  'drop(3), flatMap': (l) => l.drop(3).flatMap(twice),
  'flatMap, flatMap': (l) => l.flatMap(twice).flatMap(twice),
  'batch(4)': (l) => l.batch(4),
  'batch(4), drop(1)': (l) => l.batch(4).drop(1),
  'drop(1), batch(4)': (l) => l.drop(1).batch(4),
  'batch(4), flatMap': (l) => l.batch(4).flatMap((batch) => [...batch]),
  mapAsync: (l) => l.mapAsync(async (n) => n),
  'mapAsync, take(9)': (l) => l.mapAsync(async (n) => n).take(9),
  'take(9), mapAsync': (l) => l.take(9).mapAsync(async (n) => n),
  pages: (l) => l.pages(),
  'pages, take(2)': (l) => l.pages().take(2),
  'take(9), pages': (l) => l.take(9).pages(),
};

const names = Object.keys(CHAINS);
const named = (name: string) => (CHAINS[name] as Chain)(numbers());
const withoutArguments = (name: string) => name.replaceAll(/\(\d+\)/g, '');
const othersThan = (made: string) =>
  names.filter((name) => withoutArguments(name) !== withoutArguments(made));

async function cursorAfter(listing: Listing<unknown>, count: number): Promise<Cursor> {
  const walk = listing.open();
  for (let i = 0; i < count; i++) await walk.next();
  const cursor: Cursor = JSON.parse(JSON.stringify(walk.cursorAfter));
  await walk.return();
  return cursor;
}

async function rest(listing: Listing<unknown>, from: Cursor): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const value of listing.open({ from })) values.push(value);
  return values;
}

describe.each(names)('a cursor of the chain: %s', (made) => {
  it('a cursor continues the same chain after every value', async () => {
    const whole = await named(made).toArray();
    for (let count = 0; count < Math.min(whole.length, 12); count++) {
      const from = await cursorAfter(named(made), count);
      expect(await rest(named(made), from)).toEqual(whole.slice(count));
    }
  });

  it('a cursor with counts is refused by every other chain, and one without loses no item there', async () => {
    for (const count of [1, 2, 3, 7]) {
      const from = await cursorAfter(named(made), count);
      // Within the values of one item; see below.
      if (from.exhausted || from.flat) continue;
      // Whatever the operators are, the pages below continue at the same item.
      const items = from.counts ? [] : await rest(numbers(), from);
      const firstItem = items[0] as number;
      expect(items).toEqual(Array.from({ length: items.length }, (_, i) => firstItem + i));
      for (const other of othersThan(made)) {
        if (from.counts) {
          expect(() => named(other).open({ from })).toThrow(
            expect.objectContaining({
              code: 'ERR_CURSOR_MISMATCH',
              message: expect.stringContaining('other operators'),
            }),
          );
          continue;
        }
        expect(items.at(-1)).toBe(COUNT - 1);
        const fresh = (CHAINS[other] as Chain)(startingAt(firstItem));
        expect(await rest(named(other), from)).toEqual(await fresh.toArray());
      }
    }
  });

  it('a cursor is refused by resume() under any other chain', async () => {
    for (const count of [1, 3]) {
      const saved = await cursorAfter(named(made), count);
      for (const other of othersThan(made)) {
        const store = memoryCheckpoint();
        await store.save('numbers', saved);
        await expect(named(other).resume(store).next()).rejects.toMatchObject({
          code: 'ERR_CURSOR_MISMATCH',
          message: expect.stringContaining('other operators'),
        });
      }
    }
  });
});

/** The listing as if its first item were another one. */
function startingAt(first: number): Listing<number> {
  return fromPages<number>(
    async (token) => {
      const start = Number(token ?? first);
      const end = (Math.floor(start / 5) + 1) * 5;
      const items = Array.from({ length: end - start }, (_, i) => start + i);
      return { items, next: end < COUNT ? String(end) : undefined };
    },
    { query: { operation: 'numbers' } },
  );
}

describe('the chain of a cursor', () => {
  it('a chain without flatMap at the same place delivers a partly acknowledged item again', async () => {
    const from = await cursorAfter(numbers().flatMap(twice), 3);
    expect(await rest(numbers(), from)).toEqual(Array.from({ length: 19 }, (_, i) => i + 1));
    const behindFilter = numbers()
      .filter(() => true)
      .flatMap(twice);
    expect((await rest(behindFilter, from)).slice(0, 3)).toEqual([1, 1.5, 2]);
    expect(
      (
        await rest(
          numbers()
            .flatMap(twice)
            .filter(() => true),
          from,
        )
      ).slice(0, 3),
    ).toEqual([1.5, 2, 2.5]);
  });

  it('the chain of a cursor ignores tap and prefetch', async () => {
    const from = await cursorAfter(numbers().drop(3), 2);
    expect(
      await rest(
        numbers()
          .tap(() => {})
          .drop(3)
          .prefetch(2)
          .tap(() => {}),
        from,
      ),
    ).toEqual(Array.from({ length: 15 }, (_, i) => i + 5));
  });

  it('the chain of a cursor ignores arguments, so that a higher limit continues', async () => {
    const from = await cursorAfter(numbers().take(4), 4);
    expect(await rest(numbers().take(9), from)).toEqual([4, 5, 6, 7, 8]);
  });
});
