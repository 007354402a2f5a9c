import { assertKnownOptions } from '../core/assert-known-options.js';
import { assertOneOf } from '../core/assert-one-of.js';
import { invalidArgument } from '../core/errors.js';
import { loadPeer } from '../core/load-peer.js';
import { assertReadAgain } from '../destinations/formats/columns-of.js';
import type { Format } from '../destinations/formats/index.js';
import { inferTypes } from './infer-types.js';
import { PARQUET_TYPES, type ParquetType } from './parquet-types.js';
import { type Column, RowGroups } from './row-groups.js';

/** A column: the name of a member, such as `Id` or `IdentityInfo.Email`, its name in the file, and its type. */
export interface ParquetColumn {
  readonly key: string;
  /** Default: the key. */
  readonly name?: string | undefined;
  /** Default: the type that fits all its values. */
  readonly type?: ParquetType | undefined;
}

/** Options of `parquet`. */
export interface ParquetOptions {
  /** The columns, in order. Default: every member that any row has, in the order of their first appearance. */
  readonly columns?: readonly (string | ParquetColumn)[] | undefined;
}

/**
 * A Parquet file, compressed with Snappy, written in groups of at most 10,000 rows: the memory does not grow with the
 * listing. It needs the package `hyparquet-writer`.
 *
 * A column without a `type` gets the one that fits all its values, for which the rows are read once more: `boolean`, `int64`
 * for integers, `double`, `timestamp` for Dates, `bytes`, `json` for objects and lists, and `string` for texts and for
 * values of several types. If it has one, `timestamp` also takes milliseconds and the texts that `Date` reads, `string`
 * and `json` take any value, as `csv()` and `ndjson()` write them. A missing value and a date out of range are blank cells.
 * Any other value that does not fit is an error that names the column and the number of the row.
 *
 * Throws ERR_INVALID_ARGUMENT for options that are not valid.
 *
 * @example
 * const format = parquet({ columns: ['Id', { key: 'LastModifiedTime', name: 'modified', type: 'timestamp' }] });
 */
export function parquet(options: ParquetOptions = {}): Format<unknown> {
  assertKnownOptions('options of parquet', options, ['columns']);
  const columns = options.columns === undefined ? undefined : readColumns(options.columns);
  return {
    name: 'parquet',
    // A type that is inferred needs the Dates.
    takesDatesAsText: columns?.every(({ type }) => type !== undefined),
    prepare: async () => void (await loadWriter()),
    encode: (rows) => encode(rows, columns),
  };
}

async function* encode(
  chunks: AsyncIterable<readonly unknown[]>,
  given: readonly ParquetColumn[] | undefined,
): AsyncGenerator<Uint8Array, void, void> {
  const { ByteWriter, ParquetWriter } = await loadWriter();
  const columns = await typed(chunks, given);
  const schema = [
    { name: 'root', num_children: columns.length },
    ...columns.map(({ name, type }) => ({
      name,
      repetition_type: 'OPTIONAL' as const,
      ...PARQUET_TYPES[type].element,
    })),
  ];
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({ writer: bytes, schema, createdBy: 'pageturn' });
  const take = () => {
    const taken = bytes.getBytes().slice();
    bytes.index = 0;
    return taken;
  };
  const groups = new RowGroups(columns);
  for await (const rows of chunks) {
    for (const row of rows) {
      groups.add(row);
      if (!groups.isFull) continue;
      await writer.write(groups.take());
      yield take();
    }
  }
  if (!groups.isEmpty) await writer.write(groups.take());
  await writer.finish();
  yield take();
}

async function typed(
  chunks: AsyncIterable<readonly unknown[]>,
  given: readonly ParquetColumn[] | undefined,
): Promise<readonly Column[]> {
  const untyped = given?.filter(({ type }) => type === undefined).map(({ key }) => key);
  if (untyped?.length !== 0) assertReadAgain(chunks, given ? 'type of each column' : 'columns');
  const inferred = untyped?.length === 0 ? undefined : await inferTypes(chunks, untyped);
  const columns = given ?? [...(inferred?.keys() ?? [])].map((key) => ({ key }));
  return columns.map(({ key, name = key, type = inferred?.get(key) ?? 'string' }: ParquetColumn) => ({
    key,
    name,
    type,
  }));
}

function loadWriter(): Promise<typeof import('hyparquet-writer')> {
  const peer = { neededBy: 'parquet()', name: 'hyparquet-writer', code: 'ERR_DESTINATION_FAILED' } as const;
  return loadPeer(peer, () => import('hyparquet-writer'));
}

function readColumns(columns: readonly (string | ParquetColumn)[]): readonly ParquetColumn[] {
  if (!Array.isArray(columns) || columns.length === 0) {
    throw invalidArgument('columns', 'a list of at least one column', columns);
  }
  const names = new Set<string>();
  return columns.map((column: string | ParquetColumn) => {
    const { key, name, type, ...unknown } = typeof column === 'string' ? { key: column } : { ...column };
    if (typeof key !== 'string')
      throw invalidArgument('a column', "a name or { key: 'Id', type: 'string' }", column);
    assertKnownOptions('a column of parquet', unknown, []);
    if (name !== undefined && typeof name !== 'string') throw invalidArgument('name', 'a string', name);
    if (type !== undefined) assertOneOf('type', type, Object.keys(PARQUET_TYPES));
    if (names.has(name ?? key))
      throw invalidArgument('columns', 'a list without a name that comes twice', name ?? key);
    names.add(name ?? key);
    return { key, name, type };
  });
}
