import { describe, expect, it } from 'vitest';
import { fromPages } from '../../lib/from-pages.js';
import type { Listing } from '../../lib/listing/listing.js';
import { memoryCheckpoint } from '../../lib/listing/traversal/memory-checkpoint.js';

function listingOf<T>(pages: readonly (readonly T[])[]): Listing<T> {
  return fromPages<T>(
    async (token) => {
      const page = Number(token ?? 0);
      return {
        items: [...(pages[page] ?? [])],
        next: page + 1 < pages.length ? String(page + 1) : undefined,
      };
    },
    { query: { operation: 'letters' } },
  );
}

const numbers = () =>
  listingOf([
    [1, 2, 3],
    [4, 5, 6],
    [7, 8],
  ]);
const ALL = [1, 2, 3, 4, 5, 6, 7, 8];

/** A callback that looks at a number before it answers. */
function looking<R>(look: (n: number) => void, answer: (n: number) => R): (n: number) => R {
  return (n) => {
    look(n);
    return answer(n);
  };
}

describe('next() within a callback of its own traversal', () => {
  const OPERATORS: readonly (readonly [string, (look: (n: number) => void) => Listing<unknown>])[] = [
    ['filter', (look) => numbers().filter(looking(look, () => true))],
    ['map', (look) => numbers().map(looking(look, (n) => n))],
    ['tap', (look) => numbers().tap(look)],
    ['flatMap', (look) => numbers().flatMap(looking(look, (n) => [n]))],
    ['takeWhile', (look) => numbers().takeWhile(looking(look, () => true))],
    ['dropWhile', (look) => numbers().dropWhile(looking(look, () => false))],
    ['distinctBy', (look) => numbers().distinctBy(looking(look, (n) => n))],
    [
      'tap before batch',
      (look) =>
        numbers()
          .tap(look)
          .batch(1)
          .map(([n]) => n),
    ],
    [
      'tap before mapAsync',
      (look) =>
        numbers()
          .tap(look)
          .mapAsync((n) => n, { concurrency: 1 }),
    ],
    [
      'tap before pages',
      (look) =>
        numbers()
          .tap(look)
          .pages()
          .flatMap(({ items }) => items),
    ],
  ];

  it.each(OPERATORS)(
    'next() within a callback of %s is refused, and every value comes once and in order',
    async (_name, build) => {
      for (const at of [1, 2, 4, 8]) {
        for (const isThrowing of [false, true]) {
          const inner: Promise<unknown>[] = [];
          const walk = build((n) => {
            if (n !== at || inner.length > 0) return;
            inner.push(walk.next().catch((error: unknown) => error));
            if (isThrowing) throw new Error('mine');
          }).open();
          const values: unknown[] = [];
          while (walk.end?.reason !== 'exhausted') {
            try {
              const { value, done } = await walk.next();
              if (!done) values.push(value);
            } catch (error) {
              expect(error).toMatchObject({ code: 'ERR_CALLBACK_FAILED' });
            }
          }
          const [answer] = await Promise.all(inner);
          // A stage that works ahead of its consumer calls back when no value is being taken: then next() waits its turn.
          const { value } = (answer ?? {}) as { value?: unknown };
          if (value === undefined) expect(values).toEqual(ALL);
          else expect([...values, value].sort()).toEqual(ALL);
        }
      }
    },
  );

  it('the error of next() within a callback says that it was called from one', async () => {
    const inner: Promise<unknown>[] = [];
    const walk = numbers()
      .tap(() => void inner.push(walk.next().catch((error: unknown) => error)))
      .open();
    await walk.next();
    expect(await inner[0]).toMatchObject({
      code: 'ERR_TRAVERSAL_BUSY',
      message: expect.stringContaining('open() another one for a callback'),
    });
    await walk.return();
  });
});

