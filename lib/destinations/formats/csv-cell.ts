import { toBase64 } from '../../core/base64.js';
import { isoText } from '../../core/iso-text.js';
import { jsonText } from './json-text.js';

/** The column of rows that are not objects. */
export const VALUE_COLUMN = 'value';

type Cell = string | number | bigint | boolean | undefined;

/** What a row has in a column; undefined if it has nothing there. */
export function valueAt(row: unknown, key: string): unknown {
  return isRecord(row) ? memberAt(row, key) : key === VALUE_COLUMN ? row : undefined;
}

/** What a row has in a column, as a text or a number; undefined is a blank cell. */
export function cellAt(row: unknown, key: string): Cell {
  return cellOf(valueAt(row, key));
}

/** A value as a text or a number; undefined is a blank cell. */
export function cellOf(value: unknown): Cell {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'bigint':
    case 'boolean':
      return value;
    case 'object':
      return value === null ? undefined : textOf(value);
    default:
      return undefined;
  }
}

/** Whether a row has members that are columns. */
export function isRecord(row: unknown): row is Readonly<Record<string, unknown>> {
  return typeof row === 'object' && row !== null && !Array.isArray(row) && !isScalar(row);
}

/** The member of that name or, if there is none, the one that the parts between the dots lead to. */
export function memberAt(row: object, key: string): unknown {
  if (Object.hasOwn(row, key)) return (row as Record<string, unknown>)[key];
  let value: unknown = row;
  for (const part of key.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

function isScalar(value: object): boolean {
  return value instanceof Date || value instanceof Uint8Array || value instanceof Map || value instanceof Set;
}

function textOf(value: object): string | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : isoText(value);
  return value instanceof Uint8Array ? toBase64(value) : jsonText(value);
}
