import { describe, expect, it } from 'vitest';
import type { Page } from '../lib/core/page.js';
import { type FromPagesOptions, fromPages } from '../lib/from-pages.js';
import { leapingClock } from './support/leaping-clock.js';

interface Row {
  readonly id: number;
}

/** Bodies of a successful answer without any part of a page. */
const SILENT: readonly (readonly [string, unknown])[] = [
  ['an empty object', {}],
  ['an empty array', []],
  ['keys in another case', { Rows: [{ id: 5 }], Next: '3' }],
  ['another envelope', { data: { rows: [] } }],
  ['a number', 7],
  ['a boolean', false],
  ['a text', 'ok'],
  ['an error that is null', { error: null }],
  ['an empty list of errors', { errors: [] }],
];

const THROTTLES: readonly (readonly [string, unknown])[] = [
  ['a message alone', { message: 'Rate exceeded' }],
  ['a capital message', { Message: 'Too Many Requests' }],
  ['a type', { __type: 'com.amazon.coral.availability#ThrottlingException', message: 'Rate exceeded' }],
  ['a type with an address', { __type: 'Throttling:http://internal.amazon.com/coral/' }],
  ['an error with a name', { error: { code: 'SlowDown', message: 'Please reduce your request rate' } }],
  ['an error with a number', { error: { code: 429, message: 'later' } }],
  ['a text as the error', { ok: false, error: 'ratelimited' }],
  ['a code', { code: 'RequestLimitExceeded', message: 'wait' }],
  ['a status', { statusCode: 429, message: 'Slow' }],
  ['a status in text', { code: '429', message: 'Slow' }],
  ['a list of errors', { errors: [{ message: 'Rate limit exceeded' }] }],
  ['the response of an HTTP client', { status: 200, data: { message: 'Too many requests' } }],
  ['an envelope', { Output: { __type: 'a#ThrottledException' }, Version: '1.0' }],
];

const FINAL: readonly (readonly [string, unknown, string])[] = [
  ['a type', { __type: 'x#AccessDeniedException', message: 'no' }, 'AccessDeniedException'],
  ['a code', { code: 'ValidationError', message: 'no' }, 'ValidationError'],
  ['an inner code', { error: { code: 'Forbidden' } }, 'Forbidden'],
  ['a text as the error', { error: 'invalid_grant' }, 'invalid_grant'],
];

/** Five pages of two rows; the third answers with the bodies in turn, and then as it should. */
function rows(bodies: readonly unknown[], options: FromPagesOptions<Row> = {}, at = 2) {
  const left = [...bodies];
  const requests: (string | undefined)[] = [];
  const listing = fromPages<Row>(
    async (token): Promise<Page<Row>> => {
      requests.push(token);
      const page = Number(token ?? 0);
      const whole = {
        rows: [{ id: 2 * page }, { id: 2 * page + 1 }],
        next: page < 4 ? String(page + 1) : undefined,
      };
      const body = page === at && left.length > 0 ? left.shift() : whole;
      const { rows: items, next, total } = Object(body) as Partial<typeof whole> & { total?: number };
      return { items, next, total, output: body };
    },
    { clock: leapingClock(), ...options },
  );
  return { listing, requests };
}

const ALL = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

