import { describe, expect, it } from 'vitest';
import type { Cursor } from '../../lib/core/cursor.js';
import { type FromPagesOptions, fromPages } from '../../lib/from-pages.js';
import type { Listing } from '../../lib/listing/listing.js';
import { memoryCheckpoint } from '../../lib/listing/traversal/memory-checkpoint.js';

const isTokenRejected = (error: unknown) => error instanceof Error && error.message === 'token expired';

/** After `lead` pages, the same `length` pages forever: tokens 1, 2, ... in a loop. */
function looping(
  { lead, length, perPage = 1 }: { lead: number; length: number; perPage?: number },
  options: Partial<FromPagesOptions<string>> = {},
  rejected = new Set<string>(),
) {
  return fromPages<string>(
    async (token) => {
      if (token !== undefined && rejected.delete(token)) throw new Error('token expired');
      const page = Number(token ?? 0);
      return {
        items: Array.from({ length: perPage }, (_, i) => `${page}.${i}`),
        next: String(page + 1 < lead + length ? page + 1 : lead),
      };
    },
    { query: { operation: 'loop' }, isTokenRejected, ...options },
  );
}

/** One run after the other until one fails; its code, and how many items came until then. */
async function untilFailure(run: () => AsyncIterable<string>, atMost: number) {
  let items = 0;
  for (let runs = 1; runs <= atMost; runs++) {
    try {
      for await (const _ of run()) items++;
    } catch (error) {
      return { code: (error as { code?: string }).code, items };
    }
  }
  return { code: undefined, items };
}

/** The first `count` items of a run that is left by a break. */
async function* first(count: number, walk: AsyncIterable<string>) {
  let left = count;
  for await (const item of walk) {
    if (left-- === 0) break;
    yield item;
  }
}

/** Runs of this many items, each from the cursor of the one before. */
function byCursor(listing: Listing<string>, count: number) {
  let from: Cursor | undefined;
  return async function* run() {
    const walk = listing.open({ from });
    try {
      for (let left = count; left > 0; left--) {
        const { value, done } = await walk.next();
        if (done) return;
        yield value as string;
      }
    } finally {
      from = JSON.parse(JSON.stringify(walk.cursorAfter));
      await walk.return();
    }
  };
}

const LOOPS = [
  { lead: 1, length: 2 },
  { lead: 1, length: 3 },
  { lead: 5, length: 7 },
  { lead: 1, length: 1 },
  { lead: 2, length: 2, perPage: 3 },
  { lead: 4, length: 5, perPage: 2 },
];

describe.each(LOOPS)('tokens that repeat after $lead pages every $length, with pages of $perPage', (loop) => {
  const { lead, length, perPage = 1 } = loop;
  // Brent's algorithm remembers a token inside the loop after at most twice the pages up to there.
  const bound = (3 * (lead + length) + 3) * perPage;

  const WAYS: readonly (readonly [string, (listing: Listing<string>) => () => AsyncIterable<string>])[] = [
    [
      'in runs that a take(2) limits',
      (listing) => {
        const store = memoryCheckpoint();
        return () => listing.take(2).resume(store);
      },
    ],
    [
      'in runs that are left every three items',
      (listing) => {
        const store = memoryCheckpoint();
        return () => first(3, listing.resume(store));
      },
    ],
    ['in runs of a page each', (listing) => byCursor(listing, perPage)],
    ['in runs of two items from a cursor', (listing) => byCursor(listing, 2)],
    [
      'after other operators',
      (listing) => {
        const store = memoryCheckpoint();
        return () =>
          listing
            .filter(() => true)
            .drop(1)
            .flatMap((item) => [item, item])
            .batch(2)
            .map(String)
            .take(2)
            .resume(store);
      },
    ],
    [
      'by whole pages',
      (listing) => {
        const store = memoryCheckpoint();
        return () =>
          listing
            .pages()
            .map(({ items }) => String(items))
            .take(2)
            .resume(store);
      },
    ],
  ];

  describe.each([0, 2])('with a prefetch of %i', (prefetch) => {
    it.each(WAYS)('repeated tokens are found %s', async (_way, start) => {
      const run = start(looping(loop).prefetch(prefetch));
      const { code, items } = await untilFailure(run, 500);
      expect(code).toBe('ERR_TOKEN_CYCLE');
      expect(items).toBeLessThanOrEqual(2 * bound + 3);
    });
  });

  it('repeated tokens are found although the listing starts over on the way', async () => {
    const rejected = new Set([String(lead)]);
    const listing = looping(loop, { onTokenRejected: 'restart' }, rejected);
    const store = memoryCheckpoint();
    const { code } = await untilFailure(() => listing.take(2).resume(store), 500);
    expect(code).toBe('ERR_TOKEN_CYCLE');
    expect(rejected.size).toBe(0);
  });

  it("repeated tokens end the last run if onCycle is 'stop'", async () => {
    const listing = looping(loop, { onCycle: 'stop' });
    const store = memoryCheckpoint();
    for (let run = 0; run < 500; run++) {
      const walk = listing.take(2).resume(store);
      for await (const _ of walk);
      if (walk.end?.reason === 'exhausted') return;
    }
    expect.unreachable('the listing went round and round');
  });
});

describe('a long listing without a loop', () => {
  it.each([1, 2, 3, 7])(
    'a long listing without a loop is read to its end by runs of %i items',
    async (count) => {
      const listing = fromPages<string>(
        async (token) => {
          const page = Number(token ?? 0);
          return { items: [`${page}.0`, `${page}.1`], next: page < 99 ? String(page + 1) : undefined };
        },
        { query: { operation: 'straight' } },
      );
      const store = memoryCheckpoint();
      const seen: string[] = [];
      for (let run = 0; run < 201; run++) {
        const walk = listing.take(count).resume(store);
        for await (const item of walk) seen.push(item);
        if (walk.end?.reason === 'exhausted') break;
      }
      expect(seen).toEqual(Array.from({ length: 200 }, (_, i) => `${i >> 1}.${i % 2}`));
    },
  );
});
