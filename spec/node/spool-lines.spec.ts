import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { csv, type Format, json, ndjson } from '../../lib/destinations/formats/index.js';
import { jsonText } from '../../lib/destinations/formats/json-text.js';
import { fromPages } from '../../lib/from-pages.js';
import { newTotals } from '../../lib/listing/drain/drain-totals.js';
import { RowEncoder } from '../../lib/node/spool/row-encoder.js';
import { Spool } from '../../lib/node/spool/spool.js';
import { HEADER, readRowLines, readRows } from '../../lib/node/spool/spool-lines.js';
import { parquet } from '../../lib/parquet/parquet.js';
import { temporaryFolders } from '../support/temporary-folders.js';

const newFolder = temporaryFolders('spool-lines');
let path: string;
beforeAll(async () => {
  path = join(await newFolder(), 'spool');
});

const encoder = new RowEncoder();

/** What is read from a spool that the rows were written to, one batch at a time. */
async function spooled(...batches: (readonly unknown[])[]) {
  const parts = batches.map((rows) => {
    encoder.encode(rows);
    return Buffer.from(encoder.end('\t{"$position":{"cursor":"\\t"}}\n'));
  });
  const text = Buffer.concat([Buffer.from(HEADER), ...parts]);
  await writeFile(path, text);
  const file = await open(path);
  try {
    const rows: unknown[] = [];
    for await (const chunk of readRows(file, text.length)) rows.push(...chunk);
    const lines: Uint8Array[] = [];
    for await (const chunk of readRowLines(file, text.length)) lines.push(Buffer.from(chunk));
    return { rows, lines: Buffer.concat(lines).toString(), text: await readFile(path, 'utf8') };
  } finally {
    await file.close();
  }
}

/**
 * Node 24 and 26 read a member name that is one escaped character, such as a quote or a line feed, as a backslash once they
 * have read a backslash in its place: https://github.com/nodejs/node/issues/63785.
 */
const misreadsNames = (() => {
  JSON.parse('{"h":[],"\\\\":0}');
  return Object.keys(JSON.parse('{"h":1,"\\"":2}') as object)[1] !== '"';
})();
const isMisread = (text: string) => text.length === 1 && JSON.stringify(text).length > 3;

const name = fc
  .oneof(
    fc.string(),
    fc.constantFrom('$date', '$position', '$types', '__proto__', 'toString', 'constructor', '\t', '\n'),
  )
  .filter((text) => !(misreadsNames && isMisread(text)));
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

it('any row is the same when it is read back from the spool, and its line is that of NDJSON', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(value), { maxLength: 3 }), async (batches) => {
      const { rows, lines } = await spooled(...batches);
      expect(rows).toEqual(batches.flat());
      expect(lines).toBe(
        batches
          .flat()
          .map((row) => `${jsonText(row)}\n`)
          .join(''),
      );
    }),
    { numRuns: 40 },
  );
});

/** The bytes of rows in a format, in chunks that differ from those of the spool. */
async function encoded(format: Format<unknown>, rows: readonly unknown[]) {
  const chunks = {
    async *[Symbol.asyncIterator]() {
      for (const row of rows) yield [row];
    },
  };
  const bytes: Uint8Array[] = [];
  for await (const chunk of format.encode(chunks)) bytes.push(chunk);
  return Buffer.concat(bytes).toString('latin1');
}

/** The bytes of rows in a format, written to a spool and published from there. */
async function published(format: Format<unknown>, batches: readonly (readonly unknown[])[]) {
  const spool = await Spool.open(join(await newFolder(), 'spool'), { signal: new AbortController().signal });
  try {
    for (const rows of batches) await spool.write(rows, POSITION);
    return await spool.publish(format, async (chunks) => {
      const bytes: Uint8Array[] = [];
      for await (const chunk of chunks) bytes.push(Buffer.from(chunk));
      return Buffer.concat(bytes).toString('latin1');
    });
  } finally {
    await spool.close();
  }
}

const { cursor } = fromPages(async () => ({ items: [], next: null })).open();
const POSITION = { fence: 1, cursor, totals: newTotals('2026-01-01T00:00:00.000Z') };

it.each([
  ['csv', csv()],
  ['csv with columns', csv({ columns: ['at', 'at.length', 'value', 'list', 'list.0'] })],
  ['json', json()],
  ['ndjson', ndjson()],
  ['parquet', parquet()],
  [
    'parquet with types',
    parquet({
      columns: [
        { key: 'at', type: 'timestamp' },
        { key: 'list', type: 'json' },
        { key: 'value', type: 'string' },
        { key: 'at', name: 'text', type: 'string' },
      ],
    }),
  ],
])('rows from a spool are the same %s as rows that never were in one', async (_, format) => {
  const at = fc.date({ noInvalidDate: false });
  const row = fc.oneof(
    fc.record({ at, list: value, value }, { requiredKeys: [] }),
    fc.record({ at, list: fc.array(at) }),
    at,
    value,
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(row), { maxLength: 3 }), async (batches) => {
      expect(await published(format, batches)).toBe(await encoded(format, batches.flat()));
    }),
    { numRuns: 15 },
  );
});

it('rows are the same when they are read from a spool that is longer than a block', async () => {
  const batches = Array.from({ length: 4 }, (_, batch) =>
    Array.from({ length: 700 }, (_, n) => ({
      Id: `${batch}-${n}`,
      at: n % 3 === 0 ? new Date(n) : 'never',
      text: `é${'x'.repeat(n)}\u{1f600}`,
    })),
  );
  const { rows, lines } = await spooled(...batches);
  expect(rows).toEqual(batches.flat());
  expect(lines.split('\n')).toHaveLength(2_801);
  expect(await published(json(), batches)).toBe(await encoded(json(), batches.flat()));
});

it('a row that is longer than several blocks is read from the spool', async () => {
  const rows = [{ Id: 'a' }, { Id: 'b'.repeat(1_000_000), big: 1n }, { Id: 'c' }];
  expect((await spooled(rows)).rows).toEqual(rows);
});

it('a member that is undefined or a function is left out of the spool, and a row that is undefined becomes null', async () => {
  const { rows } = await spooled([{ a: undefined, b() {}, c: [undefined] }, undefined]);
  expect(rows).toEqual([{ c: [null] }, null]);
});

it('an object with toJSON is spooled as what that returns', async () => {
  const { rows } = await spooled([{ url: new URL('https://a.example/'), own: { toJSON: () => 5n } }]);
  expect(rows).toEqual([{ url: 'https://a.example/', own: 5n }]);
});

it('the spool of rows with the same types names them once', async () => {
  const { text } = await spooled([{ at: new Date(5) }, { at: new Date(6) }, { n: 1n, s: new Set([1]) }, {}]);
  expect(text.split('\n').slice(1, 6)).toEqual([
    '\t{"$types":[[2,[["at"]]],[1,[],[["bigint","n"],["Set","s"]]],[1]]}',
    '{"at":"1970-01-01T00:00:00.005Z"}',
    '{"at":"1970-01-01T00:00:00.006Z"}',
    '{"n":"1","s":[1]}',
    '{}',
  ]);
  expect((await spooled([{ a: 1 }, [2], 'x'])).text.split('\n').slice(1, 4)).toEqual([
    '{"a":1}',
    '[2]',
    '"x"',
  ]);
});