describe('next() within an asynchronous callback of its own traversal', () => {
  const afterLook = (look: () => Promise<unknown>) => async (n: number) => {
    await look();
    return n;
  };
  type Walk = ReturnType<Listing<number>['open']>;
  const CALLBACKS: readonly (readonly [string, (look: () => Promise<unknown>) => Walk])[] = [
    ['mapAsync', (look) => numbers().mapAsync(afterLook(look)).open()],
    [
      'mapAsync before a filter and a batch',
      (look) =>
        numbers()
          .mapAsync(afterLook(look), { concurrency: 2, ordered: false })
          .filter(() => true)
          .batch(2)
          .flatMap((batch) => [...batch])
          .open(),
    ],
    [
      'a fetch',
      (look) =>
        fromPages<number>(async () => {
          await look();
          return { items: ALL, next: undefined };
        }).open(),
    ],
    [
      'a fetch ahead',
      (look) =>
        fromPages<number>(async (token) => {
          if (token !== undefined) await look();
          return token === undefined
            ? { items: [1, 2, 3], next: 'b' }
            : { items: ALL.slice(3), next: undefined };
        })
          .prefetch(1)
          .open(),
    ],
    [
      'the save of a store',
      (look) => {
        const store = memoryCheckpoint();
        const save: typeof store.save = async (key, cursor) => {
          await look();
          await store.save(key, cursor);
        };
        return numbers().resume({ ...store, save }, { everyMs: 0 });
      },
    ],
    [
      'the load of a store',
      (look) => {
        const store = memoryCheckpoint();
        const load: typeof store.load = async (key) => {
          await look();
          return store.load(key);
        };
        return numbers().resume({ ...store, load });
      },
    ],
    [
      'the lock of a store',
      (look) => {
        const lock = async () => {
          await look();
          return async () => {};
        };
        return numbers().resume({ ...memoryCheckpoint(), lock });
      },
    ],
    [
      'the unlock of a store',
      (look) => {
        const unlock = async () => void (await look());
        return numbers().resume({ ...memoryCheckpoint(), lock: async () => unlock });
      },
    ],
    [
      'the clear of a store',
      (look) => {
        const store = memoryCheckpoint();
        const clear: typeof store.clear = async (key) => {
          await look();
          await store.clear(key);
        };
        return numbers().resume({ ...store, clear });
      },
    ],
  ];

  it.each(CALLBACKS)(
    'next() within %s is refused instead of waiting for itself, and every value comes once',
    async (_name, build) => {
      const refusals = new Set<unknown>();
      const walk = build(() => walk.next().catch((error: { code: string }) => refusals.add(error.code)));
      const values: number[] = [];
      for await (const n of walk) values.push(n);
      expect(values.sort()).toEqual(ALL);
      expect([...refusals]).toEqual(['ERR_TRAVERSAL_BUSY']);
    },
  );

  it('next() calls that overlap are still answered in turn while callbacks of mapAsync run', async () => {
    const walk = numbers()
      .mapAsync(afterLook(() => new Promise((resolve) => setImmediate(resolve))))
      .open();
    const answers = await Promise.all(ALL.map(() => walk.next()));
    expect(answers.map(({ value }) => value)).toEqual(ALL);
  });
});

describe('a consumer that writes into the items of a page', () => {
  const WRITES: readonly (readonly [string, (items: number[]) => void])[] = [
    ['empties them', (items) => void items.splice(0)],
    ['replaces them', (items) => void items.fill(0)],
    ['adds to them', (items) => void items.push(9, 9, 9)],
    ['sorts them', (items) => void items.reverse()],
  ];

  it.each(WRITES)(
    'a consumer that writes into the items of a page and %s changes no cursor',
    async (_how, write) => {
      for (const listing of [numbers(), numbers().filter(() => true)]) {
        for (const count of [1, 2, 3]) {
          const read = async (touch: (items: number[]) => void) => {
            const walk = listing.pages().take(count).open();
            for await (const { items } of walk) touch(items as number[]);
            return walk.cursor;
          };
          expect(await read(write)).toEqual(await read(() => {}));
        }
      }
    },
  );

  it.each(WRITES)(
    'a consumer that writes into the items of a page and %s within a flatMap gets every item once',
    async (_how, write) => {
      const store = memoryCheckpoint();
      const seen: number[] = [];
      for (let run = 0; run < 9; run++) {
        const copies = numbers()
          .pages()
          .flatMap(({ items }) => {
            const copy = [...items];
            write(items as number[]);
            return copy;
          });
        for await (const item of copies.take(1).resume(store)) seen.push(item);
      }
      expect(seen.slice(0, 8)).toEqual(ALL);
    },
  );
});

interface Odd {
  readonly Id?: string;
  readonly rest?: string;
}
const unreadable = (): Odd => ({
  get Id(): string {
    throw new Error('no id');
  },
});
const partly = (Id: string): Odd => ({
  Id,
  get rest(): string {
    throw new Error('no rest');
  },
});

