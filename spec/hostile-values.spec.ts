import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTokenRejected } from '../lib/aws/is-token-rejected.js';
import { tokenCodec } from '../lib/aws/token-codec.js';
import { share, wholeNumber } from '../lib/cli/arguments/parsers.js';
import { describeError } from '../lib/cli/describe-error.js';
import { printable, toPrintableJson } from '../lib/cli/format.js';
import { fingerprint } from '../lib/core/fingerprint.js';
import { glob } from '../lib/core/glob.js';
import { isCredentialError } from '../lib/core/is-credential-error.js';
import { fromPages } from '../lib/from-pages.js';
import type { Listing } from '../lib/listing/listing.js';
import { classify } from '../lib/request/classify.js';
import { requestFailed } from '../lib/request/request-error.js';
import { retryAfter } from '../lib/request/retry-after.js';

/** Everything that reads a text of the service, a user name or an argument of the command line. */
const READERS: readonly [string, (text: string) => unknown][] = [
  ['classify', (text) => classify(named(text, text))],
  [
    'retryAfter',
    (text) => retryAfter({ headers: { 'retry-after': text, 'x-amz-retry-after': text, date: text } }),
  ],
  ['isCredentialError', (text) => isCredentialError(named('Odd', text))],
  [
    'isTokenRejected',
    (text) =>
      isTokenRejected(
        requestFailed({ operation: 'A.B', attempts: 1, error: named('ValidationException', text) }),
        {
          operation: 'A.B',
          tokenKey: 'NextToken',
        },
      ),
  ],
  ['describeError', (text) => describeError(named('Odd', text))],
  ['printable', printable],
  ['toPrintableJson', toPrintableJson],
  ['glob', (text) => glob('*a*b?c*')(text)],
  ['wholeNumber', (text) => attempt(() => wholeNumber(1)(text))],
  ['share', (text) => attempt(() => share(text))],
  ['tokenCodec', (text) => tokenCodec.decode(String(tokenCodec.encode(text)))],
  ['fingerprint', (text) => fingerprint({ text })],
];

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } });
}

/** Some reject a text; none may fail in any other way. */
function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    expect(error).toMatchObject({ code: 'commander.invalidArgument' });
    return undefined;
  }
}

const LENGTH = 80_000;
const PIECES = [
  ' ',
  '.',
  '. ',
  '\n',
  '0',
  '1',
  '.0',
  'a',
  'throttl',
  'rate ',
  '<Code>',
  '\\',
  "'",
  '\u0301',
  '\ud800',
  'ß',
];

/** A tenth of a second is usual. A quadratic expression takes 4 s for each of the three texts. */
const LINEAR_MS = 10_000;

/** A pattern that retried at each position of a long text did not match at its end either. */
function longTexts(piece: string): string[] {
  const text = piece.repeat(Math.ceil(LENGTH / piece.length));
  return [text, `${text}!`, `1${text}x`];
}

describe('an untrusted text', () => {
  it.each(READERS.flatMap(([name, read]) => PIECES.map((piece) => ({ name, read, piece }))))(
    'an untrusted text is read by $name in linear time, although it repeats $piece',
    { timeout: LINEAR_MS },
    ({ read, piece }) => {
      for (const text of longTexts(piece)) read(text);
    },
  );

  it.each(READERS)(
    'an untrusted text is read by %s without an error, whatever it contains',
    (_name, read) => {
      const texts = fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(fc.constantFrom(...PIECES)).map((all) => all.join('')),
      );
      fc.assert(fc.property(texts, (text) => void read(text)));
    },
  );
});

describe('an untrusted error', () => {
  it('an untrusted error is classified without a failure, whatever its members are', () => {
    const members = fc.dictionary(
      fc.constantFrom(
        'name',
        'message',
        'code',
        'cause',
        'status',
        '$metadata',
        '$retryable',
        'response',
        'headers',
      ),
      fc.anything({
        withBigInt: true,
        withDate: true,
        withMap: true,
        withSet: true,
        withNullPrototype: true,
      }),
    );
    fc.assert(
      fc.property(fc.oneof(members, fc.anything()), (error) => {
        expect(['throttle', 'transient', 'final']).toContain(classify(error).kind);
        isCredentialError(error);
        requestFailed({ operation: 'A.B', attempts: 1, error });
      }),
    );
  });
});

describe('an item nested 20,000 deep', () => {
  const deep = (depth: number) => JSON.parse(`${'[{"a":'.repeat(depth)}1${'}]'.repeat(depth)}`) as unknown;
  const chains: [string, (items: Listing<unknown>) => Listing<unknown>][] = [
    ['no operator', (items) => items],
    ['flatMap', (items) => items.flatMap((item) => [item, item])],
    ['pages', (items) => items.pages().flatMap(({ items }) => items)],
    ['batch', (items) => items.batch(2).flatMap((batch) => [...batch])],
    ['mapAsync', (items) => items.mapAsync(async (item) => item)],
  ];
  it.each(chains)(
    'an item nested 20,000 deep is delivered through %s, and a run resumes after it',
    async (_name, chain) => {
      const items = [{ id: 1, deep: deep(10_000) }, deep(10_000), deep(10_001), { id: 2 }];
      const list = () =>
        chain(fromPages<unknown>(async () => ({ items, next: undefined }), { query: { operation: 'rows' } }));
      const all = await list().toArray();
      const walk = list().open();
      for (let n = 1; n < all.length; n++) await walk.next();
      const rest: unknown[] = [];
      for await (const item of list().open({ from: walk.cursorAfter })) rest.push(item);
      expect(rest.length).toBeGreaterThanOrEqual(1);
      expect(rest.at(-1)).toBe(all.at(-1));
    },
  );
});
