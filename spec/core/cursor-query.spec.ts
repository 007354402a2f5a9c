import { expect, it } from 'vitest';
import { Cursor } from '../../lib/core/cursor.js';
import { queryOf } from '../../lib/core/query-of.js';
import { fromPages } from '../../lib/from-pages.js';
import { cursorAt } from '../support/cursor-at.js';

it('an input field that is undefined is not part of a query', () => {
  const query = queryOf('Connect.SearchUsers', { InstanceId: 'i-1', SearchFilter: undefined });
  expect(query).toEqual(queryOf('Connect.SearchUsers', { InstanceId: 'i-1' }));
  expect(Object.keys(query.input)).toEqual(['InstanceId']);
});

it('a cursor opens a listing of the same query, whether undefined fields are written out or left out', async () => {
  const list = (input: object) =>
    fromPages(async () => ({ items: [1, 2], next: undefined }), { query: { operation: 'rows', input } });
  const walk = list({ team: 'red', after: undefined }).open();
  await walk.next();
  await walk.next();
  const rest: number[] = [];
  for await (const row of list({ team: 'red' }).open({ from: walk.cursor })) rest.push(row);
  expect(rest).toEqual([2]);
  expect(() => Cursor.parse(walk.cursor, queryOf('rows', { team: 'red' }))).not.toThrow();
});

it('a field that is null or false is part of a query', () => {
  const { input } = queryOf('rows', { a: null, b: false, c: 0, d: '' });
  expect(Object.keys(input)).toEqual(['a', 'b', 'c', 'd']);
});

it.each<[string, unknown]>([
  ['a string', 'rows'],
  ['an empty string', ''],
  ['0', 0],
  ['false', false],
  ['null', null],
  ['a list', []],
  ['a function', () => {}],
  ['an empty object', {}],
  ['an object without an input', { operation: 'rows' }],
  ['an input that is null', { operation: 'rows', input: null }],
  ['an input with values instead of digests', { operation: 'rows', input: { page: 1 } }],
  ['an operation that is a number', { operation: 1, input: {} }],
  [
    'an object that cannot be read',
    Object.defineProperty({ input: {} }, 'operation', {
      enumerable: true,
      get: () => {
        throw new Error('gone');
      },
    }),
  ],
])('Cursor.parse refuses %s as a query', (_what, query) => {
  const parse: (value: unknown, query: unknown) => unknown = Cursor.parse as never;
  expect(() => parse(cursorAt(1), query)).toThrow(
    expect.objectContaining({
      code: 'ERR_INVALID_ARGUMENT',
      message: expect.stringContaining('query must be the query of a cursor'),
    }),
  );
});
