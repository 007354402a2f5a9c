import { isRecord, VALUE_COLUMN, valueAt } from '../destinations/formats/csv-cell.js';
import type { ParquetType } from './parquet-types.js';

/**
 * The types that fit all values of each column, in the order of the first appearance of the columns: booleans, integers
 * (as int64), other numbers (double), Dates, bytes, objects and lists (json). A column of several of these, or without
 * any value, is a string.
 */
export async function inferTypes(
  chunks: AsyncIterable<readonly unknown[]>,
  keys: readonly string[] | undefined,
): Promise<ReadonlyMap<string, ParquetType>> {
  const types = new Map<string, ParquetType | undefined>(keys?.map((key) => [key, undefined]));
  for await (const rows of chunks) {
    for (const row of rows) {
      const ofRow = keys ?? (isRecord(row) ? Object.keys(row) : [VALUE_COLUMN]);
      for (const key of ofRow) {
        const known = types.get(key);
        if (known === 'string') continue;
        const type = typeOf(valueAt(row, key));
        if (type === undefined ? !types.has(key) : type !== known) types.set(key, both(known, type));
      }
    }
  }
  if (types.size === 0) types.set(VALUE_COLUMN, undefined);
  return new Map([...types].map(([key, type]) => [key, type ?? 'string']));
}

function typeOf(value: unknown): ParquetType | undefined {
  switch (typeof value) {
    case 'boolean':
      return 'boolean';
    case 'number':
      return Number.isSafeInteger(value) ? 'int64' : 'double';
    case 'bigint':
      return BigInt.asIntN(64, value) === value ? 'int64' : 'string';
    case 'string':
      return 'string';
    case 'object':
      if (value === null) return undefined;
      if (value instanceof Date) return 'timestamp';
      return value instanceof Uint8Array ? 'bytes' : 'json';
    default:
      return undefined;
  }
}

function both(one: ParquetType | undefined, other: ParquetType | undefined): ParquetType | undefined {
  if (one === undefined || one === other) return other;
  const isNumeric = [one, other].every((type) => type === 'int64' || type === 'double');
  return isNumeric ? 'double' : 'string';
}