describe('an empty answer after a page that promised more', () => {
  it.each([...SILENT, ...THROTTLES])(
    'an empty answer after a page that promised more is retried: %s',
    async (_what, body) => {
      const { listing, requests } = rows([body, body]);
      const walk = listing.open();
      const seen: number[] = [];
      for await (const { id } of walk) seen.push(id);
      expect(seen).toEqual(ALL);
      expect(walk.end).toMatchObject({ reason: 'exhausted' });
      expect(requests).toEqual([undefined, '1', '2', '2', '2', '3', '4']);
      expect(walk.stats.attempts).toBe(7);
    },
  );

  it.each(SILENT)('an answer that stays empty is ERR_PAGE_INVALID: %s', async (_what, body) => {
    const { listing } = rows(Array(1_000).fill(body), { query: { operation: 'rows' } });
    const walk = listing.open();
    const seen: number[] = [];
    const read = async () => {
      for await (const { id } of walk) seen.push(id);
    };
    await expect(read()).rejects.toMatchObject({
      code: 'ERR_PAGE_INVALID',
      message: expect.stringContaining("onEmptyAnswer: 'stop'"),
      attempts: expect.any(Number),
      cursor: { token: '2', offset: 0 },
    });
    expect(seen).toEqual([0, 1, 2, 3]);
    expect(walk.end).toMatchObject({ reason: 'failed' });
  });

  it.each(SILENT)('an empty answer is ERR_PAGE_INVALID at once without retry: %s', async (_what, body) => {
    const { listing, requests } = rows([body], { retry: false });
    await expect(listing.toArray()).rejects.toMatchObject({ code: 'ERR_PAGE_INVALID', attempts: 1 });
    expect(requests).toHaveLength(3);
  });

  it.each(SILENT)("an empty answer is the end with onEmptyAnswer: 'stop': %s", async (_what, body) => {
    const { listing, requests } = rows([body], { onEmptyAnswer: 'stop' });
    const walk = listing.open();
    const seen: number[] = [];
    for await (const { id } of walk) seen.push(id);
    expect(seen).toEqual([0, 1, 2, 3]);
    expect(walk.end).toMatchObject({ reason: 'exhausted' });
    expect(requests).toHaveLength(3);
  });

  it('an empty answer is retried in a resumed run, whose first request has a token', async () => {
    const { listing } = rows([{}], { retry: false });
    const walk = listing.open();
    for (let i = 0; i < 4; i++) await walk.next();
    const from = walk.cursorAfter;
    await walk.return();
    await expect(listing.open({ from }).next()).rejects.toMatchObject({ code: 'ERR_PAGE_INVALID' });
    expect(await listing.open({ from }).next()).toMatchObject({ value: { id: 4 } });
  });

  it('an empty answer is retried when it is fetched ahead', async () => {
    const { listing } = rows([{}, {}]);
    expect((await listing.prefetch(3).toArray()).map(({ id }) => id)).toEqual(ALL);
  });
});

describe('an answer that is an error in disguise', () => {
  it.each(THROTTLES)(
    'an answer that is a throttle in disguise counts as a throttle: %s',
    async (_what, body) => {
      const { listing } = rows([body]);
      const walk = listing.open();
      for await (const _ of walk);
      expect(walk.stats).toMatchObject({ throttles: 1, attempts: 6 });
    },
  );

  it('a throttle in disguise is reported to the pacer', async () => {
    const outcomes: string[] = [];
    const pace = {
      acquire: async () => ({ settle: ({ kind }: { kind: string }) => void outcomes.push(kind) }),
    };
    await rows([{ message: 'Rate exceeded' }, {}], { pace }).listing.toArray();
    expect(outcomes).toEqual(['ok', 'ok', 'throttled', 'lost', 'ok', 'ok', 'ok']);
  });

  it.each(FINAL)(
    'an answer that is a final error in disguise is that error at once: %s',
    async (_what, body, name) => {
      const { listing, requests } = rows([body]);
      await expect(listing.toArray()).rejects.toMatchObject({ code: 'ERR_REQUEST_FAILED', cause: { name } });
      expect(requests).toHaveLength(3);
    },
  );

  it.each([
    ...THROTTLES,
    ['a refusal', { code: 'AccessDenied', message: 'no' }] as const,
    ['what GraphQL says', { data: null, errors: [{ message: 'Cannot query field "rows"' }] }] as const,
    ['the words of an error', { error: { message: 'It broke.' } }] as const,
    ['a problem with a list', { errors: [{ detail: 'x', message: 'no such team' }] }] as const,
    ['words alone', { error: 'Please sign in.' }] as const,
  ])('an error in disguise on the first page is not an empty listing: %s', async (_what, body) => {
    const { listing } = rows([body], { retry: false }, 0);
    await expect(listing.toArray()).rejects.toMatchObject({ code: 'ERR_REQUEST_FAILED' });
  });

  it.each(THROTTLES)(
    "a throttle in disguise is not the end, even with onEmptyAnswer: 'stop': %s",
    async (_what, body) => {
      const { listing } = rows([body], { onEmptyAnswer: 'stop' });
      expect((await listing.toArray()).map(({ id }) => id)).toEqual(ALL);
    },
  );

  it("the words of an error are not the end, even with onEmptyAnswer: 'stop'", async () => {
    const { listing } = rows([{ error: { message: 'It broke.' } }], { onEmptyAnswer: 'stop' });
    expect((await listing.toArray()).map(({ id }) => id)).toEqual(ALL);
  });

  it('an answer that says the token was rejected restarts the listing', async () => {
    const { listing } = rows([{ __type: 'InvalidNextTokenException', message: 'expired' }], {
      onTokenRejected: 'restart',
      isTokenRejected: (error) => error instanceof Error && error.name === 'InvalidNextTokenException',
    });
    const walk = listing.open();
    const seen: number[] = [];
    for await (const { id } of walk) seen.push(id);
    expect(seen).toEqual([0, 1, 2, 3, ...ALL]);
    expect(walk.end?.restarts).toBe(1);
  });
});

