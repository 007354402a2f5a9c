import { describe, expect, it } from 'vitest';
import { Cursor } from '../../lib/core/cursor.js';
import type { PageturnError } from '../../lib/core/errors.js';
import { fromPages } from '../../lib/from-pages.js';
import type { Listing } from '../../lib/listing/listing.js';
import { modelService, type Person, stubborn } from './model-service.js';

/** What a listing gives from a cursor on. */
async function rest<T>(listing: Listing<T>, cursor: Cursor | undefined): Promise<T[]> {
  const values: T[] = [];
  for await (const value of listing.open({ from: Cursor.parse(JSON.stringify(cursor)) })) values.push(value);
  return values;
}

/** Reads until so many values were given; the last is in hand when it is left. Answers with the cursor. */
async function leaveAt<T>(listing: Listing<T>, count: number): Promise<Cursor> {
  const walk = listing.open();
  let left = count;
  for await (const _ of walk) if (--left === 0) break;
  return walk.cursor;
}

describe('flatMap', () => {
  it('whose iterable failed gives what was not given of it yet, in place and from its cursor', async () => {
    let isBroken = true;
    const halves = modelService(3)
      .listing()
      .flatMap(function* ({ id }) {
        yield `${id}a`;
        if (id === 'p1' && isBroken) throw new RangeError('half of it');
        yield `${id}b`;
      });
    const walk = halves.open();
    const seen: string[] = [];
    const failure = await (async () => {
      for await (const half of walk) seen.push(half);
    })().catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'ERR_CALLBACK_FAILED', cause: expect.any(RangeError) });
    isBroken = false;
    expect(await rest(halves, (failure as PageturnError).cursor)).toEqual(['p1b', 'p2a', 'p2b']);
    for await (const half of walk) seen.push(half);
    expect(seen).toEqual(['p0a', 'p0b', 'p1a', 'p1b', 'p2a', 'p2b']);
  });

  it('skips nothing of an item that only gives the same as the one that was opened', async () => {
    const service = modelService(3);
    const roles = service.listing().flatMap(() => ['admin', 'agent']);
    const cursor = await leaveAt(roles, 2);
    service.people.shift();
    expect(await rest(roles, cursor)).toEqual(['admin', 'agent', 'admin', 'agent']);
  });

  it('does not close an iterable that ended of itself when it aborted the traversal', async () => {
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

  it('gives an item anew where it gives other values now, but for those that were given', async () => {
    let tags = ['a', 'b', 'c', 'd'];
    const tagged = modelService(1)
      .listing()
      .flatMap(() => tags);
    const cursor = await leaveAt(tagged, 3);
    tags = ['d', 'a', 'e'];
    expect(await rest(tagged, cursor)).toEqual(['d', 'e']);
  });

  it('closes what a flatMap has open when the traversal is left', async () => {
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

  it('lets go of its request though an iterable of a flatMap will not be closed', async () => {
    const service = modelService(30);
    const walk = service
      .listing()
      .flatMap(() => stubborn([1]))
      .open();
    await walk.next();
    await expect(walk.return()).rejects.toMatchObject({
      code: 'ERR_CALLBACK_FAILED',
      cause: { message: 'not me' },
    });
    expect(service.signals[0]?.aborted).toBe(true);
  });
});

describe('what a flatMap gave of an item', () => {
  const twice = (listing: Listing<Person>) =>
    listing.flatMap(() => ['group']).flatMap((group) => [`${group} 1`, `${group} 2`]);
  const numbered = (listing: Listing<Person>) =>
    listing
      .map(({ id }) => ({ id: 'department', of: id }))
      .flatMap(({ of }) => ['1', '2'].map((id) => ({ id, of })));
  const mapped = (listing: Listing<Person>) =>
    listing
      .map(({ name }) => ({ id: 'department', name }))
      .flatMap(({ name }) => ['1', '2'].map((id) => ({ id, name })));

  it('is known by the key the caller gives, whatever else of the item changes', async () => {
    const nameless = (email: string) =>
      fromPages<{ mail: string; email: string }>(async () => ({ items: [{ mail: 'm', email }] }), {
        key: ({ mail }) => mail,
      }).flatMap(() => ['a', 'b']);
    const cursor = await leaveAt(nameless('old'), 2);
    expect(await rest(nameless('new'), cursor)).toEqual(['b']);
  });

  it('is skipped where the item has moved to another page, whether or not somebody asks for cursors', async () => {
    const service = modelService(6, 2);
    const cursor = await leaveAt(numbered(service.listing()), 2);
    const [first] = service.people.splice(0, 1) as [Person];
    service.people.push({ ...first, name: 'name-0003+' });
    for (const isAsked of [false, true]) {
      const walk = numbered(service.listing()).open({ from: cursor });
      const ofFirst: unknown[] = [];
      for await (const { id, of } of walk) {
        if (isAsked) expect(walk.cursor.version).toBe(1);
        if (of === 'p0') ofFirst.push(id);
      }
      expect(ofFirst).toEqual(['2']);
    }
  });

  it('is not skipped of another that is mapped to the same value', async () => {
    const service = modelService(2);
    const cursor = await leaveAt(mapped(service.listing()), 2);
    service.people.shift();
    expect(await rest(mapped(service.listing()), cursor)).toEqual([
      { id: '1', name: 'name-0001' },
      { id: '2', name: 'name-0001' },
    ]);
  });

  it('is not skipped of another that opens the same values within', async () => {
    const service = modelService(2);
    const cursor = await leaveAt(twice(service.listing()), 2);
    service.people.shift();
    expect(await rest(twice(service.listing()), cursor)).toEqual(['group 1', 'group 2']);
  });

  it('is skipped when the item comes, though another has come in front of it', async () => {
    const service = modelService(2);
    const cursor = await leaveAt(twice(service.listing()), 2);
    service.people.unshift({ id: 'p', name: 'name' });
    expect(await rest(twice(service.listing()), cursor)).toEqual([
      ...['group 1', 'group 2'],
      'group 2',
      ...['group 1', 'group 2'],
    ]);
  });

  it('is forgotten with the page it is on', async () => {
    const service = modelService(8);
    const cursor = await leaveAt(mapped(service.listing()), 2);
    service.people.shift();
    const walk = mapped(service.listing()).open({ from: cursor });
    const remembered: unknown[] = [];
    for await (const { id, name } of walk) {
      if (id === '1') remembered.push([name, walk.cursor.given !== undefined]);
    }
    expect(remembered.slice(0, 4)).toEqual([
      ['name-0001', true],
      ['name-0002', true],
      ['name-0003', true],
      ['name-0004', false],
    ]);
  });

  it('belongs to its item also behind a mapAsync that gave it out of order', async () => {
    const listing = (slowest: string | undefined) =>
      modelService(2)
        .listing()
        .mapAsync(
          async ({ id, name }) => {
            if (id === slowest) for (let turn = 0; turn < 50; turn++) await null;
            return { id: 'department', name };
          },
          { ordered: false },
        )
        .flatMap(({ name }) => [`${name} 1`, `${name} 2`, `${name} 3`]);
    const cursor = await leaveAt(listing('p0'), 3);
    expect(await rest(listing(undefined), cursor)).toEqual([
      ...['name-0000 1', 'name-0000 2', 'name-0000 3'],
      'name-0001 3',
    ]);
  });

  it('is in the cursor of a page in hand, too', async () => {
    const lots = modelService(3, 3)
      .listing()
      .flatMap(({ id }) => [`${id}a`, `${id}b`, `${id}c`])
      .take(4)
      .pages();
    const first = lots.open();
    for await (const _ of first);
    const second = lots.open({ from: first.cursor });
    for await (const { items } of second) {
      expect(items).toEqual(['p1b', 'p1c', 'p2a', 'p2b']);
      break;
    }
    expect((await rest(lots, second.cursor)).map(({ items }) => items)).toEqual([
      ['p1b', 'p1c', 'p2a', 'p2b'],
    ]);
  });
});
