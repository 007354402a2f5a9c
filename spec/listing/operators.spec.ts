import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { Cursor } from '../../lib/core/cursor.js';
import type { ListedPage } from '../../lib/core/page.js';
import type { Listing } from '../../lib/listing/listing.js';
import { memoryCheckpoint } from '../../lib/listing/traversal/memory-checkpoint.js';
import type { Traversal } from '../../lib/listing/traversal/traversal.js';
import { ids, modelService, type Person } from './model-service.js';

type Kind = 'filter' | 'map' | 'flatMap' | 'mapAsync';
type Look = (value: string, index: number) => void;

const isKept = (value: string) => [...value].reduce((sum, one) => sum + one.charCodeAt(0), 0) % 3 !== 0;
const longer = (value: string) => `${value}.`;
const twins = (value: string) => (value.startsWith('p2') ? [] : [`${value}a`, `${value}b`]);

/** An operator of each kind whose callback calls `look`. */
const OPERATORS: Record<Kind, (listing: Listing<string>, look: Look) => Listing<string>> = {
  filter: (listing, look) =>
    listing.filter((value, index) => {
      look(value, index);
      return isKept(value);
    }),
  map: (listing, look) =>
    listing.map((value, index) => {
      look(value, index);
      return longer(value);
    }),
  flatMap: (listing, look) =>
    listing.flatMap((value, index) => {
      look(value, index);
      return twins(value);
    }),
  mapAsync: (listing) => listing.mapAsync(async (value) => longer(value)),
};

const letters = () =>
  modelService(9)
    .listing()
    .map(({ id }) => id);

/** What comes out of a chain, and every call of its callbacks: place, value, index. */
function indexesInMemory(chain: readonly Kind[]) {
  const asked: string[] = [];
  let values = modelService(9).people.map(({ id }) => id);
  for (const [place, kind] of chain.entries()) {
    if (kind !== 'mapAsync') asked.push(...values.map((value, index) => `${place} ${value} ${index}`));
    if (kind === 'filter') values = values.filter(isKept);
    else values = kind === 'flatMap' ? values.flatMap(twins) : values.map(longer);
  }
  return { values, asked };
}

async function drainThroughFailures(walk: Traversal<string>): Promise<string[]> {
  const values: string[] = [];
  for (;;) {
    try {
      for (let next = await walk.next(); !next.done; next = await walk.next()) values.push(next.value);
      return values;
    } catch {
      // the next call continues in place
    }
  }
}