describe('a fetch that resolves to the body itself', () => {
  const passing = (bodies: readonly object[]) => {
    const left = [...bodies];
    return fromPages<Row>(
      async (token) => {
        if (token === undefined) return { items: [{ id: 0 }], next: '1' };
        return (left.shift() ?? { items: [{ id: 1 }], next: null }) as Page<Row>;
      },
      { clock: leapingClock() },
    );
  };

  it.each([[{}], [[]], [{ message: 'Rate exceeded' }], [{ error: { code: 429 } }]])(
    'a fetch that resolves to the body itself is retried if the body is %j',
    async (body) => {
      expect(await passing([body, body]).toArray()).toEqual([{ id: 0 }, { id: 1 }]);
    },
  );

  it('a body with other members than a page is ERR_PAGE_INVALID', async () => {
    await expect(passing([{ rows: [], items: [] }]).toArray()).rejects.toMatchObject({
      code: 'ERR_PAGE_INVALID',
    });
  });
});

describe('an empty answer on the first page', () => {
  it.each([...SILENT, ['a message that names no error', { message: 'No rows match' }] as const])(
    'an empty answer on the first page is an empty listing: %s',
    async (_what, body) => {
      const { listing, requests } = rows([body], {}, 0);
      const walk = listing.open();
      expect(await walk.next()).toEqual({ value: undefined, done: true });
      expect(walk.end).toMatchObject({ reason: 'exhausted' });
      expect(requests).toHaveLength(1);
    },
  );
});

describe('an answer with any content', () => {
  it.each([
    ['items that are null', { rows: null }],
    ['a next that is null', { next: null }],
    ['a next that is empty', { next: '' }],
    ['an empty list', { rows: [] }],
    ['a total', { total: 4 }],
    ['an empty list with a message', { rows: [], message: 'Rate exceeded' }],
  ])('an answer with any content is the end, even after a token: %s', async (_what, body) => {
    const { listing, requests } = rows([body]);
    expect(await listing.toArray()).toHaveLength(4);
    expect(requests).toHaveLength(3);
  });
});

describe('the option onEmptyAnswer', () => {
  it("onEmptyAnswer accepts only 'fail' and 'stop'", () => {
    expect(() => fromPages(async () => ({ next: undefined }), { onEmptyAnswer: 'end' as 'stop' })).toThrow(
      "onEmptyAnswer must be 'fail' or 'stop'",
    );
  });
});
