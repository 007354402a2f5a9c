import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet';
import { expect, it } from 'vitest';
import { fromPages } from '../../lib/from-pages.js';
import { file } from '../../lib/node/file-destination.js';
import { type ParquetOptions, parquet } from '../../lib/parquet/index.js';
import { temporaryFolders } from '../support/temporary-folders.js';

const newFolder = temporaryFolders('parquet');

function chunked(rows: readonly unknown[], size = 2) {
  return {
    async *[Symbol.asyncIterator]() {
      for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size);
    },
  };
}

async function encoded(rows: readonly unknown[], options?: ParquetOptions, size?: number) {
  const bytes: Uint8Array[] = [];
  for await (const chunk of parquet(options).encode(chunked(rows, size))) bytes.push(chunk);
  const all = Buffer.concat(bytes);
  const buffer = all.buffer.slice(all.byteOffset, all.byteOffset + all.length) as ArrayBuffer;
  return { chunks: bytes, buffer };
}

const read = (file: ArrayBuffer) => parquetReadObjects({ file, utf8: false });

async function roundTrip(rows: readonly unknown[], options?: ParquetOptions): Promise<unknown[]> {
  return read((await encoded(rows, options)).buffer);
}

const columnsOf = (buffer: ArrayBuffer) =>
  parquetSchema(parquetMetadata(buffer)).children.map(({ element }) => [
    element.name,
    element.converted_type ?? element.type,
  ]);

it('a column has the type that fits all its values', async () => {
  const rows = [
    { Id: 'a', at: new Date(5), n: 1, x: 1, ok: true, bytes: new Uint8Array([1, 255]), tags: { a: ['b'] } },
    { Id: 'b', at: undefined, n: 2n ** 60n, x: 0.5, more: null },
  ];
  const { buffer } = await encoded(rows);
  expect(columnsOf(buffer)).toEqual([
    ['Id', 'UTF8'],
    ['at', 'TIMESTAMP_MILLIS'],
    ['n', 'INT64'],
    ['x', 'DOUBLE'],
    ['ok', 'BOOLEAN'],
    ['bytes', 'BYTE_ARRAY'],
    ['tags', 'JSON'],
    ['more', 'UTF8'],
  ]);
  const none = { at: null, ok: null, bytes: null, tags: null, more: null };
  expect(await read(buffer)).toEqual([
    { ...none, ...rows[0], n: 1n },
    { ...none, ...rows[1], at: null },
  ]);
});

it('values of several types in one column are texts, as in CSV', async () => {
  const rows = [{ a: 1 }, { a: 'x' }, { a: new Date(0) }, { a: { b: 2n } }, { a: new Date(Number.NaN) }];
  expect(await roundTrip(rows)).toEqual(
    ['1', 'x', '1970-01-01T00:00:00.000Z', '{"b":"2"}', null].map((a) => ({ a })),
  );
});

it('columns are chosen, renamed and typed, also members of members', async () => {
  const rows = [{ Id: 'a', Info: { Email: 'a@b' }, since: 86_400_000, count: 7, gone: 'x' }];
  const { buffer } = await encoded(rows, {
    columns: [
      { key: 'since', name: 'day', type: 'timestamp' },
      'Info.Email',
      { key: 'count', type: 'int32' },
      { key: 'Info', type: 'json' },
    ],
  });
  expect(await read(buffer)).toEqual([
    { day: new Date(86_400_000), 'Info.Email': 'a@b', count: 7, Info: { Email: 'a@b' } },
  ]);
  expect(columnsOf(buffer).map(([, type]) => type)).toEqual(['TIMESTAMP_MILLIS', 'UTF8', 'INT32', 'JSON']);
});

it('a timestamp out of range is a blank cell', async () => {
  const rows = [new Date(Number.NaN), 8.64e15 + 1, 'no date', '2026-02-30T99:00', new Date(8.64e15)];
  const at = await roundTrip(
    rows.map((one) => ({ at: one })),
    { columns: [{ key: 'at', type: 'timestamp' }] },
  );
  expect(at).toEqual([null, null, null, null, new Date(8.64e15)].map((one) => ({ at: one })));
});

it.each<[string, unknown]>([
  ['int32', 2 ** 31],
  ['int32', 'seven'],
  ['int64', 2n ** 63n],
  ['int64', 0.5],
  ['double', '1'],
  ['double', 2n ** 60n + 1n],
  ['boolean', 'true'],
  ['timestamp', {}],
  ['bytes', 'x'],
])('a value that does not fit a column of type %s is an error without the value', async (type, value) => {
  const rows = [{ a: null }, { a: undefined }, { a: value }];
  const columns = [{ key: 'a', type: type as 'int32' }];
  await expect(encoded(rows, { columns })).rejects.toMatchObject({
    code: 'ERR_DESTINATION_FAILED',
    message: `row 3 does not fit column "a" of type ${type}; give the column another type, such as string, and run the same drain again`,
  });
});

