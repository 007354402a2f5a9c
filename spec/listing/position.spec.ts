import { describe, expect, it } from 'vitest';
import type { Cursor } from '../../lib/core/cursor.js';
import { queryOf } from '../../lib/core/query-of.js';
import { fromPages } from '../../lib/from-pages.js';
import type { Listing } from '../../lib/listing/listing.js';
import { ids, modelService, type Person } from './model-service.js';

const query = queryOf('letters');

/** A listing of letters, a string for each page. */
function letters(pages: readonly string[], pageSize?: number): Listing<string> {
  return fromPages(
    async (token) => {
      const page = Number(token ?? 0);
      return {
        items: [...(pages[page] ?? '')],
        next: page + 1 < pages.length ? String(page + 1) : undefined,
      };
    },
    { query: { operation: 'letters' }, key: (letter) => letter, pageSize },
  );
}

async function read(listing: Listing<string>, from: Cursor | undefined): Promise<string> {
  let text = '';
  for await (const letter of listing.open({ from })) text += letter;
  return text;
}

/** The cursor after that many items. */
async function cursorAfter<T>(listing: Listing<T>, count: number, from?: Cursor): Promise<Cursor> {
  const walk = listing.open({ from });
  for (let i = 0; i < count; i++) await walk.next();
  const { cursorAfter: cursor } = walk;
  await walk.return();
  return cursor;
}

describe('a cursor written by hand, without digests', () => {
  it('a cursor without digests skips items of its own page only, though a later page has the same key', async () => {
    const bare: Cursor = { version: 2, offset: 1, key: 'a', query };
    expect(await read(letters(['ab', 'cad']), bare)).toBe('bcad');
  });

  it('a cursor without digests skips nothing on a later page after pages without items', async () => {
    const bare: Cursor = { version: 2, offset: 1, key: 'a', query };
    expect(await read(letters(['', 'cad']), bare)).toBe('cad');
  });

  it('a cursor without digests starts its page over when the item it names is gone', async () => {
    const bare: Cursor = { version: 2, offset: 2, key: 'x', query };
    expect(await read(letters(['abc', 'd']), bare)).toBe('abcd');
  });

  it('a cursor with offset 0 starts at the first item of its page, whatever key it names', async () => {
    const bare: Cursor = { version: 2, offset: 0, key: 'b', query };
    expect(await read(letters(['abc', 'd']), bare)).toBe('abcd');
  });

  it('a cursor with an offset that names no item is refused', async () => {
    await expect(read(letters(['abc', 'd']), { version: 2, offset: 2, query })).rejects.toMatchObject({
      code: 'ERR_CURSOR_MISMATCH',
      message: 'the cursor is damaged: its offset and key disagree',
    });
  });

  it('a cursor of a later page, without digests, starts after the item it names', async () => {
    const bare: Cursor = { version: 2, token: '1', offset: 1, key: 'c', query };
    expect(await read(letters(['ab', 'cde', 'f']), bare)).toBe('def');
  });
});

describe('an acknowledged item that has moved to a later page', () => {
  it('an acknowledged item that moved to a later page is skipped within a page size of items', async () => {
    const from = await cursorAfter(letters(['abcd', 'efgh'], 4), 3);
    expect(await read(letters(['ab', 'cd', 'efgh'], 4), from)).toBe('defgh');
  });

  it('a moved item is still skipped after a run that stopped on the shorter page', async () => {
    const first = await cursorAfter(letters(['abcd', 'efgh'], 4), 3);
    const shorter = letters(['abx', 'cd', 'efgh'], 4);
    const second = await cursorAfter(shorter, 1, first);
    expect(await read(shorter, second)).toBe('defgh');
  });

  it('a moved item is still skipped at a cursor in the middle of the shorter page', async () => {
    const first = await cursorAfter(letters(['abcd', 'efgh'], 4), 3);
    const shorter = letters(['axy', 'bcd', 'efgh'], 4);
    const second = await cursorAfter(shorter, 1, first);
    expect(second).toMatchObject({ offset: 2, key: 'x' });
    expect(await read(shorter, second)).toBe('ydefgh');
  });

  it('an item with an acknowledged key is delivered after a page size of items: it is another by then', async () => {
    const from = await cursorAfter(letters(['abcd', 'efgh'], 4), 3);
    expect(await read(letters(['axyz', 'bc', 'd'], 4), from)).toBe('xyzbcd');
  });

  it('a moved item is skipped as often as it was acknowledged, and no more', async () => {
    const from = await cursorAfter(letters(['aabc'], 4), 2);
    expect(await read(letters(['aaab', 'c'], 4), from)).toBe('abc');
    expect(await read(letters(['ab', 'aac'], 4), from)).toBe('bac');
  });
});

