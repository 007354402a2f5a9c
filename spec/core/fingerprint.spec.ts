import { expect, it } from 'vitest';
import { fingerprint } from '../../lib/core/fingerprint.js';

it('a fingerprint depends on the content, not on the order of the keys', () => {
  expect(fingerprint({ a: 1, b: { c: [2], d: 3 } })).toBe(fingerprint({ b: { d: 3, c: [2] }, a: 1 }));
});

it('values that look alike in JSON or as text have different fingerprints', () => {
  const values = [1, '1', 1n, '1n', true, 'true', null, 'null', undefined, Number.NaN, Infinity, '', {}, []];
  const others = [{ b: 1 }, '{"b":1}', /a/, /b/, new Set([1]), new Set([2]), new Map([[1, 2]]), [[1, 2]]];
  const all = [...values, ...others].flatMap((value) => [fingerprint(value), fingerprint({ value })]);
  // A field that is undefined counts as missing.
  expect(new Set(all).size).toBe(all.length - 1);
});

it('a value that contains itself has a fingerprint, and one that contains another twice depends on content alone', () => {
  const ring: Record<string, unknown> = { name: 'ring' };
  ring['self'] = ring;
  expect(fingerprint(ring)).not.toBe(fingerprint({ ...ring, name: 'other' }));
  const part = { a: 1 };
  expect(fingerprint({ x: part, y: part })).toBe(fingerprint({ x: { a: 1 }, y: { a: 1 } }));
});

it('a value that is not plain data is known by its toJSON, or by its enumerable members', () => {
  class Point {
    readonly x: number;
    constructor(x: number) {
      this.x = x;
    }
  }
  expect(fingerprint(new Point(1))).toBe(fingerprint({ x: 1 }));
  expect(fingerprint(new URL('https://a.example/'))).not.toBe(fingerprint(new URL('https://b.example/')));
  expect(fingerprint({ a: 1, f: () => 1, [Symbol('s')]: 2, s: Symbol('s') })).toBe(fingerprint({ a: 1 }));
  class Tags extends Map<string, number> {}
  expect(fingerprint(new Tags([['a', 1]]))).not.toBe(fingerprint(new Tags([['a', 2]])));
  const endless = Object.setPrototypeOf({}, { toJSON: () => ({ again: endless }) });
  expect(fingerprint({ endless })).toBe(fingerprint({ endless }));
});

it('values that hold each other in maps and sets have a fingerprint', () => {
  const ring = new Map<string, unknown>([['a', new Set()]]);
  (ring.get('a') as Set<unknown>).add(ring);
  expect(fingerprint(ring)).not.toBe(fingerprint(new Map([['b', new Set([ring])]])));
});

it('a fingerprint never changes, because cursors and checkpoint files hold them', () => {
  expect([{ a: 1 }, 'users', ''].map((value) => fingerprint(value))).toEqual([
    '1e411ovyzjp',
    '1lcz2exberr',
    '22xyq1aqznr',
  ]);
});
