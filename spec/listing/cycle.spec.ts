import { describe, expect, it } from 'vitest';
import type { Cursor } from '../../lib/core/cursor.js';
import { type FromPagesOptions, fromPages } from '../../lib/from-pages.js';
import type { Listing } from '../../lib/listing/listing.js';

/** A listing whose tokens lead into a loop: after `lead` pages, the same `length` pages forever. One item a page. */
function looping(length: number, lead = 1): Listing<number> {
  return fromPages(
    async (token) => {
      const page = Number(token ?? 0);
      return { items: [page], next: String(page + 1 < lead + length ? page + 1 : lead) };
    },
    { query: { operation: 'loop' } },
  );
}

function straight(
  pages: number,
  options: Partial<FromPagesOptions<number>> = {},
  rejected = new Set<string>(),
) {
  return fromPages<number>(
    async (token) => {
      if (token !== undefined && rejected.delete(token)) throw new Error('token expired');
      const page = Number(token ?? 0);
      return { items: [2 * page, 2 * page + 1], next: page + 1 < pages ? String(page + 1) : undefined };
    },
    { query: { operation: 'straight' }, ...options },
  );
}

const isTokenRejected = (error: unknown) => error instanceof Error && error.message === 'token expired';

/** One run for each page, until one of them fails; the code of its error, and how many runs that took. */
async function runUntilFailure(listing: Listing<number>, atMost: number, where: 'cursor' | 'cursorAfter') {
  let from: Cursor | undefined;
  for (let runs = 1; runs <= atMost; runs++) {
    const walk = listing.open({ from });
    try {
      await walk.next();
      if (where === 'cursor') await walk.next();
      from = JSON.parse(JSON.stringify(walk[where]));
    } catch (error) {
      return { code: (error as { code?: string }).code, runs };
    } finally {
      await walk.return();
    }
  }
  return { code: undefined, runs: atMost };
}

describe.each([1, 2, 3, 4, 5, 6])('a loop of %i tokens', (length) => {
  it.each([1, 2, 5])(
    'a loop is found although each run handles one page (%i pages before it)',
    async (lead) => {
      // Brent's algorithm remembers a token inside the loop after at most twice the pages up to there.
      const atMost = 3 * (lead + length) + 3;
      for (const where of ['cursor', 'cursorAfter'] as const) {
        const { code, runs } = await runUntilFailure(looping(length, lead), atMost, where);
        expect(code).toBe('ERR_TOKEN_CYCLE');
        expect(runs).toBeGreaterThan(length);
      }
    },
  );
});

describe('a cursor', () => {
  it('a cursor that is resumed again and again at its own page finds no repeated token there', async () => {
    const listing = straight(9);
    for (let page = 0; page < 9; page++) {
      let from: Cursor | undefined;
      const first = listing.open();
      for (let i = 0; i < 2 * page + 1; i++) await first.next();
      from = first.cursorAfter;
      await first.return();
      for (let run = 0; run < 5; run++) {
        const walk = listing.open({ from });
        expect(await walk.next()).toEqual({ value: 2 * page + 1, done: false });
        from = walk.cursor;
        await walk.return();
      }
      const rest: number[] = [];
      for await (const item of listing.open({ from })) rest.push(item);
      expect(rest).toHaveLength(17 - 2 * page);
    }
  });

  it('a long listing that is read a page per run has no repeated token', async () => {
    const listing = straight(70);
    const seen: number[] = [];
    let from: Cursor | undefined;
    for (let run = 0; run < 70; run++) {
      const walk = listing.open({ from });
      for (let i = 0; i < 2; i++) seen.push((await walk.next()).value as number);
      from = walk.cursorAfter;
      await walk.return();
    }
    expect(seen).toEqual(Array.from({ length: 140 }, (_, i) => i));
  });

  it('a cursor remembers no token from before a restart', async () => {
    const options = { onTokenRejected: 'restart', isTokenRejected } as const;
    for (let page = 1; page < 8; page++) {
      const listing = straight(9, options, new Set([String(page)]));
      const walk = listing.open();
      const seen: number[] = [];
      while (walk.end?.restarts !== 1 && seen.length < 2 * page + 1)
        seen.push((await walk.next()).value as number);
      // The first page of the listing that started over.
      expect(seen.at(-1)).toBe(0);
      const { cursor } = walk;
      await walk.return();
      expect(cursor.cycle).toBeUndefined();
      const rest: number[] = [];
      for await (const item of listing.open({ from: cursor })) rest.push(item);
      expect(rest).toHaveLength(18);
    }
  });

  it('the first token of a listing that started over is not a repeat after a resume', async () => {
    const options = { onTokenRejected: 'restart', isTokenRejected } as const;
    const before = straight(9).open();
    for (let i = 0; i < 9; i++) await before.next();
    const listing = straight(9, options, new Set(['4']));
    const seen: number[] = [];
    for await (const item of listing.open({ from: before.cursor })) seen.push(item);
    expect(seen).toEqual(Array.from({ length: 18 }, (_, i) => i));
  });
});
