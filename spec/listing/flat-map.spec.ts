import { describe, expect, it } from 'vitest';
import { Cursor } from '../../lib/core/cursor.js';
import type { PageturnError } from '../../lib/core/errors.js';
import { fromPages } from '../../lib/from-pages.js';
import type { Listing } from '../../lib/listing/listing.js';
import { ignore, modelService, type Person, stubborn } from './model-service.js';

/** What a listing delivers from a cursor on. */
async function rest<T>(listing: Listing<T>, cursor: Cursor | undefined): Promise<T[]> {
  const values: T[] = [];
  for await (const value of listing.open({ from: Cursor.parse(JSON.stringify(cursor)) })) values.push(value);
  return values;
}

/** Reads `count` values, the last of which is not acknowledged. Returns the cursor. */
async function leaveAt<T>(listing: Listing<T>, count: number): Promise<Cursor> {
  const walk = listing.open();
  let left = count;
  for await (const _ of walk) if (--left === 0) break;
  return walk.cursor;
}

const halves = ({ id }: Person) => [`${id}a`, `${id}b`, `${id}c`];

describe('a cursor within the values of one item', () => {
  it('a cursor within an item holds one count, however many values were acknowledged', async () => {
    const many = modelService(2)
      .listing()
      .flatMap(() => Array.from({ length: 50_000 }, (_, i) => i));
    const cursor = await leaveAt(many, 50_000);
    expect(cursor.flat).toEqual({ '0.flatMap': { item: expect.any(String), count: 49_999 } });
    expect(JSON.stringify(cursor.flat).length).toBeLessThan(110);
    expect((await rest(many, cursor)).slice(0, 2)).toEqual([49_999, 0]);
  });

  it('an item that has changed is delivered again from its first value', async () => {
    const tagged = (tags: readonly string[]) =>
      fromPages<{ id: string; tags: readonly string[] }>(async () => ({
        items: [{ id: 'p0', tags }],
        next: undefined,
      })).flatMap((person) => person.tags);
    const cursor = await leaveAt(tagged(['a', 'b', 'c', 'd']), 3);
    expect(await rest(tagged(['a', 'b', 'c', 'd']), cursor)).toEqual(['c', 'd']);
    expect(await rest(tagged(['d', 'a', 'e']), cursor)).toEqual(['d', 'a', 'e']);
  });

  it.each([
    ['a set', (tags: string[]) => new Set(tags)],
    ['a map', (tags: string[]) => new Map(tags.map((tag) => [tag, tag]))],
  ])('a change within %s, which JSON does not show, is noticed', async (_what, collect) => {
    const tagged = (tags: string[]) =>
      fromPages(async () => ({ items: [{ id: 'p0', tags: collect(tags) }], next: undefined })).flatMap(
        (person) => [...person.tags.keys()],
      );
    const cursor = await leaveAt(tagged(['a', 'b', 'c']), 3);
    expect(await rest(tagged(['a', 'b', 'c']), cursor)).toEqual(['c']);
    expect(await rest(tagged(['x', 'y', 'z']), cursor)).toEqual(['x', 'y', 'z']);
  });

  it('an item is recognised even if the mapper or the consumer has modified it', async () => {
    const queues = () =>
      fromPages<{ id: string; queue: string[] }>(async () => ({
        items: [{ id: 'p0', queue: ['a', 'b', 'c'] }],
        next: undefined,
      })).flatMap(({ queue }) => queue.splice(0));
    expect(await rest(queues(), await leaveAt(queues(), 2))).toEqual(['b', 'c']);
  });

  it('a page is recognised by the keys of its items, not by its output or its total', async () => {
    let total = 0;
    const paged = modelService(2).listing({
      fetchPage: async () => ({
        items: modelService(2).people,
        next: undefined,
        total: ++total,
        output: { total },
      }),
    });
    const names = paged.pages().flatMap(({ items }) => items.map(({ id }) => id));
    expect(await rest(names, await leaveAt(names, 2))).toEqual(['p1']);
  });

  it('nothing is skipped of another item that is mapped to the same value', async () => {
    const service = modelService(2);
    const roles = () => service.listing().flatMap(() => ['admin', 'agent']);
    const departments = () =>
      service
        .listing()
        .mapAsync(async () => ({ id: 'department' }))
        .flatMap(() => ['admin', 'agent']);
    const cursors = [await leaveAt(roles(), 2), await leaveAt(departments(), 2)];
    service.people.shift();
    expect(await rest(roles(), cursors[0])).toEqual(['admin', 'agent']);
    expect(await rest(departments(), cursors[1])).toEqual(['admin', 'agent']);
  });

  it('acknowledged values are skipped when their item arrives, even if another item was inserted before it', async () => {
    const service = modelService(2);
    const all = () => service.listing().flatMap(halves);
    const cursor = await leaveAt(all(), 2);
    service.people.unshift({ id: 'p', name: 'name' });
    expect(await rest(all(), cursor)).toEqual(['pa', 'pb', 'pc', 'p0b', 'p0c', 'p1a', 'p1b', 'p1c']);
  });

  it('the count of an item that was deleted is forgotten once its page is done', async () => {
    const service = modelService(8);
    const all = () => service.listing().flatMap(({ id }) => [id]);
    const nested = () => service.listing().flatMap(halves);
    const cursor = await leaveAt(nested(), 2);
    service.people.shift();
    const walk = nested().open({ from: cursor });
    const remembers: boolean[] = [];
    for await (const half of walk) if (half.endsWith('a')) remembers.push(walk.cursor.flat !== undefined);
    expect(remembers).toEqual([true, true, true, false, false, false, false]);
    expect(await all().toArray()).toHaveLength(7);
  });

  it('a cursor within nested flatMaps holds one count for each', async () => {
    const nested = modelService(2)
      .listing()
      .flatMap(halves)
      .filter((half) => !half.endsWith('a'))
      .flatMap((half) => [`${half}1`, `${half}2`, `${half}3`]);
    const all = await nested.toArray();
    for (let count = 1; count <= all.length; count++) {
      expect(await rest(nested, await leaveAt(nested, count))).toEqual(all.slice(count - 1));
    }
  });

  it('nothing is skipped of a value that comes in place of the one a nested flatMap was in', async () => {
    const kept = (dropped: string) =>
      modelService(1)
        .listing()
        .flatMap(halves)
        .filter((half) => half !== dropped)
        .flatMap((half) => [`${half}1`, `${half}2`]);
    const cursor = await leaveAt(kept(''), 4);
    expect(await rest(kept(''), cursor)).toEqual(['p0b2', 'p0c1', 'p0c2']);
    expect(await rest(kept('p0b'), cursor)).toEqual(['p0c1', 'p0c2']);
  });

  it('a cursor within an item works after a batch and an ordered mapAsync', async () => {
    const listing = modelService(6)
      .listing()
      .mapAsync(async (person) => person)
      .batch(2)
      .flatMap((pair) => pair.flatMap(halves));
    const all = await listing.toArray();
    for (let count = 1; count <= all.length; count++) {
      expect(await rest(listing, await leaveAt(listing, count))).toEqual(all.slice(count - 1));
    }
  });

  it('after an unordered mapAsync an item is delivered again from its first value', async () => {
    const listing = modelService(2)
      .listing()
      .mapAsync(async (person) => person, { ordered: false })
      .flatMap(halves);
    const cursor = await leaveAt(listing, 3);
    expect(cursor.flat).toBeUndefined();
    expect(await rest(listing, cursor)).toEqual(['p0a', 'p0b', 'p0c', 'p1a', 'p1b', 'p1c']);
  });
});

