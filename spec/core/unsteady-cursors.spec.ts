import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckpointStore } from '../../lib/core/checkpoint-store.js';
import { Cursor } from '../../lib/core/cursor.js';
import { fromPages } from '../../lib/from-pages.js';
import { memoryCheckpoint } from '../../lib/listing/traversal/memory-checkpoint.js';
import { fileCheckpoint } from '../../lib/node/file-checkpoint.js';
import { cursorAt } from '../support/cursor-at.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pageturn-unsteady-'));
});
afterAll(() => rm(folder, { recursive: true }));
let count = 0;

/** Gives another value each time it is read. */
function unsteady(...values: unknown[]): PropertyDescriptor {
  let reads = 0;
  return { enumerable: true, get: () => values[Math.min(reads++, values.length - 1)] };
}

type Fields = Readonly<Record<string, PropertyDescriptor>>;
const withFields = (fields: Fields): Cursor & { readonly note?: unknown } =>
  Object.defineProperties({ ...cursorAt(1) }, fields);

const UNSTEADY: readonly (readonly [string, () => Cursor & { readonly note?: unknown }])[] = [
  ['a field that counts its reads', () => withFields({ offset: unsteady(1, 2, 3, 4, 5, 6, 7, 8) })],
  ['a field that becomes invalid', () => withFields({ offset: unsteady(1, Number.NaN) })],
  ['an own field that counts its reads', () => withFields({ note: unsteady(1, 2, 3, 4, 5, 6, 7, 8) })],
  ['an own field that becomes a Map', () => withFields({ note: unsteady('a', new Map()) })],
  [
    'an own field with an unsteady member',
    () => ({ ...cursorAt(1), note: Object.defineProperties({}, { at: unsteady(1, Number.NaN, 3) }) }),
  ],
  ['a query that becomes another', () => withFields({ query: unsteady(cursorAt(1).query, {}, undefined) })],
  ['a Proxy', () => new Proxy(cursorAt(1), {})],
];

const circular: { self?: unknown } = {};
circular.self = circular;

const STORES: readonly (readonly [string, () => CheckpointStore])[] = [
  ['fileCheckpoint', () => fileCheckpoint(join(folder, `${count++}.json`))],
  ['memoryCheckpoint', () => memoryCheckpoint()],
];

describe('a cursor whose fields change while they are read', () => {
  for (const [name, create] of STORES) {
    it.each(UNSTEADY)(
      `%s is saved by ${name} as it was checked, and can be loaded`,
      async (_what, cursor) => {
        const store = create();
        await store.save('rows', cursor());
        expect(Cursor.parse(await store.load('rows'))).toMatchObject({ version: 2, offset: 1 });
        await store.save('other', cursorAt(2));
        expect(await store.load('other')).toEqual(cursorAt(2));
      },
    );

    it(`a cursor that could not be loaded again is not saved by ${name}`, async () => {
      const store = create();
      await store.save('rows', cursorAt(1));
      const bad = { ...cursorAt(2), offset: -1 };
      await expect(store.save('rows', bad)).rejects.toMatchObject({ code: 'ERR_CURSOR_MISMATCH' });
      expect(await store.load('rows')).toEqual(cursorAt(1));
    });
  }

  it('the checksum of a checkpoint file belongs to what is in the file', async () => {
    const path = join(folder, 'sum.json');
    await fileCheckpoint(path).save('rows', withFields({ note: unsteady(1, 2, 3) }));
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ entries: { rows: { note: 1 } } });
    expect(await fileCheckpoint(path).load('rows')).toMatchObject({ note: 1 });
  });

  it('a traversal opened at an unsteady cursor begins where the checked cursor says', async () => {
    const items = ['a', 'b', 'c', 'd'];
    const list = () => fromPages(async () => ({ items, next: undefined }));
    const walk = list().open();
    for (let i = 0; i < 3; i++) await walk.next();
    const { cursor } = walk;
    const fields = { offset: unsteady(cursor.offset, 0, 0, 0), seen: unsteady(cursor.seen, undefined, '') };
    const from = Object.defineProperties({ ...cursor }, fields);
    const rest: string[] = [];
    for await (const item of list().open({ from })) rest.push(item);
    expect(rest).toEqual(['c', 'd']);
  });

  it('a cursor whose field throws when it is read is not a cursor', () => {
    const cursor = Object.defineProperty({ ...cursorAt(1) }, 'offset', {
      enumerable: true,
      get: () => {
        throw new Error('gone');
      },
    });
    expect(() => Cursor.parse(cursor)).toThrow(expect.objectContaining({ code: 'ERR_CURSOR_MISMATCH' }));
  });

  it.each<[string, unknown]>([
    ['a bigint', 2n],
    ['an object within itself', circular],
    [
      'an object whose toJSON throws',
      {
        toJSON: () => {
          throw new Error('gone');
        },
      },
    ],
    ['a symbol', Symbol('2')],
  ])('a cursor whose version is %s is not a cursor', (_what, version) => {
    expect(() => Cursor.parse({ ...cursorAt(1), version })).toThrow(
      expect.objectContaining({
        code: 'ERR_CURSOR_MISMATCH',
        message: expect.stringContaining('has an unknown version'),
      }),
    );
  });

  it('a cursor that is changed after it was parsed or opened does not move', async () => {
    const source = { ...cursorAt(1), counts: { '0.take': 1 }, chain: ['take'] };
    const parsed = Cursor.parse(source);
    source.counts['0.take'] = 7;
    source.chain.push('drop');
    expect(parsed).toMatchObject({ counts: { '0.take': 1 }, chain: ['take'] });
  });
});

describe('Cursor.countOf', () => {
  const cursor = { ...cursorAt(1), counts: { '0.take': 3 }, chain: ['take'] };

  it('Cursor.countOf reads what an operator has counted, and 0 for one that the chain does not have', () => {
    expect(Cursor.countOf(cursor, 'take')).toBe(3);
    expect(Cursor.countOf(cursor, 'drop')).toBe(0);
    expect(Cursor.countOf(cursorAt(1), 'take')).toBe(0);
  });

  it.each([undefined, null, {}, 'x', 7, { version: 1 }, { ...cursor, counts: { '0.take': 'many' } }])(
    'Cursor.countOf refuses %j, which is not a cursor',
    (value) => {
      const count: (cursor: unknown, operator: unknown) => unknown = Cursor.countOf as never;
      expect(() => count(value, 'take')).toThrow(expect.objectContaining({ code: 'ERR_CURSOR_MISMATCH' }));
    },
  );

  it.each(['map', 'Take', '0.take', undefined, 7])('Cursor.countOf refuses to count %j', (operator) => {
    const count: (cursor: unknown, operator: unknown) => unknown = Cursor.countOf as never;
    expect(() => count(cursor, operator)).toThrow(
      expect.objectContaining({
        code: 'ERR_INVALID_ARGUMENT',
        message: expect.stringContaining("operator must be 'take', 'drop' or 'dropWhile'"),
      }),
    );
  });
});
