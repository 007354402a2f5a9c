import { describe, expect, it } from 'vitest';
import { queryOf } from '../../lib/core/query-of.js';

class Region {
  readonly name = 'eu-central-1';
}

describe('a query', () => {
  it.each<[string, object, string]>([
    ['a function', { filter: () => true }, 'the input field filter'],
    ['a symbol', { filter: Symbol('filter') }, 'the input field filter'],
    ['an instance of a class', { region: new Region() }, 'the input field region'],
    ['an instance within an object', { where: { region: new Region() } }, 'the input field where.region'],
    ['a function within a list', { filters: ['a', () => true] }, 'the input field filters.1'],
    ['an instance within a map', { by: new Map([['eu', new Region()]]) }, 'the input field by.0'],
    ['a function within a set', { any: new Set([queryOf]) }, 'the input field any'],
    ['an error', { cause: new Error('it broke') }, 'the input field cause'],
    ['a promise', { value: Promise.resolve(1) }, 'the input field value'],
  ])('a query refuses %s, and names the field', (_what, input, field) => {
    expect(() => queryOf('rows', { plain: 1, ...input })).toThrow(
      expect.objectContaining({
        code: 'ERR_INVALID_ARGUMENT',
        message: expect.stringContaining(field),
      }),
    );
  });

  it('a query accepts plain data of every kind', () => {
    const loop: Record<string, unknown> = { name: 'loop' };
    loop['self'] = loop;
    const input = {
      text: 'a',
      count: 1n,
      none: null,
      list: [1, { deep: [true] }],
      day: new Date(0),
      bytes: new Uint8Array([1, 2]),
      map: new Map([['a', 1]]),
      set: new Set([1]),
      bare: Object.assign(Object.create(null), { a: 1 }),
      loop,
    };
    expect(Object.keys(queryOf('rows', input).input).sort()).toEqual(Object.keys(input).sort());
  });

  it('two queries are equal if their fields have the same values, in any order', () => {
    const query = queryOf('rows', { a: 1, b: [1, 2] });
    expect(JSON.stringify(queryOf('rows', { b: [1, 2], a: 1 }))).toBe(JSON.stringify(query));
    expect(queryOf('rows', { a: 1, b: [2, 1] })).not.toEqual(query);
    expect(queryOf('rows')).toEqual({ operation: 'rows', input: {} });
  });
});
