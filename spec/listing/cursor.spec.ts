import { describe, expect, it } from 'vitest';
import { Cursor } from '../../lib/core/cursor.js';
import { queryOf } from '../../lib/core/query-of.js';
import { seenDigest } from '../../lib/core/seen-digest.js';
import type { Listing } from '../../lib/listing/listing.js';
import { memoryCheckpoint } from '../../lib/listing/traversal/memory-checkpoint.js';
import { ids, modelService, type Person } from './model-service.js';

const query = queryOf('ListPeople', { Team: 'red', Tags: ['a', 'b'] });
const cursor: Cursor = { version: 2, token: 't', offset: 2, key: 'p1', pageSize: 3, query };

describe('a cursor', () => {
  it('a cursor is plain JSON', async () => {
    const walk = modelService(9).listing().open();
    for (let i = 0; i < 5; i++) await walk.next();
    expect(JSON.parse(JSON.stringify(walk.cursor))).toEqual(walk.cursor);
    expect(walk.cursor).toMatchObject({
      version: 2,
      token: 'name-0002',
      offset: 1,
      key: 'p3',
      pageSize: 3,
      query: { operation: 'ListPeople' },
    });
  });

  it('a cursor can be read before the first item, after each item and at the end', async () => {
    const walk = modelService(4).listing().open();
    const offsets = [walk.cursor.offset];
    for await (const _ of walk) offsets.push(walk.cursor.offset);
    expect([...offsets, walk.cursor.offset]).toEqual([0, 0, 1, 2, 0, 1]);
  });

  it('the cursor of an exhausted listing is refused, because there is nothing to resume', async () => {
    const service = modelService(4);
    const walk = service.listing().open();
    for await (const _ of walk);
    expect(walk.cursor.exhausted).toBe(true);
    expect(() => service.listing().open({ from: walk.cursor })).toThrow(
      expect.objectContaining({ code: 'ERR_CURSOR_EXHAUSTED' }),
    );
  });

  it('the cursor of a limit at the very last item opens to nothing, and that traversal ends as exhausted', async () => {
    const some = modelService(4).listing().take(4);
    const walk = some.open();
    for await (const _ of walk);
    expect([walk.end?.reason, walk.cursor.exhausted]).toEqual(['limit', undefined]);
    const rest = some.open({ from: walk.cursor });
    expect(await rest.next()).toMatchObject({ done: true });
    expect(rest.end?.reason).toBe('exhausted');
  });

  it('cursorAfter continues with the next item and keeps what the operators have counted', async () => {
    const some = modelService(9)
      .listing()
      .drop(1)
      .flatMap(({ id }) => [`${id}a`, `${id}b`])
      .take(9);
    const expected = await some.toArray();
    const seen: string[] = [];
    let from: Cursor | undefined;
    for (let i = 0; i < expected.length; i++) {
      const walk = some.open({ from });
      const { value } = await walk.next();
      seen.push(value ?? 'none');
      from = Cursor.parse(JSON.stringify(walk.cursorAfter));
      await walk.return();
    }
    expect(seen).toEqual(expected);
  });

  it('a resumed traversal fetches its page with the page size of the cursor', async () => {
    const service = modelService(9);
    const walk = service.listing().open();
    for (let i = 0; i < 5; i++) await walk.next();
    const sizes: (number | undefined)[] = [];
    const listing = service.listing({
      pageSize: 2,
      fetchPage: (token, call) => {
        sizes.push(call.pageSize);
        return service.fetchPage(token, call);
      },
    });
    const rest: Person[] = [];
    for await (const item of listing.open({ from: walk.cursor })) rest.push(item);
    expect(ids(rest)).toEqual(['p4', 'p5', 'p6', 'p7', 'p8']);
    expect(sizes[0]).toBe(3);
  });

  it('a resumed traversal keeps the page size of the cursor until the end', async () => {
    const service = modelService(9);
    const walk = await stopAt(service, 2);
    const sizes: (number | undefined)[] = [];
    const listing = service.listing({
      pageSize: 2,
      fetchPage: (token, call) => {
        sizes.push(call.pageSize);
        return service.fetchPage(token, call);
      },
    });
    for await (const _ of listing.open({ from: walk.cursor }));
    expect(sizes).toEqual([3, 3, 3]);
  });

  it('a resumed traversal delivers its whole page if the handled items are no longer in it', async () => {
    const service = modelService(6);
    const walk = service.listing().open();
    for (let i = 0; i < 3; i++) await walk.next();
    service.people.splice(0, 2);
    expect(await drain(service, walk.cursor)).toEqual(['p2', 'p3', 'p4', 'p5']);
  });

  it('a cursor without digests, such as one written by hand, is located by its key', async () => {
    const service = modelService(6);
    const { seen: _, ...bare } = (await stopAt(service, 3)).cursor;
    expect(await drain(service, bare)).toEqual(['p2', 'p3', 'p4', 'p5']);
    service.people.splice(0, 1);
    expect(await drain(service, bare)).toEqual(['p2', 'p3', 'p4', 'p5']);
    service.people.splice(0, 1);
    expect(await drain(service, bare)).toEqual(['p2', 'p3', 'p4', 'p5']);
  });

  it('take and drop continue to count where the cursor was taken', async () => {
    const service = modelService(9);
    const some = service.listing().drop(2).take(5);
    const walk = some.open();
    for (let i = 0; i < 3; i++) await walk.next();
    const rest: Person[] = [];
    for await (const item of some.open({ from: walk.cursor })) rest.push(item);
    expect(ids(rest)).toEqual(['p4', 'p5', 'p6']);
  });

  it.each([
    ['drop', (all: Listing<Person>) => all.drop(3), ['p3', 'p4', 'p5']],
    ['take', (all: Listing<Person>) => all.take(4), ['p3']],
  ])(
    'a cursor keeps the count of a %s in the middle of the values of one item',
    async (_name, step, rest) => {
      const service = modelService(6, 1);
      const batches = service.listing().batch(2);
      const some = step(
        batches.flatMap((pair) => [...pair]).mapAsync(async (one) => one, { concurrency: 3 }),
      );
      const walk = some.open();
      for await (const { id } of walk) if (id === 'p3') break;
      const again: Person[] = [];
      for await (const item of some.open({ from: walk.cursor })) again.push(item);
      expect(ids(again)).toEqual(rest);
    },
  );

  it('the cursor of a satisfied take starts the next chunk', async () => {
    const service = modelService(9);
    const some = service.listing().take(4);
    const walk = some.open();
    for await (const _ of walk);
    expect(walk.end?.reason).toBe('limit');
    const next: Person[] = [];
    for await (const item of some.open({ from: walk.cursor })) next.push(item);
    expect(ids(next)).toEqual(['p4', 'p5', 'p6', 'p7']);
  });
});