describe('an operator of a listing', () => {
  it('an operator returns a new listing and leaves the old one unchanged', async () => {
    const all = modelService(5).listing();
    const some = all.take(2);
    expect(await some.toArray()).toHaveLength(2);
    expect(await all.toArray()).toHaveLength(5);
    expect(await some.toArray()).toHaveLength(2);
  });

  it('the state of an operator lasts for one traversal', async () => {
    const distinct = modelService(5)
      .listing()
      .distinctBy(() => 'one')
      .drop(0);
    expect(await distinct.toArray()).toHaveLength(1);
    expect(await distinct.toArray()).toHaveLength(1);
  });

  it('a callback gets the index of its item, counted from 0', async () => {
    const seen: number[] = [];
    await modelService(5)
      .listing()
      .filter((_, index) => index !== 1)
      .map((_, index) => index)
      .forEach((index) => {
        seen.push(index);
      });
    expect(seen).toEqual([0, 1, 2, 3]);
  });

  it('a callback gets the same index as with an array, in any chain and after failures', async () => {
    const kinds = fc.array(fc.constantFrom<Kind>('filter', 'map', 'flatMap', 'mapAsync'), { maxLength: 7 });
    await fc.assert(
      fc.asyncProperty(kinds, fc.array(fc.nat(60), { maxLength: 3 }), async (chain, failures) => {
        const seen = new Set<string>();
        let calls = 0;
        const look = (place: number, value: string, index: number) => {
          if (failures.includes(calls++)) throw new Error('not this time');
          seen.add(`${place} ${value} ${index}`);
        };
        const { values, asked } = indexesInMemory(chain);
        const walk = chain
          .reduce((listing, kind, i) => OPERATORS[kind](listing, look.bind(undefined, i)), letters())
          .open();
        expect(await drainThroughFailures(walk)).toEqual(values);
        expect([...seen].sort()).toEqual(asked.sort());
      }),
      { numRuns: 500 },
    );
  });

  it('a filter with a type guard narrows the type of the items', () => {
    const listing = modelService(1)
      .listing()
      .map((one): Person | string => one);
    const isText = (value: Person | string): value is string => typeof value === 'string';
    expectTypeOf(listing.filter(isText)).toEqualTypeOf<Listing<string>>();
    expectTypeOf(listing.pages()).toEqualTypeOf<Listing<ListedPage<Person | string>>>();
    expectTypeOf(listing.batch(2)).toEqualTypeOf<Listing<(Person | string)[]>>();
    expectTypeOf(listing.flatMap(() => [1])).toEqualTypeOf<Listing<number>>();
    expectTypeOf(listing.mapAsync(async () => true)).toEqualTypeOf<Listing<boolean>>();
    expectTypeOf(listing.reduce((sum) => sum + 1, 0)).toEqualTypeOf<Promise<number>>();
  });

  it('a take sends no unnecessary request and ends as limit', async () => {
    const service = modelService(30);
    const walk = service.listing().take(6).open();
    for await (const _ of walk);
    expect(service.requests).toHaveLength(2);
    expect(walk.end?.reason).toBe('limit');
    const none = service.listing().take(0).open();
    for await (const _ of none);
    expect(service.requests).toHaveLength(2);
    expect(none.end?.reason).toBe('limit');
  });

  it('a take of exactly as many items as there are ends as limit, because it looks no further', async () => {
    const walk = modelService(3).listing().take(3).open();
    for await (const _ of walk);
    expect(walk.end?.reason).toBe('limit');
  });

  it('the last item of a take is acknowledged when the consumer asks for another one', async () => {
    const walk = modelService(5).listing().take(2).open();
    await walk.next();
    await walk.next();
    expect(walk.cursor).toMatchObject({ offset: 1 });
    await walk.next();
    expect(walk.cursor).toMatchObject({ offset: 2, key: 'p1' });
  });

  it('the item at which a takeWhile stops comes first in the next run', async () => {
    const service = modelService(8);
    const walk = service
      .listing()
      .takeWhile(({ id }) => id !== 'p4')
      .open();
    for await (const _ of walk);
    expect(walk.end?.reason).toBe('limit');
    const rest: Person[] = [];
    for await (const item of service.listing().open({ from: walk.cursor })) rest.push(item);
    expect(ids(rest)).toEqual(['p4', 'p5', 'p6', 'p7']);
  });

  it('a callback that throws fails the traversal, which loses nothing and can continue', async () => {
    let isBroken = true;
    const walk = modelService(8)
      .listing()
      .map((one, index) => ({ ...one, index }))
      .filter(({ id }) => {
        if (id === 'p4' && isBroken) throw new RangeError('not four');
        return true;
      })
      .open();
    const seen: (Person & { index: number })[] = [];
    const read = async () => {
      for await (const item of walk) seen.push(item);
    };
    await expect(read()).rejects.toMatchObject({
      code: 'ERR_CALLBACK_FAILED',
      message: 'the callback of filter failed: RangeError',
      cause: expect.any(RangeError),
      cursor: expect.objectContaining({ key: 'p3' }),
    });
    isBroken = false;
    await read();
    expect(ids(seen)).toEqual(['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7']);
    expect(seen.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('an item is acknowledged with the last value that a flatMap makes of it', async () => {
    const walk = modelService(3)
      .listing()
      .flatMap(({ id }) => [`${id}a`, `${id}b`])
      .open();
    const offsets: unknown[] = [];
    for await (const half of walk) offsets.push([half, walk.cursor.offset]);
    expect(offsets).toEqual([
      ['p0a', 0],
      ['p0b', 0],
      ['p1a', 1],
      ['p1b', 1],
      ['p2a', 2],
      ['p2b', 2],
    ]);
  });

  it.each<[string, (listing: Listing<Person>) => Listing<string>]>([
    ['one flatMap', (listing) => listing.flatMap(({ id }) => [`${id}a`, `${id}b`])],
    [
      'pages',
      (listing) => listing.pages().flatMap(({ items }) => items.flatMap(({ id }) => [`${id}a`, `${id}b`])),
    ],
    [
      'batches',
      (listing) => listing.batch(2).flatMap((some) => some.flatMap(({ id }) => [`${id}a`, `${id}b`])),
    ],
    [
      'two flatMaps',
      (listing) =>
        listing
          .batch(2)
          .flatMap((some) => [...some])
          .flatMap(({ id }) => [`${id}a`, `${id}b`]),
    ],
  ])(
    'a take that ends within the values of an item starts the next chunk with the rest of them (%s)',
    async (_how, open) => {
      const three = open(modelService(4).listing()).take(3);
      const chunks: string[][] = [];
      let from: Cursor | undefined;
      for (let end: string | undefined; end !== 'exhausted'; ) {
        const walk = three.open({ from });
        const chunk: string[] = [];
        for await (const half of walk) chunk.push(half);
        chunks.push(chunk);
        from = Cursor.parse(JSON.stringify(walk.cursor));
        end = walk.end?.reason;
      }
      expect(chunks).toEqual([
        ['p0a', 'p0b', 'p1a'],
        ['p1b', 'p2a', 'p2b'],
        ['p3a', 'p3b'],
      ]);
    },
  );
});

describe('a terminal', () => {
  const listing = () => modelService(7).listing();

  it('reduce, some, every and find give the same results as the array methods', async () => {
    expect(await listing().reduce((sum, _, index) => sum + index, 0)).toBe(21);
    expect(await listing().some(({ id }) => id === 'p6')).toBe(true);
    expect(await listing().some(({ id }) => id === 'p7')).toBe(false);
    expect(await listing().every(({ id }) => id !== 'p7')).toBe(true);
    expect(await listing().every(({ id }) => id !== 'p6')).toBe(false);
    expect(await listing().find(({ id }) => id === 'p5')).toMatchObject({ id: 'p5' });
    expect(await listing().find(() => false)).toBeUndefined();
  });

  it('reduce without an initial value starts with the first item, and rejects for an empty listing', async () => {
    const seen: number[] = [];
    const last = await listing().reduce((_, one, index) => {
      seen.push(index);
      return one;
    });
    expect([last.id, seen]).toEqual(['p6', [1, 2, 3, 4, 5, 6]]);
    await expect(
      modelService(0)
        .listing()
        .reduce((one) => one),
    ).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      message: 'the listing is empty, and reduce was given no initial value',
    });
    expect(await listing().reduce<unknown>((sum) => sum, undefined)).toBeUndefined();
  });

  it('take(Infinity) delivers every item, and drop(Infinity) none', async () => {
    const walk = listing().take(Number.POSITIVE_INFINITY).open();
    let count = 0;
    for await (const _ of walk) count++;
    expect([count, walk.end?.reason]).toEqual([7, 'exhausted']);
    expect(await listing().drop(Number.POSITIVE_INFINITY).toArray()).toEqual([]);
  });

  it('find stops at an item that is undefined', async () => {
    const looked: unknown[] = [];
    const found = await listing()
      .map(() => undefined)
      .find((value) => {
        looked.push(value);
        return true;
      });
    expect([found, looked.length]).toEqual([undefined, 1]);
  });

  it.each<[string, (listing: Listing<unknown>) => Promise<unknown>]>([
    ['toArray', (failing) => failing.toArray()],
    ['forEach', (failing) => failing.forEach(() => {})],
    ['find', (failing) => failing.find(() => false)],
  ])('%s closes the open iterable of a flatMap when it fails', async (_name, terminal) => {
    let isClosed = false;
    const opened = listing().flatMap(function* ({ id }) {
      try {
        yield id;
        yield id;
      } finally {
        isClosed = true;
      }
    });
    const failing = opened.map(() => {
      throw new Error('not me');
    });
    await expect(terminal(failing)).rejects.toThrow('callback of map failed');
    expect(isClosed).toBe(true);
  });

  it('find sends no more requests once it has found an item', async () => {
    const service = modelService(30);
    await service.listing().find(({ id }) => id === 'p1');
    expect(service.requests).toHaveLength(1);
  });

  it('forEach waits for an action that returns a promise', async () => {
    const log: string[] = [];
    await listing()
      .take(2)
      .forEach(async ({ id }) => {
        log.push(`${id} begins`);
        await Promise.resolve();
        log.push(`${id} ends`);
      });
    expect(log).toEqual(['p0 begins', 'p0 ends', 'p1 begins', 'p1 ends']);
  });
});

describe('pages()', () => {
  it('pages() delivers every page, empty ones too, with the items that passed and the rest of the response', async () => {
    const service = modelService(5);
    service.faults.set(1, async () => ({ items: [], next: 'name-0002x', total: 5 }));
    service.faults.set(2, async () => ({
      items: service.people.slice(3),
      next: undefined,
      total: 5,
      output: 'raw',
    }));
    const pages = await service
      .listing()
      .filter(({ id }) => id !== 'p3')
      .pages()
      .toArray();
    expect(pages.map(({ items, total, output }) => [ids(items), total, output])).toEqual([
      [['p0', 'p1', 'p2'], undefined, undefined],
      [[], 5, undefined],
      [['p4'], 5, 'raw'],
    ]);
  });

  it('pages() acknowledges a page as a whole', async () => {
    const service = modelService(8);
    const walk = service.listing().pages().open();
    await walk.next();
    await walk.next();
    expect(walk.cursor).toMatchObject({ token: 'name-0002', offset: 0 });
    const rest = [];
    for await (const { items } of service.listing().pages().open({ from: walk.cursor }))
      rest.push(ids(items));
    expect(rest).toEqual([
      ['p3', 'p4', 'p5'],
      ['p6', 'p7'],
    ]);
  });

  it('pages() passes on the total and the raw output of the response', async () => {
    const service = modelService(1);
    service.faults.set(0, async () => ({ items: [], next: undefined, total: 7, output: { raw: true } }));
    expect(await service.listing().pages().toArray()).toEqual([
      { items: [], total: 7, output: { raw: true } },
    ]);
  });

  it('pages() is refused after mapAsync and batch, whose results do not belong to a page', () => {
    const listing = modelService(1).listing();
    expect(() => listing.batch(2).pages()).toThrow(/before mapAsync, batch or pages/);
    expect(() => listing.mapAsync((one) => one).pages()).toThrow(/before mapAsync/);
  });
});

describe('a bad argument', () => {
  const listing = modelService(3).listing();

  it.each([
    ['take', () => listing.take(-1), /take must be a whole number from 0, received -1/],
    ['take', () => listing.take(1.5), /received 1.5/],
    ['drop', () => listing.drop(Number.NaN), /drop must be a whole number from 0, received NaN/],
    ['batch', () => listing.batch(0), /batch size must be a whole number from 1, received 0/],
    ['batch', () => listing.batch(2, { maxWaitMs: -1 }), /maxWaitMs must be/],
    ['prefetch', () => listing.prefetch(-1), /prefetch must be/],
    ['mapAsync', () => listing.mapAsync((one) => one, { concurrency: 0 }), /concurrency must be/],
    [
      'mapAsync',
      () => listing.mapAsync((one) => one, { ordered: 'no' as never }),
      /ordered must be true or false, received "no"/,
    ],
    [
      'mapAsync',
      () => listing.mapAsync((one) => one, { concurency: 2 } as never),
      /unknown option "concurency" in options of mapAsync; known are concurrency, ordered/,
    ],
    ['batch', () => listing.batch(2, { maxWait: 5 } as never), /"maxWait".*maxWaitMs/],
    ['open', () => listing.open({ form: undefined } as never), /"form".*from, signal/],
    ['open', () => listing.open({ signal: new AbortController() as never }), /signal must be an AbortSignal/],
    [
      'resume',
      () => listing.resume('users.json' as never),
      /store of resume must be a checkpoint, such as fileCheckpoint/,
    ],
    ['resume', () => listing.resume(memoryCheckpoint(), { every: 5 } as never), /"every".*everyMs/],
    ['the listing', () => modelService(3).listing({ signal: 5 as never }), /signal must be an AbortSignal/],
    ['the listing', () => modelService(3).listing({ key: 'Id' as never }), /key must be a function/],
    [
      'the listing',
      () => modelService(3).listing({ onCycle: 'x' as never }),
      /onCycle must be 'fail' or 'stop', received "x"/,
    ],
    [
      'the listing',
      () => modelService(3).listing({ onTokenRejected: 'x' as never }),
      /onTokenRejected must be/,
    ],
    ['filter', () => listing.filter('x' as never), /callback of filter must be a function, received "x"/],
    ['map', () => listing.map(undefined as never), /callback of map must be a function/],
  ])('a bad argument of %s is named before anything is sent', (_name, call, message) => {
    expect(call).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT', message: expect.stringMatching(message) }),
    );
  });

  it.each([
    ['filter', () => listing.filter((async () => true) as never)],
    ['map', () => listing.map(async (one) => one)],
    ['tap', () => listing.tap(async () => {})],
    ['takeWhile', () => listing.takeWhile((async () => true) as never)],
    ['dropWhile', () => listing.dropWhile((async () => true) as never)],
    ['distinctBy', () => listing.distinctBy(async () => 1)],
    ['flatMap', () => listing.flatMap((async () => []) as never)],
  ])('an async callback of %s is refused with a hint at mapAsync', async (name, make) => {
    await expect((make() as Listing<unknown>).toArray()).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      message: `the callback of ${name} returned a promise; use mapAsync for asynchronous work`,
    });
  });

  it('a map that returns a promise for some items fails at the first of them', async () => {
    const walk = listing.map((one) => (one.id === 'p1' ? Promise.resolve(one) : one)).open();
    expect(await walk.next()).toMatchObject({ value: { id: 'p0' } });
    await expect(walk.next()).rejects.toThrow(/callback of map returned a promise/);
  });

  it.each(['some', 'every', 'find'] as const)('an async predicate of %s is refused', async (name) => {
    await expect(listing[name]((async () => true) as never)).rejects.toThrow(/use mapAsync/);
  });

  it('a flatMap callback that returns a string, or nothing iterable, is refused', async () => {
    await expect(listing.flatMap(() => 'abc').toArray()).rejects.toThrow(/must return an iterable/);
    await expect(listing.flatMap(() => 7 as never).toArray()).rejects.toThrow(/must return an iterable/);
    const iterable = { [Symbol.iterator]: () => true } as never;
    await expect(listing.flatMap(() => iterable).toArray()).rejects.toThrow(/must return an iterable/);
  });
});