describe('a limit after a flatMap', () => {
  const chunksOf = async (listing: Listing<string>, most: number) => {
    const chunks: string[][] = [];
    let from: Cursor | undefined;
    for (let run = 0; run < most; run++) {
      const walk = listing.open({ from });
      const chunk: string[] = [];
      for await (const value of walk) chunk.push(value);
      chunks.push(chunk);
      if (walk.end?.reason === 'exhausted') break;
      from = Cursor.parse(JSON.stringify(walk.cursor));
    }
    return chunks;
  };

  it('a limit after a flatMap continues within the item, even if one item has more values than the limit', async () => {
    expect(await chunksOf(modelService(2).listing().flatMap(halves).take(2), 5)).toEqual([
      ['p0a', 'p0b'],
      ['p0c', 'p1a'],
      ['p1b', 'p1c'],
      [],
    ]);
  });

  it('a limit after a flatMap and an unordered mapAsync repeats an item rather than losing its values', async () => {
    const listing = modelService(2)
      .listing()
      .mapAsync(async (person) => person, { ordered: false })
      .flatMap(halves)
      .take(2);
    expect(await chunksOf(listing, 3)).toEqual([
      ['p0a', 'p0b'],
      ['p0a', 'p0b'],
      ['p0a', 'p0b'],
    ]);
  });

  it('a limit closes the iterable it stops in', async () => {
    let closed = 0;
    const listing = modelService(2)
      .listing()
      .flatMap(function* ({ id }) {
        try {
          for (;;) yield id;
        } finally {
          closed++;
        }
      })
      .take(1_000);
    expect(await listing.toArray()).toHaveLength(1_000);
    expect(closed).toBe(1);
  });

  it('the cursor of pages() holds the position of a limit within an item', async () => {
    const pages = modelService(3, 3).listing().flatMap(halves).take(4).pages();
    const first = pages.open();
    for await (const _ of first);
    const second = pages.open({ from: first.cursor });
    for await (const { items } of second) {
      expect(items).toEqual(['p1b', 'p1c', 'p2a', 'p2b']);
      break;
    }
    expect((await rest(pages, second.cursor)).map(({ items }) => items)).toEqual([
      ['p1b', 'p1c', 'p2a', 'p2b'],
    ]);
  });
});

