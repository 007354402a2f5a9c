import type { SchemaElement } from 'hyparquet-writer';
import { toTypedJson } from '../core/typed-json.js';
import { cellOf } from '../destinations/formats/csv-cell.js';

/** What a column holds; any column may have blank cells. */
export type ParquetType =
  | 'string'
  | 'boolean'
  | 'int32'
  | 'int64'
  | 'double'
  | 'timestamp'
  | 'bytes'
  | 'json';

/** How values of one type are stored in a Parquet file. */
interface TypeOfColumn {
  /** LogicalTypes.md of apache/parquet-format says which elements mean what. */
  readonly element: Omit<SchemaElement, 'name'>;
  /** A value as the writer takes it, null for a blank cell, undefined if the column cannot hold it. */
  readonly cell: (value: NonNullable<unknown>) => unknown;
}

export const PARQUET_TYPES: Readonly<Record<ParquetType, TypeOfColumn>> = {
  string: { element: { type: 'BYTE_ARRAY', converted_type: 'UTF8' }, cell: textOf },
  boolean: {
    element: { type: 'BOOLEAN' },
    cell: (value) => (typeof value === 'boolean' ? value : undefined),
  },
  int32: {
    element: { type: 'INT32' },
    cell: (value) => {
      const integer = integerOf(value);
      return integer === BigInt.asIntN(32, integer ?? 0n) ? Number(integer) : undefined;
    },
  },
  int64: {
    element: { type: 'INT64' },
    cell: (value) => {
      const integer = integerOf(value);
      return integer === BigInt.asIntN(64, integer ?? 0n) ? integer : undefined;
    },
  },
  double: {
    element: { type: 'DOUBLE' },
    cell: (value) => {
      if (typeof value === 'bigint') return BigInt(Number(value)) === value ? Number(value) : undefined;
      return typeof value === 'number' ? value : undefined;
    },
  },
  timestamp: {
    element: {
      type: 'INT64',
      converted_type: 'TIMESTAMP_MILLIS',
      logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
    },
    cell: timestampOf,
  },
  bytes: {
    element: { type: 'BYTE_ARRAY' },
    cell: (value) => (value instanceof Uint8Array ? value : undefined),
  },
  json: {
    element: { type: 'BYTE_ARRAY', converted_type: 'JSON' },
    // The writer makes a text of it.
    cell: (value) => toTypedJson(value).json,
  },
};

/** As in CSV; a lone half of a surrogate pair becomes U+FFFD. */
function textOf(value: unknown): string | null | undefined {
  const cell = cellOf(value);
  if (cell !== undefined) return String(cell);
  return value instanceof Date ? null : undefined;
}

function integerOf(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : undefined;
}

/** A Date, a text that Date reads, or milliseconds; one out of the range of Date is a blank cell. */
function timestampOf(value: unknown): bigint | null | undefined {
  if (!(value instanceof Date) && typeof value !== 'string' && typeof value !== 'number') return undefined;
  const ms = new Date(value).getTime();
  return Number.isNaN(ms) ? null : BigInt(ms);
}