describe('Cursor.parse', () => {
  it('Cursor.parse reads a string or an object', () => {
    expect(Cursor.parse(JSON.stringify(cursor), query)).toEqual(cursor);
    expect(Cursor.parse({ ...cursor, outputBytes: 7 }, query)).toMatchObject(cursor);
  });

  it.each([
    ['text that is not JSON', 'not json', /not JSON/],
    ['a number', 7, /not an object/],
    ['null', null, /not an object/],
    ['version 1', { ...cursor, version: 1 }, /has version 1, and this pageturn reads version 2; start over/],
    ['an object without a version', { offset: 0 }, /not a cursor: it has no version/],
    ['a negative offset', { ...cursor, offset: -1 }, /its offset is not a whole number from 0/],
    ['a fractional offset', { ...cursor, offset: 0.5 }, /its offset is not a whole number from 0/],
    ['a token that is a number', { ...cursor, token: 7 }, /its token is not a string/],
    ['a page size of 0', { ...cursor, pageSize: 0 }, /its pageSize is not a whole number from 1/],
    ['counts that are a list', { ...cursor, counts: [-1] }, /its counts is not an object of whole numbers/],
    ['a flatMap without its item', { ...cursor, flat: { '0.flatMap': 1 } }, /its flat is not/],
    ['a chain that is a string', { ...cursor, chain: 'take' }, /its chain is not a list of operator names/],
    ['half a cycle check', { ...cursor, cycle: { token: 7 } }, /its cycle is not/],
    ['an empty token', { ...cursor, token: '' }, /its token is not a string/],
    ['digests cut off', { ...cursor, seen: 'abc' }, /its seen is not a list of digests/],
    [
      'a cycle check beyond its limit',
      { ...cursor, cycle: { token: 1, steps: 2, limit: 2 } },
      /its cycle is not/,
    ],
    [
      'a flatMap that gave nothing',
      { ...cursor, flat: { '0.flatMap': { item: 'a', count: 0 } } },
      /its flat is not/,
    ],
    ['a cursor without a query', { ...cursor, query: undefined }, /its query is not an operation/],
  ])('Cursor.parse refuses %s', (_what, value, message) => {
    expect(() => Cursor.parse(value)).toThrow(
      expect.objectContaining({ code: 'ERR_CURSOR_MISMATCH', message: expect.stringMatching(message) }),
    );
  });

  it.each<[string, object, string]>([
    ['an offset without a key', { key: undefined }, 'offset and key'],
    ['fewer digests than items', { seen: seenDigest('p1') }, 'offset and key'],
    ['digests of other items', { seen: seenDigest('p7').repeat(2) }, 'offset and key'],
    ['a count of an operator that it lacks', { chain: ['map'], counts: { '0.drop': 1 } }, 'counts and chain'],
    ['a count of one that does not count', { chain: ['map'], counts: { '0.map': 1 } }, 'counts and chain'],
    [
      'a count of failures of one that works on no items',
      { chain: ['mapAsyncs'], counts: { '0.mapAsyncs.failed': 1 } },
      'counts and chain',
    ],
    ['a count without a chain', { counts: { '0.take': 1 } }, 'counts and chain'],
    [
      'a cycle check on the first page',
      { token: undefined, cycle: { token: 1, steps: 0, limit: 1 } },
      'cycle and token',
    ],
  ])('a cursor with %s is refused where it is opened, and not by a store', async (_what, more, fields) => {
    const damaged: Cursor = { ...cursor, query: { operation: 'ListPeople', input: {} }, ...more };
    expect(() => Cursor.parse(damaged)).not.toThrow();
    const expected = { code: 'ERR_CURSOR_MISMATCH', message: expect.stringContaining(fields) };
    expect(() => modelService(3).listing().open({ from: damaged })).toThrow(
      expect.objectContaining(expected),
    );
    const store = memoryCheckpoint();
    await store.save('ListPeople', damaged);
    await expect(modelService(3).listing().resume(store).next()).rejects.toMatchObject(expected);
  });

  it('the error for a cursor of another query names what differs', () => {
    const other = (input: object) => () => Cursor.parse(cursor, queryOf('ListPeople', input));
    expect(other({ Team: 'blue', Tags: ['a', 'b'] })).toThrow(/another query: Team differs/);
    expect(other({ Team: 'red' })).toThrow(/Tags differs/);
    expect(other({ Team: 'red', Tags: ['a', 'b'] })).not.toThrow();
    expect(() => Cursor.parse(cursor, queryOf('ListQueues'))).toThrow(
      /it was made by ListPeople, and this listing is ListQueues/,
    );
  });

  it('a query contains none of the input values', () => {
    expect(JSON.stringify(queryOf('ListPeople', { Secret: 'hunter2' }))).not.toContain('hunter2');
  });

  it('open() refuses a cursor that Cursor.parse refuses', () => {
    expect(() => modelService(3).listing().open({ from: cursor })).toThrow(
      expect.objectContaining({ code: 'ERR_CURSOR_MISMATCH' }),
    );
  });
});

async function stopAt(service: ReturnType<typeof modelService>, count: number) {
  const walk = service.listing().open();
  for (let i = 0; i < count; i++) await walk.next();
  return walk;
}

async function drain(service: ReturnType<typeof modelService>, from: Cursor): Promise<string[]> {
  const rest: Person[] = [];
  for await (const item of service.listing().open({ from })) rest.push(item);
  return ids(rest);
}