describe('a flatMap whose iterable or next operator fails', () => {
  it('after a failure a flatMap delivers the rest of the item, in place and from the cursor', async () => {
    let isBroken = true;
    const listing = modelService(3)
      .listing()
      .flatMap(function* ({ id }) {
        yield `${id}a`;
        if (id === 'p1' && isBroken) throw new RangeError('half of it');
        yield `${id}b`;
      });
    const walk = listing.open();
    const seen: string[] = [];
    const failure = await (async () => {
      for await (const half of walk) seen.push(half);
    })().catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'ERR_CALLBACK_FAILED', cause: expect.any(RangeError) });
    isBroken = false;
    expect(await rest(listing, (failure as PageturnError).cursor)).toEqual(['p1b', 'p2a', 'p2b']);
    for await (const half of walk) seen.push(half);
    expect(seen).toEqual(['p0a', 'p0b', 'p1a', 'p1b', 'p2a', 'p2b']);
  });

  it('a distinctBy before a flatMap does not drop the rest of an item after a failure', async () => {
    let failures = 1;
    const walk = modelService(2)
      .listing()
      .distinctBy(({ id }) => id)
      .flatMap(halves)
      .tap((half) => {
        if (half === 'p0c' && failures-- > 0) throw new Error('not this time');
      })
      .open();
    const seen: string[] = [];
    const read = async () => {
      for await (const half of walk) seen.push(half);
    };
    await expect(read()).rejects.toMatchObject({ code: 'ERR_CALLBACK_FAILED' });
    await read();
    expect(seen).toEqual(['p0a', 'p0b', 'p0c', 'p1a', 'p1b', 'p1c']);
  });

  it('a mapper that fails while it is replayed skips nothing twice', async () => {
    const listing = modelService(1).listing().flatMap(halves);
    const cursor = await leaveAt(listing, 3);
    let failures = 1;
    const failing = modelService(1)
      .listing()
      .flatMap(function* (person) {
        if (failures-- > 0) throw new Error('not this time');
        yield* halves(person);
      });
    const walk = failing.open({ from: cursor });
    await expect(walk.next()).rejects.toMatchObject({ code: 'ERR_CALLBACK_FAILED' });
    expect(await walk.next()).toEqual({ value: 'p0c', done: false });
  });
});

describe('the iterables of a flatMap', () => {
  it('break closes the open iterable of a flatMap', async () => {
    const closed: string[] = [];
    function* twice({ id }: Person) {
      try {
        yield id;
        yield id;
      } finally {
        closed.push(id);
      }
    }
    for await (const _ of modelService(3).listing().flatMap(twice)) break;
    expect(closed).toEqual(['p0']);
  });

  it('an iterable that has ended is not closed again', async () => {
    const controller = new AbortController();
    let closed = 0;
    const last = {
      next: () => {
        controller.abort('enough');
        return { value: undefined, done: true };
      },
      return: () => ({ value: closed++, done: true }),
    };
    const walk = modelService(1)
      .listing()
      .flatMap(() => ({ [Symbol.iterator]: () => last }))
      .open({ signal: controller.signal });
    await expect(walk.next()).rejects.toBe('enough');
    expect(closed).toBe(0);
  });

  it('return() cancels the pending request even if an iterable throws when it is closed', async () => {
    const service = modelService(30);
    service.faults.set(1, ignore);
    const walk = service
      .listing()
      .flatMap(() => stubborn([1]))
      .prefetch(1)
      .open();
    await walk.next();
    await new Promise(setImmediate);
    await expect(walk.return()).rejects.toMatchObject({
      code: 'ERR_CALLBACK_FAILED',
      cause: { message: 'not me' },
    });
    expect(service.signals[1]?.aborted).toBe(true);
  });
});

it('a flatMap skips nothing of an equal item after the page where an earlier run left off', async () => {
  let first = [{ v: 0 }, { v: 1 }];
  const listing = () =>
    fromPages(async (token) =>
      token === undefined ? { items: first, next: 'two' } : { items: [{ v: 1 }], next: undefined },
    ).flatMap(({ v }) => [`${v}a`, `${v}b`]);
  const walk = listing().open();
  for await (const value of walk) if (value === '1b') break;
  first = [{ v: 0 }];
  const rest: string[] = [];
  for await (const value of listing().open({ from: walk.cursor })) rest.push(value);
  expect(rest).toEqual(['1a', '1b']);
});
