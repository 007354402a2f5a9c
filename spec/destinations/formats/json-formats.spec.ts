import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { json, ndjson } from '../../../lib/destinations/formats/index.js';
import { encoded } from './encoded.js';

const parseLines = (text: string): unknown[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown);

const FORMATS = [
  ['ndjson', ndjson(), parseLines],
  ['json', json(), (text: string) => JSON.parse(text) as unknown[]],
] as const;

describe.each(FORMATS)('the format %s', (name, format, parse) => {
  it(`${name} writes each row on a separate line, whatever is in it`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue()), async (rows) => {
        const expected = JSON.parse(JSON.stringify(rows)) as unknown[];
        const text = await encoded(format, rows);
        expect(parse(text)).toEqual(expected);
        const closing = name === 'json' ? 1 : 0;
        expect(text.split('\n')).toHaveLength(rows.length + closing + 1);
      }),
    );
  });

  it(`${name} writes dates in ISO 8601, an invalid one as null`, async () => {
    const rows = [{ at: new Date(0) }, { at: new Date(Number.NaN) }];
    expect(parse(await encoded(format, rows))).toEqual([{ at: '1970-01-01T00:00:00.000Z' }, { at: null }]);
  });

  it(`${name} writes values that JSON does not have as values that it has`, async () => {
    const rows = [
      { big: 2n ** 64n, bytes: new Uint8Array([0, 255, 1]), buffer: Buffer.from('é') },
      { set: new Set(['a', 'b']), map: new Map([['a', 1n]]), gone: undefined },
      undefined,
    ];
    expect(parse(await encoded(format, rows))).toEqual([
      { big: '18446744073709551616', bytes: 'AP8B', buffer: 'w6k=' },
      { set: ['a', 'b'], map: [['a', '1']] },
      null,
    ]);
  });

  it(`${name} escapes what would move the cursor of a terminal or break a line`, async () => {
    const rows = [{ name: '\u001b[2J\u007f\u009b2J\u202e\u2028\ud800 "quoted"\n' }];
    const text = await encoded(format, rows);
    expect(text).toMatch(/^[\x20-\x7e\n]*$/);
    expect(parse(text)).toEqual(rows);
  });
});

it('json without rows is an empty array, and ndjson is empty', async () => {
  expect(await encoded(json(), [])).toBe('[]\n');
  expect(await encoded(ndjson(), [])).toBe('');
});