describe('a cursor with counts', () => {
  const service = modelService(9);

  it('a cursor with counts is refused by a listing with other operators, and the message names both', async () => {
    const cursor = await cursorAfter(service.listing().drop(2).take(5), 2);
    expect(cursor.counts).toEqual({ '0.drop': 2, '1.take': 2 });
    expect(() => service.listing().take(5).open({ from: cursor })).toThrow(
      expect.objectContaining({
        code: 'ERR_CURSOR_MISMATCH',
        message: expect.stringMatching(/made with drop, take, and this listing has take$/),
      }),
    );
    expect(() => service.listing().take(5).drop(2).open({ from: cursor })).toThrow(/other operators/);
    expect(() => service.listing().open({ from: cursor })).toThrow(/this listing has none/);
  });

  it('a cursor with counts continues under the same operators with other arguments', async () => {
    const cursor = await cursorAfter(service.listing().drop(2).take(3), 2);
    const rest: Person[] = [];
    for await (const person of service.listing().drop(2).take(6).open({ from: cursor })) rest.push(person);
    expect(ids(rest)).toEqual(['p4', 'p5', 'p6', 'p7']);
  });

  it('a resumed cursor keeps its chain, so that the next run checks it again', async () => {
    const some = service.listing().take(6);
    const first = await cursorAfter(some, 2);
    const second = await cursorAfter(some, 2, first);
    expect(second).toMatchObject({ counts: { '0.take': 4 }, chain: ['take'] });
  });

  it('a cursor without counts opens a listing with any operators', async () => {
    const cursor = await cursorAfter(
      service.listing().filter(() => true),
      4,
    );
    const rest: Person[] = [];
    for await (const person of service.listing().take(2).open({ from: cursor })) rest.push(person);
    expect(ids(rest)).toEqual(['p4', 'p5']);
  });
});

describe('a cursor at the first item of a page', () => {
  it('a cursor at the first item of a page does not ask for the keys of earlier items', async () => {
    const listing = fromPages(async () => ({ items: ['a', 'b'], next: undefined }), {
      query: { operation: 'letters' },
      key: (letter) => letter.toUpperCase(),
    });
    const walk = listing.open();
    await walk.next();
    expect(walk.cursor).toEqual({ version: 2, offset: 0, query });
  });

  it('a cursor whose operators have counted nothing opens a listing with any operators', async () => {
    const walk = letters(['abc'])
      .take(2)
      .flatMap((letter) => [letter])
      .open();
    await walk.next();
    expect(walk.cursor).toEqual({ version: 2, offset: 0, chain: ['take', 'flatMap'], query });
    expect(await read(letters(['abc']), walk.cursor)).toBe('abc');
  });
});

it('the cursor of a resumed traversal stays the same until its page arrives, even if the request fails', async () => {
  const from = await cursorAfter(letters(['abcd', 'efgh'], 4), 3);
  const walk = letters(['abcd', 'efgh'], 4).open({ from });
  expect(walk.cursor).toMatchObject(from);
  const failing = fromPages<string>(() => Promise.reject(new Error('it broke')), {
    query: { operation: 'letters' },
    key: (letter) => letter,
    pageSize: 4,
  }).open({ from });
  await expect(failing.next()).rejects.toMatchObject({ cursor: expect.objectContaining(from) });
  expect(failing.cursor).toMatchObject(from);
});

describe('counts after an unordered mapAsync', () => {
  it.each([
    ['items', (listing: Listing<string>) => listing],
    [
      'values of a flatMap',
      (listing: Listing<string>) => listing.flatMap((letter) => ['1', '2', '3'].map((n) => letter + n)),
    ],
  ])('a take counts the %s that were handled, and not the current one', async (_, before) => {
    const listing = before(letters(['ab', 'cd', 'ef']))
      .mapAsync(async (value) => value, { ordered: false, concurrency: 1 })
      .take(5);
    const all = await listing.toArray();
    expect(all).toHaveLength(5);
    const walk = listing.open();
    const handled: string[] = [];
    for await (const value of walk) {
      const rest: string[] = [];
      for await (const other of listing.open({ from: walk.cursor })) rest.push(other);
      expect([...handled, ...rest]).toEqual(all);
      handled.push(value);
    }
  });
});

describe('a cursor after the last item, read when the loop has ended', () => {
  const chains: readonly [string, (listing: Listing<string>) => Listing<unknown>][] = [
    ['no operator', (listing) => listing],
    ['filter', (listing) => listing.filter(() => true)],
    ['map and take', (listing) => listing.map((letter) => letter.toUpperCase()).take(6)],
    ['drop', (listing) => listing.drop(1)],
    ['flatMap', (listing) => listing.flatMap((letter) => [letter, letter.toUpperCase()])],
    ['flatMap and filter', (listing) => listing.flatMap((letter) => [letter, letter]).filter(() => true)],
    ['mapAsync', (listing) => listing.mapAsync(async (letter) => letter)],
    ['mapAsync and map', (listing) => listing.mapAsync(async (letter) => letter).map((letter) => letter)],
    ['batch', (listing) => listing.batch(2)],
    ['batch and map', (listing) => listing.batch(2).map((letters) => letters.join())],
    ['pages', (listing) => listing.pages()],
    ['pages and flatMap', (listing) => listing.pages().flatMap(({ items }) => items)],
  ];

  for (const [name, chain] of chains) {
    it(`the cursor after the item at which a loop was left is the same after the loop, with ${name}`, async () => {
      const walk = chain(letters(['abc', 'def', 'gh'])).open();
      let [inside, count] = [walk.cursorAfter, 0];
      for await (const _ of walk) {
        inside = walk.cursorAfter;
        if (++count === 2) break;
      }
      expect(walk.cursorAfter).toEqual(inside);
      expect(walk.end?.reason).toBe('stopped');
    });

    it(`the cursor after the item at which a traversal was aborted is the same afterwards, with ${name}`, async () => {
      const abort = new AbortController();
      const walk = chain(letters(['abc', 'def', 'gh'])).open({ signal: abort.signal });
      let [inside, count] = [walk.cursorAfter, 0];
      const loop = async () => {
        for await (const _ of walk) {
          inside = walk.cursorAfter;
          if (++count === 2) abort.abort(new Error('enough'));
        }
      };
      await expect(loop()).rejects.toThrow('enough');
      expect(walk.cursorAfter).toEqual(inside);
      expect(walk.end?.reason).toBe('aborted');
    });
  }
});
