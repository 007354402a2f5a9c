import { describe, expect, it } from 'vitest';
import { PageturnError } from '../../lib/core/errors.js';
import { checkedKey, defaultKey, identifierOf } from '../../lib/core/identity.js';

describe('the identifier of an item', () => {
  it.each([
    ['Id before Arn, id and arn', { arn: 'd', id: 'c', Arn: 'b', Id: 'a' }, 'a'],
    ['Arn before id and arn', { arn: 'd', id: 'c', Arn: 'b' }, 'b'],
    ['id before arn', { arn: 'd', id: 'c' }, 'c'],
    ['arn', { arn: 'd' }, 'd'],
    ['a number', { id: 1 }, '1'],
    ['the number 0', { id: 0 }, '0'],
    ['a negative fraction', { id: -1.5 }, '-1.5'],
    ['the largest safe integer', { id: Number.MAX_SAFE_INTEGER }, '9007199254740991'],
    ['a bigint', { id: 2n ** 64n }, '18446744073709551616'],
    ['the first usable one', { Id: '', Arn: null, id: 7 }, '7'],
    ['a string item itself', 'users', 'users'],
    ['a number item itself', 7, '7'],
  ])('the identifier of an item is %s', (_what, item, expected) => {
    expect(identifierOf(item)).toBe(expected);
    expect(defaultKey(item)).toBe(expected);
  });

  it.each([
    ['an object without one', { name: 'ada' }],
    ['an empty string', { Id: '' }],
    ['an object', { Id: { value: 1 } }],
    ['a boolean', { id: true }],
    ['NaN', { id: Number.NaN }],
    ['Infinity', { id: Number.POSITIVE_INFINITY }],
    ['a number too large to be exact', { id: 2 ** 53 }],
    ['null', null],
    ['undefined', undefined],
    ['an empty string item', ''],
  ])('the identifier of an item is never %s', (_what, item) => {
    expect(identifierOf(item)).toBeUndefined();
  });
});

it('the default key of an item without an identifier is a digest of its content', () => {
  expect(defaultKey({ name: 'ada', team: 'red' })).toBe(defaultKey({ team: 'red', name: 'ada' }));
  const items = [{ name: 'ada' }, { name: 'bob' }, { id: 2 ** 53, name: 'ada' }, { id: 2 ** 53 }];
  const others = [null, 'null', undefined, 'undefined', true, 'true', '', [], ['a'], Number.NaN];
  const keys = [...items, ...others].map(defaultKey);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.every((key) => key !== '')).toBe(true);
});

it.each<[string, unknown]>([
  ['an instance whose members are private', new URLSearchParams('a=1')],
  ['an error', new Error('a')],
  ['a promise', Promise.resolve(1)],
  ['a function', () => 1],
  ['a symbol', Symbol('a')],
])('%s is refused as an item without a key, because it looks like every other one', (_what, item) => {
  expect(() => defaultKey(item)).toThrow(
    'an item must be plain data, or have an identifier; pass the option key',
  );
});

it('items that JSON shows as the same have different keys', () => {
  const items = [
    1n,
    new Map([[1, 1]]),
    new Map([[1, 2]]),
    new Set([1]),
    new Set([2]),
    Number.NaN,
    Infinity,
    {},
    null,
  ];
  const others = [
    new Uint8Array([1]),
    new Uint8Array([2]).buffer,
    new URL('https://a.example'),
    /a/,
    /b/,
    new Date(0),
  ];
  expect(new Set([...items, ...others].map((value) => defaultKey({ value }))).size).toBe(15);
});

describe('a checked key', () => {
  it('a checked key is the string, number or bigint that key returns, as a string', () => {
    const key = checkedKey(({ of }: { of: string | number | bigint }) => of);
    expect([{ of: 'a' }, { of: 0 }, { of: 1.5 }, { of: 3n }].map(key)).toEqual(['a', '0', '1.5', '3']);
  });

  it.each([
    ['an empty string', '', '""'],
    ['undefined', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a boolean', true, 'true'],
    ['NaN', Number.NaN, 'NaN'],
    ['a number too large to be exact', 2 ** 53, '9007199254740992'],
    ['an object', {}, 'an object'],
    ['a promise', Promise.resolve('a'), 'a Promise'],
  ])('a checked key refuses %s', (_what, value, received) => {
    const key = checkedKey(() => value as never);
    expect(() => key({})).toThrow(
      expect.objectContaining({
        code: 'ERR_INVALID_ARGUMENT',
        message: `what key returns must be a non-empty string, a bigint, or a finite number up to Number.MAX_SAFE_INTEGER, received ${received}`,
      }),
    );
  });

  it('a checked key fails with ERR_CALLBACK_FAILED when key throws, with its error as the cause', () => {
    const cause = new Error('no such field');
    const key = checkedKey(() => {
      throw cause;
    });
    expect(() => key({})).toThrow(
      expect.objectContaining({
        code: 'ERR_CALLBACK_FAILED',
        message: 'the callback of key failed',
        cause,
      }),
    );
  });

  it('a checked key passes on an ERR_INVALID_ARGUMENT that key throws', () => {
    const mistake = new PageturnError('ERR_INVALID_ARGUMENT', 'no');
    const key = checkedKey(() => {
      throw mistake;
    });
    expect(() => key({})).toThrow(mistake);
  });

  it('a checked key needs a function', () => {
    expect(() => checkedKey('Id' as never)).toThrow(
      'key must be a function from an item to its identity, received "Id"',
    );
  });
});
