import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readSpooled, spooledText } from '../../lib/node/spool/spooled-text.js';

const name = fc.oneof(
  fc.string(),
  fc.constantFrom('$date', '$$date', '$', '$position', '$set', '__proto__', 'toString', 'constructor'),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.double().filter((n) => !Object.is(n, -0)),
      fc.bigInt(),
      fc.boolean(),
      fc.constant(null),
      fc.date({ noInvalidDate: false }),
      fc.uint8Array(),
    ),
    fc.array(tie('value')),
    fc.array(fc.tuple(name, tie('value'))).map((members) => Object.fromEntries(members)),
    fc.array(tie('value')).map((list) => new Set(list)),
    fc.array(fc.tuple(tie('value'), tie('value'))).map((pairs) => new Map(pairs)),
  ),
}));

it('a value is the same when it is read from the text of the spool, whatever it consists of', () => {
  fc.assert(
    fc.property(value, (one) => {
      const text = spooledText(one);
      expect(text).not.toContain('\n');
      expect(readSpooled(text)).toEqual(one);
    }),
    { numRuns: 2_000 },
  );
});

it('a member that is undefined or a function is left out, as in JSON, and a row that is undefined becomes null', () => {
  expect(readSpooled(spooledText({ a: undefined, b() {}, c: [undefined] }))).toEqual({ c: [null] });
  expect(readSpooled(spooledText(undefined))).toBeNull();
});

it('an object that says what it is in JSON is spooled as that', () => {
  expect(readSpooled(spooledText({ url: new URL('https://a.example/'), own: { toJSON: () => 5n } }))).toEqual(
    {
      url: 'https://a.example/',
      own: 5n,
    },
  );
});

it.each<[string, unknown]>([
  ['{"at":{"$date":5}}', { at: new Date(5) }],
  ['{"at":{"$date":null}}', { at: new Date(Number.NaN) }],
  ['{"big":{"$bigint":"5"},"bytes":{"$bytes":"AQ=="}}', { big: 5n, bytes: new Uint8Array([1]) }],
  ['[{"$number":"NaN"},{"$set":[1]},{"$map":[["a",1]]}]', [Number.NaN, new Set([1]), new Map([['a', 1]])]],
  ['{"$$date":5}', { $date: 5 }],
])('the documented form of a value in the spool is %s', (text, one) => {
  expect(spooledText(one)).toBe(text);
});
