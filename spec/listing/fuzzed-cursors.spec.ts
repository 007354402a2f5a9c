import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cursor } from '../../lib/core/cursor.js';
import { fromPages } from '../../lib/from-pages.js';
import type { Listing } from '../../lib/listing/listing.js';

const COUNT = 24;

/** Pages of four by default; the tokens are random, so that no other text is one of them. */
function numbers(): Listing<number> {
  const secret = (page: number) => `${page}-${(page * 7919) % 1000}`;
  return fromPages<number>(
    async (token, { pageSize = 4 }) => {
      const page = token === undefined ? 0 : Number.parseInt(token, 10);
      if (token !== undefined && token !== secret(page)) throw new Error('unknown token');
      const items = Array.from({ length: pageSize }, (_, i) => page * pageSize + i).filter((n) => n < COUNT);
      return { items, next: (page + 1) * pageSize < COUNT ? secret(page + 1) : undefined };
    },
    { query: { operation: 'numbers', input: { team: 'a' } }, pageSize: 4 },
  );
}

const CHAINS: readonly ((listing: Listing<number>) => Listing<unknown>)[] = [
  (l) => l,
  (l) => l.filter((n) => n % 5 !== 0),
  (l) => l.drop(3),
  (l) => l.flatMap((n) => [n, n + 0.25, n + 0.5]),
  (l) => l.drop(2).flatMap((n) => [n, n + 0.5]),
  (l) => l.batch(3),
  (l) => l.filter((n) => n !== 7).take(17),
  (l) => l.dropWhile((n) => n < 6).map((n) => n * 2),
];

/** What a damaged store, a broken editor or another program may put in the place of a value. */
const junk = fc.oneof(
  fc.constantFrom<unknown>(null, true, '', 'text', -1, 0.5, 1e21, Number.MAX_SAFE_INTEGER + 1, [], {}, [[]], {
    a: 1,
  }),
  fc.jsonValue({ maxDepth: 2 }),
);

interface Change {
  readonly name: string;
  /** Undefined if this cursor has nothing to change in this way. */
  readonly apply: (cursor: Cursor) => unknown;
}

/** A field becomes a value of another type: every field of a cursor is checked. */
const anotherType: fc.Arbitrary<Change> = fc
  .tuple(
    fc.constantFrom<keyof Cursor>(
      'version',
      'token',
      'offset',
      'key',
      'seen',
      'pageSize',
      'counts',
      'chain',
      'flat',
      'cycle',
      'exhausted',
      'query',
    ),
    junk,
  )
  .map(([field, value]) => ({
    name: `${field} = ${JSON.stringify(value)}`,
    apply: (cursor) => (typeof value === typeof cursor[field] ? undefined : { ...cursor, [field]: value }),
  }));

const changed = (
  name: string,
  change: (cursor: Cursor) => { [K in keyof Cursor]?: Cursor[K] | undefined } | undefined,
): Change => ({
  name,
  apply: (cursor) => {
    const more = change(cursor);
    return more && { ...cursor, ...more };
  },
});