describe('an item that cannot be read', () => {
  it('an item whose identity cannot be read is ERR_PAGE_INVALID, with what it threw as the cause', async () => {
    await expect(listingOf([[unreadable()]]).toArray()).rejects.toMatchObject({
      code: 'ERR_PAGE_INVALID',
      message: expect.stringContaining('option key'),
      cause: { message: 'no id' },
    });
  });

  it('an unreadable item in the middle of a page is delivered; reading the cursor after it throws', async () => {
    const walk = listingOf([[{ Id: 'a' }, unreadable(), { Id: 'c' }]]).open();
    for (let i = 0; i < 2; i++) await walk.next();
    expect(walk.cursor.key).toBe('a');
    expect(() => walk.cursorAfter).toThrow(expect.objectContaining({ code: 'ERR_PAGE_INVALID' }));
    expect(await walk.next()).toEqual({ value: { Id: 'c' }, done: false });
  });

  it('an unreadable item ends a resumed run with ERR_PAGE_INVALID, and the lock is released', async () => {
    const store = memoryCheckpoint();
    const listing = listingOf([[{ Id: 'a' }, unreadable(), { Id: 'c' }]]);
    const walk = listing.resume(store);
    for (let i = 0; i < 3; i++) await walk.next();
    await expect(walk.return()).rejects.toMatchObject({ code: 'ERR_PAGE_INVALID' });
    expect(await listing.resume(store).next()).toMatchObject({ done: false });
  });

  it('an item of which only the identity can be read passes every operator', async () => {
    const rows = () => listingOf([[partly('a'), partly('b')], [partly('c')]]);
    const ids = async (listing: Listing<Odd>) => (await listing.toArray()).map(({ Id }) => Id);
    expect(await ids(rows())).toEqual(['a', 'b', 'c']);
    expect(await ids(rows().flatMap((row) => [row]))).toEqual(['a', 'b', 'c']);
    expect(
      await ids(
        rows()
          .pages()
          .flatMap(({ items }) => items),
      ),
    ).toEqual(['a', 'b', 'c']);
    expect(
      await ids(
        rows()
          .batch(2)
          .flatMap((batch) => [...batch]),
      ),
    ).toEqual(['a', 'b', 'c']);
  });

  it('an item of which only the identity can be read keeps its position within a flatMap', async () => {
    const rows = () =>
      listingOf([[partly('a'), partly('b')], [partly('c')]]).flatMap(({ Id }) => [`${Id}1`, `${Id}2`]);
    const store = memoryCheckpoint();
    const seen: string[] = [];
    for (let run = 0; run < 6; run++) for await (const one of rows().take(1).resume(store)) seen.push(one);
    expect(seen).toEqual(['a1', 'a2', 'b1', 'b2', 'c1', 'c2']);
  });
});

describe('an item that is 20,000 levels deep', () => {
  const deep = (Id?: string): object => {
    let value: object = {};
    for (let i = 0; i < 20_000; i++) value = { value };
    return Id === undefined ? value : { Id, value };
  };

  it.each<[string, (listing: Listing<object>) => Listing<unknown>]>([
    ['nothing', (listing) => listing],
    ['flatMap', (listing) => listing.flatMap((item) => [item])],
    ['pages', (listing) => listing.pages().flatMap(({ items }) => items)],
    ['batch', (listing) => listing.batch(2).flatMap((batch) => [...batch])],
    ['mapAsync', (listing) => listing.mapAsync((item) => item)],
    ['distinctBy', (listing) => listing.distinctBy((item) => item)],
  ])(
    'an item that is 20,000 levels deep passes %s by its identifier, and has a cursor',
    async (_name, through) => {
      const walk = through(listingOf([[deep('a'), deep('b')], [deep('c')]])).open();
      let count = 0;
      for await (const _ of walk) if (walk.cursor && walk.cursorAfter) count++;
      expect(count).toBe(3);
    },
  );

  it('a deep item without an identifier is delivered, or refused with a code', async () => {
    const walk = listingOf([[deep()]]).open();
    const answer = await walk.next().catch((error: unknown) => error);
    expect(answer).toSatisfy(
      (one: { done?: boolean; code?: string }) => one.done === false || one.code === 'ERR_PAGE_INVALID',
    );
  });
});
