import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromPages } from '../../lib/from-pages.js';

interface Row {
  readonly id: string;
  readonly sort: string;
}

/** Lists what is in the table at the moment, `size` rows a page. */
function table(rows: readonly Row[], size = 100) {
  const query = { operation: 'rows' };
  return fromPages<Row>(
    async (token = '0') => {
      const end = Number(token) + size;
      return { items: rows.slice(Number(token), end), next: end < rows.length ? String(end) : undefined };
    },
    { query },
  );
}

async function take(rows: readonly Row[], count: number) {
  const walk = table(rows).open();
  const seen: Row[] = [];
  for await (const row of walk) {
    seen.push(row);
    if (seen.length === count) break;
  }
  return { seen: seen.slice(0, -1), cursor: walk.cursor };
}

async function rest(rows: readonly Row[], from: object): Promise<Row[]> {
  const seen: Row[] = [];
  for await (const row of table(rows).open({ from: from as never })) seen.push(row);
  return seen;
}

const row = (id: string, sort: string): Row => ({ id, sort });

describe('items of one page that share a key', () => {
  it('items that share a key are distinguished by content: a resume after a deletion loses none', async () => {
    const rows = [row('1', 'a'), row('1', 'b'), row('1', 'c'), row('2', 'a'), row('1', 'd')];
    const { cursor } = await take(rows, 3);
    expect(await rest(rows.slice(1), cursor)).toEqual(rows.slice(2));
  });

  it('items that share a key are delivered again if their content has changed, and are never lost', async () => {
    const rows = [row('1', 'a'), row('1', 'b'), row('1', 'c')];
    const { cursor } = await take(rows, 3);
    const changed = [row('1', 'a'), row('1', 'changed'), row('1', 'c')];
    expect(await rest(changed, cursor)).toEqual(changed.slice(1));
  });

  it('equal items are skipped as often as they were acknowledged', async () => {
    const rows = [row('1', 'a'), row('1', 'a'), row('1', 'a'), row('1', 'b')];
    const { cursor } = await take(rows, 3);
    expect(await rest(rows, cursor)).toEqual(rows.slice(2));
  });

  it('items that share a key of the caller are distinguished by content too', async () => {
    const list = (rows: readonly Row[]) =>
      fromPages<Row>(async () => ({ items: rows, next: undefined }), { key: ({ id }) => id });
    const rows = [row('1', 'a'), row('1', 'b'), row('1', 'c')];
    const walk = list(rows).open();
    await walk.next();
    await walk.next();
    await walk.next();
    expect(await list(rows.slice(1)).open({ from: walk.cursor }).next()).toMatchObject({ value: rows[2] });
  });

  it('an item whose key is its own is recognised after a change', async () => {
    const rows = [row('1', 'a'), row('2', 'a'), row('3', 'a')];
    const { cursor } = await take(rows, 3);
    expect(await rest([row('1', 'renamed'), row('2', 'a'), row('3', 'a')], cursor)).toEqual([row('3', 'a')]);
  });

  it('items that share a key are never lost, whatever was deleted, added or moved between two runs', async () => {
    const rows = fc.uniqueArray(
      fc.record({ id: fc.constantFrom('1', '2', '3'), sort: fc.constantFrom('a', 'b', 'c', 'd') }),
      { selector: ({ id, sort }) => id + sort, minLength: 1 },
    );
    const cases = rows.chain((all) =>
      fc.record({
        all: fc.constant(all),
        after: fc.shuffledSubarray(all),
        count: fc.integer({ min: 1, max: all.length }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ({ all, after, count }) => {
        const { seen, cursor } = await take(all, count);
        const expected = after.filter((one) => !seen.includes(one));
        expect(await rest(after, cursor)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
});
