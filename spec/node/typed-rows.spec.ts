import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { changes, snapshot } from '../../lib/node/index.js';
import { decodeRow, encodeRow } from '../../lib/node/snapshot/row.js';

const roundTrip = (item: unknown) => decodeRow(encodeRow('"k"', item)).item;

describe('a row of a snapshot', () => {
  it.each<[string, unknown]>([
    ['bigints', { a: 1n, b: [-(2n ** 80n)] }],
    ['NaN and infinities', { a: Number.NaN, b: [Infinity, -Infinity] }],
    ['Dates', { a: new Date(0), b: [{ c: new Date(1) }] }],
    ['bytes', { a: new Uint8Array([1, 2, 255]), b: new Uint8Array() }],
    ['Sets', { a: new Set(['x', 'y']), b: new Set() }],
    [
      'Maps',
      {
        a: new Map<unknown, unknown>([
          ['x', 1],
          [2, { y: 1n }],
        ]),
      },
    ],
    [
      'all of these in each other',
      new Map([['k', new Set([new Map([[1n, [new Date(5), Number.NaN]]]), 2n])]]),
    ],
    ['members of a prototype', JSON.parse('{"__proto__":{"a":1},"constructor":{"prototype":2}}')],
    ['plain JSON', { a: [1, 'x', null, true, { b: [] }] }],
    ['a bigint itself', 7n],
    ['null', null],
  ])('a row of a snapshot keeps %s', (_what, item) => {
    expect(roundTrip(item)).toEqual(item);
  });

  it.each<[string, readonly unknown[]]>([
    ['a Map', ['x', new Map([[1, 2]])]],
    ['a bigint', ['x', 10n]],
    ['NaN', ['x', Number.NaN]],
    ['text', [10n, 'x']],
    ['an error', [1]],
  ])('a getter of an item that becomes %s is in the row as it was read first', (_what, values) => {
    for (const more of [{}, { size: 1n }]) {
      let reads = 0;
      const item = Object.defineProperty({ ...more }, 'at', {
        enumerable: true,
        get: () => {
          if (reads >= values.length) throw new Error('gone');
          return values[reads++];
        },
      });
      expect(roundTrip({ inner: [item] })).toEqual({ inner: [{ ...more, at: values[0] }] });
    }
  });

  it('a row of a snapshot keeps a string in an object as JSON does', () => {
    expect(roundTrip({ a: Object('text') })).toEqual({ a: 'text' });
  });

  it('a row of a snapshot keeps the bytes of every view, and the enumerable members of an instance', () => {
    const bytes = new Uint8Array([1, 2]);
    for (const same of [Buffer.from(bytes), bytes.buffer, new DataView(bytes.buffer)])
      expect(roundTrip({ same })).toEqual({ same: bytes });
    class Team {
      readonly size = 2n;
    }
    class Named {
      toJSON = () => ({ name: new Set(['a']) });
    }
    expect(roundTrip({ team: new Team(), named: new Named() })).toEqual({
      team: { size: 2n },
      named: { name: new Set(['a']) },
    });
    expect(roundTrip({ site: new URL('https://a.example/') })).toEqual({ site: 'https://a.example/' });
  });

  it('equal Maps and Sets have the same row, in whatever order they were filled', () => {
    expect(encodeRow('"k"', { a: new Set(['x', 'y']) })).toBe(encodeRow('"k"', { a: new Set(['y', 'x']) }));
    const pairs: [string, number][] = [
      ['x', 1],
      ['y', 2],
    ];
    expect(encodeRow('"k"', new Map(pairs))).toBe(encodeRow('"k"', new Map(pairs.toReversed())));
  });

  it('encoding a row does not change the item', () => {
    const item = { Id: 'a', tags: new Set(['x']), size: 1n, deep: { list: [Number.NaN] } };
    const before = structuredClone(item);
    encodeRow('"a"', item);
    expect(item).toEqual(before);
  });
});

it('changes in bigints, NaN, Maps, Sets and bytes are seen between two snapshots', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pageturn-typed-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const pairs: [string, unknown, unknown][] = [
    ['bigint', 1n, 2n],
    ['bigint and text', 1n, '1'],
    ['nan', Number.NaN, null],
    ['infinity', Infinity, -Infinity],
    ['map', new Map([['a', 1]]), new Map([['a', 2]])],
    ['set', new Set(['a']), new Set(['b'])],
    ['set and list', new Set(['a']), ['a']],
    ['bytes', new Uint8Array([1]), new Uint8Array([2])],
    ['buffer', new Uint8Array([1]).buffer, new Uint8Array([2]).buffer],
  ];
  const list = async function* (nth: 1 | 2) {
    for (const pair of pairs)
      yield { Id: pair[0], same: new Set([1n, nth === 1 ? 2n : 2n]), value: pair[nth] };
  };
  const path = join(folder, 'users.snapshot');
  await snapshot(list(1), path);
  const updated: unknown[] = [];
  for await (const { type, key } of changes(path, list(2))) updated.push([type, key]);
  expect(updated.sort()).toEqual(pairs.map(([key]) => ['updated', key]).sort());
  for await (const change of changes(path, list(1))) expect(change).toBeUndefined();
});
