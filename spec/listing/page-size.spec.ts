import { describe, expect, it } from 'vitest';
import type { Cursor } from '../../lib/core/cursor.js';
import { fail, ids, modelService, type Person } from './model-service.js';

const isTokenRejected = (error: unknown) => error instanceof Error && error.message === 'token expired';

/** A service, the page size of each request, and a listing that asks for pages of 2. */
function watched(count: number) {
  const service = modelService(count);
  const sizes: (number | undefined)[] = [];
  const listing = service.listing({
    pageSize: 2,
    onTokenRejected: 'restart',
    isTokenRejected,
    fetchPage: (token, call) => {
      sizes.push(call.pageSize);
      // Its signal is not read: only then may the next fetch get the same call.
      return service.fetchPage(token, { pageSize: call.pageSize });
    },
  });
  return { service, sizes, listing };
}

/** A cursor of a listing in pages of 3, after that many items. */
async function cursorInPagesOf3(service: ReturnType<typeof modelService>, count: number): Promise<Cursor> {
  const walk = service.listing({ pageSize: 3 }).open();
  for (let i = 0; i < count; i++) await walk.next();
  const { cursorAfter } = walk;
  await walk.return();
  service.requests.length = 0;
  return cursorAfter;
}

describe('the page size of a cursor', () => {
  it.each([
    [1, [3, 3, 3]],
    [3, [3, 3]],
    [4, [3, 3]],
  ])('the page size of a cursor after %i items is that of every later request', async (count, expected) => {
    const { service, sizes, listing } = watched(9);
    for await (const _ of listing.open({ from: await cursorInPagesOf3(service, count) }));
    expect(sizes).toEqual(expected);
  });

  it("the page size of a cursor gives way to the listing's when the listing starts over", async () => {
    const { service, sizes, listing } = watched(6);
    const from = await cursorInPagesOf3(service, 4);
    service.faults.set(0, fail('token expired'));
    const walk = listing.open({ from });
    const seen: Person[] = [];
    for await (const person of walk) seen.push(person);
    expect(sizes).toEqual([3, 2, 2, 2]);
    expect(ids(seen)).toEqual(['p0', 'p1', 'p2', 'p3', 'p4', 'p5']);
    expect(walk.end).toMatchObject({ reason: 'exhausted', restarts: 1 });
    expect(walk.cursor.pageSize).toBe(2);
  });

  it('a cursor before the first item keeps no page size, because no token depends on it', async () => {
    const { service, sizes, listing } = watched(4);
    for await (const _ of listing.open({ from: await cursorInPagesOf3(service, 0) }));
    expect(sizes).toEqual([2, 2]);
  });

  it('the page size of a cursor within the first page is kept, although no item is acknowledged', async () => {
    const { service, sizes, listing } = watched(9);
    const values = service
      .listing({ pageSize: 3 })
      .pages()
      .flatMap(({ items }) => items);
    const walk = values.open();
    const seen = [(await walk.next()).value, (await walk.next()).value];
    const { cursorAfter: from } = walk;
    await walk.return();
    for await (const person of listing
      .pages()
      .flatMap(({ items }) => items)
      .open({ from }))
      seen.push(person);
    expect(seen).toEqual(service.people);
    expect(sizes).toEqual([3, 3, 3]);
  });

  it('the page size of a cursor stays the same in the cursors of later runs', async () => {
    const { service, listing } = watched(9);
    const walk = listing.open({ from: await cursorInPagesOf3(service, 1) });
    const sizes: (number | undefined)[] = [walk.cursor.pageSize];
    for await (const _ of walk) sizes.push(walk.cursor.pageSize);
    expect(new Set(sizes)).toEqual(new Set([3]));
  });
});

describe('a restart', () => {
  it('a restart drops what an earlier run acknowledged, so that the first page is delivered whole', async () => {
    const { service, listing } = watched(6);
    const from = await cursorInPagesOf3(service, 5);
    service.people.splice(0, 3);
    service.faults.set(0, fail('token expired'));
    const seen: Person[] = [];
    for await (const person of listing.open({ from })) seen.push(person);
    expect(ids(seen)).toEqual(['p3', 'p4', 'p5']);
  });

  it('pages fetched before a restart keep the page size they were requested with', async () => {
    const { service, listing } = watched(9);
    const from = await cursorInPagesOf3(service, 1);
    service.faults.set(2, fail('token expired'));
    const walk = listing.prefetch(2).open({ from });
    const sizes = new Map<string, number | undefined>();
    for await (const { id } of walk) {
      if (!sizes.has(id)) sizes.set(id, walk.cursor.pageSize);
      await new Promise(setImmediate);
    }
    expect(walk.end).toMatchObject({ reason: 'exhausted', restarts: 1 });
    expect([sizes.get('p1'), sizes.get('p4'), sizes.get('p0')]).toEqual([3, 3, 2]);
  });
});