/** A value changes within its type, and another field contradicts it. */
const anotherValue: fc.Arbitrary<Change> = fc.oneof(
  fc
    .integer({ min: 1, max: 30 })
    .map((by) => changed('offset higher', ({ offset }) => ({ offset: offset + by }))),
  fc
    .integer({ min: 1, max: 30 })
    .map((by) =>
      changed('offset lower', ({ offset }) => (offset > by ? { offset: offset - by } : undefined)),
    ),
  fc
    .string()
    .map((key) =>
      changed('another key', (cursor) =>
        cursor.key === undefined || cursor.key === key ? undefined : { key },
      ),
    ),
  fc
    .nat(60)
    .map((at) =>
      changed('a shorter seen', ({ seen }) =>
        seen && at < seen.length ? { seen: seen.slice(0, at) } : undefined,
      ),
    ),
  fc
    .nat(60)
    .map((at) =>
      changed('an invalid character in seen', ({ seen }) =>
        seen && at < seen.length ? { seen: `${seen.slice(0, at)}!${seen.slice(at + 1)}` } : undefined,
      ),
    ),
  fc.string({ minLength: 1 }).map((token) => changed('another token', () => ({ token }))),
  fc
    .constantFrom('filter', 'drop', 'take')
    .map((name) =>
      changed('another chain', ({ chain = [], counts }) =>
        counts ? { chain: [...chain, name] } : undefined,
      ),
    ),
  fc
    .constantFrom('0.filter', '9.drop', 'drop', '0', '', '__proto__', '1.dropWhile')
    .map((name) =>
      changed('a count of no operator', ({ counts, chain }) =>
        counts && !Object.hasOwn(counts, name) && !(name === '1.dropWhile' && chain?.[1] === 'dropWhile')
          ? { counts: JSON.parse(`{${JSON.stringify(name)}:2}`) }
          : undefined,
      ),
    ),
  fc.constant(changed('another query', ({ query }) => ({ query: { ...query, input: { team: 'other' } } }))),
  fc.constant(changed('another operation', ({ query }) => ({ query: { ...query, operation: 'letters' } }))),
  fc.constant(changed('no token', ({ cycle }) => (cycle ? { token: undefined } : undefined))),
  fc.constant(changed('no key', ({ key }) => (key === undefined ? undefined : { key: undefined }))),
  fc.constant(changed('no digests', ({ seen }) => (seen === undefined ? undefined : { seen: undefined }))),
  fc.constant(changed('an end', () => ({ exhausted: true }))),
);

/** A text that was cut off or overwritten. */
const anotherText = fc
  .tuple(fc.nat(400), fc.constantFrom('', '"', '}', '\u0000', 'x'))
  .map(([at, by]) => ({ at, by }));

const runs = fc.record({ chain: fc.nat(CHAINS.length - 1), count: fc.nat(20), after: fc.boolean() });

async function stopped({ chain, count, after }: { chain: number; count: number; after: boolean }) {
  const listing = (CHAINS[chain] as (typeof CHAINS)[number])(numbers());
  const whole = await listing.toArray();
  const walk = listing.open();
  const delivered: unknown[] = [];
  while (delivered.length < Math.min(count, whole.length - 1)) delivered.push((await walk.next()).value);
  const text = JSON.stringify(after ? walk.cursorAfter : walk.cursor);
  await walk.return();
  const acknowledged = after || delivered.length === 0 ? delivered : delivered.slice(0, -1);
  return { listing, expected: whole.slice(acknowledged.length), text };
}

/** Resumes at a damaged cursor: it is refused, fails, or delivers exactly the rest. */
async function judge(listing: Listing<unknown>, from: unknown, expected: readonly unknown[]) {
  const values: unknown[] = [];
  let walk: AsyncIterable<unknown>;
  try {
    walk = listing.open({ from: from as Cursor });
  } catch (error) {
    expect((error as { code?: string }).code).toMatch(/^ERR_CURSOR_/);
    return;
  }
  try {
    for await (const value of walk) values.push(value);
  } catch (error) {
    expect((error as { code?: string }).code).toMatch(/^ERR_(REQUEST_FAILED|TOKEN_CYCLE)$/);
    return;
  }
  expect(values).toEqual(expected);
}

describe('a cursor', () => {
  it('a cursor with a changed field is refused, or loses and repeats nothing', async () => {
    await fc.assert(
      fc.asyncProperty(runs, fc.oneof(anotherType, anotherValue), async (run, { apply }) => {
        const { listing, expected, text } = await stopped(run);
        const other = apply(JSON.parse(text));
        if (other !== undefined) await judge(listing, other, expected);
      }),
      { numRuns: 1_000 },
    );
  });

  it('a cursor whose text was cut off or overwritten is refused, or loses and repeats nothing', async () => {
    await fc.assert(
      fc.asyncProperty(runs, anotherText, async (run, { at, by }) => {
        const { listing, expected, text } = await stopped(run);
        if (at >= text.length) return;
        await judge(listing, `${text.slice(0, at)}${by}`, expected);
      }),
      { numRuns: 300 },
    );
  });
});
