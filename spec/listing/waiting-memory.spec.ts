import { expect, it } from 'vitest';
import { fromPages } from '../../lib/from-pages.js';
import type { Listing } from '../../lib/listing/listing.js';
import { collectGarbage } from '../support/collect-garbage.js';
import { nowhere } from '../support/nowhere.js';

const PAGES = 3;
const PAGE_SIZE = 100;
/** An engine may keep the item that was delivered last for a while. */
const A_FEW = 5;

interface Row {
  readonly id: number;
}

/** Takes a listing of some pages, and resolves to how many of its items are still there while the next page is awaited. */
async function keptWhileWaiting(
  take: (rows: Listing<Row>, signal: AbortSignal) => Promise<unknown>,
): Promise<number> {
  let kept = 0;
  // A WeakRef that is asked keeps its object for the moment.
  const collected = new FinalizationRegistry(() => kept--);
  const end = new AbortController();
  let taken: Promise<unknown> | undefined;
  await new Promise<void>((isWaiting) => {
    const rows = fromPages<Row>(async (token = '0', { signal }) => {
      const number = Number(token);
      if (number === PAGES) {
        isWaiting();
        return new Promise((_, reject) => signal?.addEventListener('abort', reject));
      }
      const page = Array.from({ length: PAGE_SIZE }, (_, n) => ({ id: number * PAGE_SIZE + n }));
      for (const row of page) collected.register(row, undefined);
      kept += page.length;
      return { items: page, next: String(number + 1) };
    });
    taken = take(rows, end.signal);
  });
  await collectGarbage(() => kept < A_FEW);
  const left = kept;
  end.abort(new Error('over'));
  await expect(taken).rejects.toThrow('over');
  return left;
}

it.each<[string, (rows: Listing<Row>) => Listing<unknown>]>([
  ['a listing', (rows) => rows],
  ['a filter', (rows) => rows.filter(({ id }) => id % 2 === 0)],
  ['a batch', (rows) => rows.batch(PAGE_SIZE)],
  ['a mapAsync', (rows) => rows.mapAsync(async ({ id }) => id)],
])('%s that waits for a page keeps none of the pages before it', async (_, operate) => {
  const kept = await keptWhileWaiting(async (rows, signal) => {
    const walk = operate(rows).open({ signal });
    while (!(await walk.next()).done);
  });
  expect(kept).toBeLessThan(A_FEW);
});

it.each([PAGE_SIZE, PAGE_SIZE / 2])(
  'a drain in batches of %i that waits for a page keeps none of those before it',
  async (batch) => {
    const kept = await keptWhileWaiting((rows, signal) => rows.drainTo(nowhere, { signal, batch }));
    expect(kept).toBeLessThan(A_FEW);
  },
);
