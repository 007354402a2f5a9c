import { describe, expect, it } from 'vitest';
import { type FromPagesOptions, fromPages } from '../../lib/from-pages.js';
import type { Listing } from '../../lib/listing/listing.js';

interface Row {
  readonly id: string;
  readonly name: string;
  readonly isActive: boolean;
}

interface Answers {
  readonly total?: number;
  readonly output?: unknown;
  readonly names?: string;
  readonly inactive?: string;
}

const IDS = Array.from({ length: 12 }, (_, n) => `r${n}`);

function list({ total, output, names = '', inactive }: Answers, options: FromPagesOptions<Row> = {}) {
  const rows = IDS.map((id) => ({ id, name: id + names, isActive: id !== inactive }));
  return fromPages<Row>(
    async (token = '0', { pageSize = 4 }) => {
      const end = Number(token) + pageSize;
      const next = end < rows.length ? String(end) : undefined;
      return { items: rows.slice(Number(token), end), next, total, output };
    },
    { query: { operation: 'rows' }, pageSize: 4, ...options },
  );
}

const flat = (rows: Listing<Row>) => rows.pages().flatMap(({ items }) => items);

/** The ids of a run that stops after `count` rows, and of the one that resumes it. */
async function twoRuns(first: Listing<Row>, second: Listing<Row>, count: number): Promise<string[]> {
  const walk = first.open();
  const seen: string[] = [];
  let from = walk.cursor;
  for await (const { id } of walk) {
    seen.push(id);
    from = walk.cursorAfter;
    if (seen.length === count) break;
  }
  for await (const { id } of second.open({ from })) seen.push(id);
  return seen;
}

describe('pages().flatMap() resumed within a page', () => {
  const key = ({ id }: Row) => `row ${id}`;
  it.each<[string, Answers, FromPagesOptions<Row>]>([
    ['the total has changed', { total: 13 }, {}],
    ['the response says something else', { output: { at: 2 } }, {}],
    ['the page size has changed', {}, { pageSize: 6 }],
    ['the content of items has changed', { names: ' renamed' }, {}],
  ])('pages().flatMap() resumes within a page where %s', async (_what, answers, options) => {
    const before = { total: 12, output: { at: 1 } };
    for (const keys of [{}, { key }])
      expect(
        await twoRuns(
          flat(list(before, keys)),
          flat(list({ ...before, ...answers }, { ...keys, ...options })),
          7,
        ),
      ).toEqual(IDS);
  });

  it('pages().flatMap() resumes within a page whose items only the key of the listing identifies', async () => {
    const nameless = (names: string) =>
      fromPages<{ k: string; name: string }>(
        async () => ({ items: ['a', 'b', 'c'].map((k) => ({ k, name: k + names })), next: undefined }),
        { query: { operation: 'rows' }, key: ({ k }) => k },
      )
        .pages()
        .flatMap(({ items }) => items);
    const walk = nameless('').open();
    await walk.next();
    await walk.next();
    const rest: string[] = [];
    for await (const { k } of nameless(' renamed').open({ from: walk.cursorAfter })) rest.push(k);
    expect(rest).toEqual(['c']);
  });

  it.each<[string, (rows: Listing<Row>) => Listing<Row>]>([
    ['pages()', flat],
    ['batch', (rows) => rows.batch(3).flatMap((batch) => [...batch])],
    ['mapAsync', (rows) => rows.mapAsync(async (row) => [row, row]).flatMap((pair) => [...pair])],
    ['items', (rows) => rows.flatMap((row) => [row, row])],
  ])(
    'flatMap after %s loses and repeats nothing when cursors are read after a break',
    async (_what, chain) => {
      const all = (await chain(list({})).toArray()).map(({ id }) => id);
      for (let count = 1; count <= all.length; count++) {
        for (const [name, first] of [
          ['cursor', count - 1],
          ['cursorAfter', count],
        ] as const) {
          const walk = chain(list({})).open();
          let left = count;
          for await (const _ of walk) if (--left === 0) break;
          const rest: string[] = [];
          for await (const { id } of chain(list({})).open({ from: walk[name] })) rest.push(id);
          expect(rest).toEqual(all.slice(first));
        }
      }
    },
  );

  it('pages().flatMap() starts a page over if an operator lets other items through, and loses none', async () => {
    const active = (rows: Listing<Row>) => flat(rows.filter(({ isActive }) => isActive));
    const seen = await twoRuns(active(list({})), active(list({ inactive: 'r4' })), 6);
    expect(seen).toEqual([...IDS.slice(0, 6), ...IDS.slice(5)]);
  });
});