it('texts come back as they were, lone surrogates as U+FFFD', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), async (texts) => {
      const rows = texts.map((text) => ({ text, list: [text] }));
      const expected = texts.map((text) => ({ text: Buffer.from(text).toString(), list: [text] }));
      expect(await roundTrip(rows)).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});

it('rows that are not objects are a column "value", and a listing without rows is a file without rows', async () => {
  expect(await roundTrip(['a', 'b'])).toEqual([{ value: 'a' }, { value: 'b' }]);
  expect(await roundTrip([])).toEqual([]);
  expect(await roundTrip([], { columns: ['Id', { key: 'n', type: 'int32' }] })).toEqual([]);
});

it('rows are written in groups, of which each is given out before the next one is gathered', async () => {
  const rows = Array.from({ length: 24_000 }, (_, n) => ({ n }));
  const { buffer, chunks } = await encoded(rows, { columns: [{ key: 'n', type: 'int32' }] }, 1_000);
  expect(parquetMetadata(buffer).row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([
    10_000, 10_000, 4_000,
  ]);
  expect(chunks).toHaveLength(3);
  const long = Array.from({ length: 9 }, (_, n) => ({ text: String(n).repeat(1_048_576) }));
  const groups = parquetMetadata((await encoded(long, { columns: ['text'] })).buffer).row_groups;
  expect(groups.map(({ num_rows }) => Number(num_rows))).toEqual([4, 4, 1]);
});

it('DuckDB reads the file that a drain writes, with its types', async () => {
  const path = join(await newFolder(), 'users.parquet');
  const users = Array.from({ length: 2_500 }, (_, n) => ({
    Id: `u${n}`,
    Username: n % 7 === 0 ? `=cmd|' /C calc'!A${n}` : `agent "${n}" 😀\n\u001b[2J`,
    LastModifiedTime: new Date(1_700_000_000_000 + n),
    Level: n % 3 === 1 ? undefined : n,
    Tags: { team: `t${n % 5}` },
  }));
  const listing = fromPages(
    async (token) => {
      const at = Number(token ?? 0);
      return {
        items: users.slice(at, at + 100),
        next: at + 100 < users.length ? String(at + 100) : undefined,
      };
    },
    { query: { operation: 'users' } },
  );
  const receipt = await listing.drainTo(file(path, { format: parquet() }));
  expect(receipt.bytes).toBe((await readFile(path)).length);
  const connection = await (await DuckDBInstance.create()).connect();
  const query = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
  expect(await query(`DESCRIBE SELECT * FROM '${path}'`)).toMatchObject([
    { column_name: 'Id', column_type: 'VARCHAR' },
    { column_name: 'Username', column_type: 'VARCHAR' },
    { column_name: 'LastModifiedTime', column_type: 'TIMESTAMP WITH TIME ZONE' },
    { column_name: 'Level', column_type: 'BIGINT' },
    { column_name: 'Tags', column_type: expect.stringMatching(/^(JSON|VARCHAR)$/) },
  ]);
  const rows = await query(
    `SELECT Id, Username, epoch_ms(LastModifiedTime) AS ms, Level, Tags FROM '${path}' ORDER BY ms`,
  );
  expect(rows).toEqual(
    users.map(({ Id, Username, LastModifiedTime, Level, Tags }) => ({
      Id,
      Username,
      ms: String(LastModifiedTime.getTime()),
      Level: Level === undefined ? null : String(Level),
      Tags: JSON.stringify(Tags),
    })),
  );
  connection.closeSync();
});

it('rows that can be read once only are refused without types, and written with them', async () => {
  const once = async function* () {
    yield [{ Id: 'a' }];
  };
  const first = async (options?: ParquetOptions) => {
    for await (const bytes of parquet(options).encode(once())) return bytes.length;
    return 0;
  };
  await expect(first()).rejects.toThrow('columns must be given for rows that can only be read once');
  await expect(first({ columns: ['Id'] })).rejects.toThrow('type of each column must be given');
  expect(await first({ columns: [{ key: 'Id', type: 'string' }] })).toBeGreaterThan(8);
});

it.each<[unknown, string]>([
  [{ column: [] }, 'unknown option "column" in options of parquet'],
  [{ columns: [] }, 'columns must be a list of at least one column'],
  [{ columns: [7] }, 'a column must be'],
  [{ columns: [{ key: 'a', typ: 'string' }] }, 'unknown option "typ" in a column of parquet'],
  [{ columns: [{ key: 'a', name: 7 }] }, 'name must be a string'],
  [{ columns: [{ key: 'a', type: 'text' }] }, "type must be 'string', 'boolean'"],
  [{ columns: ['a', { key: 'b', name: 'a' }] }, 'columns must be a list without a name that comes twice'],
])('parquet refuses the options %j', (options, message) => {
  expect(() => parquet(options as ParquetOptions)).toThrow(message);
});
