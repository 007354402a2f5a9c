import { toBase64 } from '../core/base64.js';
import { bytesOf } from '../core/bytes-of.js';

/** How a column takes values: as JSON, as bytes, as a list of one of these, or as a text that its type reads. */
export type ValueKind = 'json' | 'bytes' | 'scalar' | { readonly listOf: ValueKind };

/**
 * A value as JSON that PostgreSQL reads for a column of that kind; undefined becomes NULL. Dates that are invalid or that
 * PostgreSQL cannot hold are NULL. Bytes are base64 unless the column holds bytes; a Set is a list, a Map a list of pairs.
 */
export function columnValue(value: unknown, kind: ValueKind): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : kind === 'json' ? undefined : String(value);
    case 'bigint':
      return String(value);
    case 'object':
      return value === null ? undefined : objectValue(value, kind);
    default:
      return undefined;
  }
}

function objectValue(value: object, kind: ValueKind): unknown {
  if (value instanceof Date) return timestamp(value, kind);
  const bytes = bytesOf(value);
  if (bytes) return kind === 'bytes' ? `\\x${hex(bytes)}` : toBase64(bytes);
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    const shown: unknown = value.toJSON();
    return shown === value ? undefined : columnValue(shown, kind);
  }
  if (value instanceof Set || value instanceof Map || isNumbers(value)) return columnValue([...value], kind);
  if (Array.isArray(value)) {
    const element = typeof kind === 'object' ? kind.listOf : 'json';
    // A list in a list is a dimension of one array.
    return value.map((one: unknown) => columnValue(one, Array.isArray(one) ? kind : element) ?? null);
  }
  const members = Object.entries(value).filter(([, member]) => isShown(member));
  return Object.fromEntries(members.map(([name, member]) => [name, columnValue(member, 'json') ?? null]));
}

/** JSON leaves out the others. */
function isShown(member: unknown): boolean {
  return member !== undefined && typeof member !== 'function' && typeof member !== 'symbol';
}

/** A typed array, which is a list. */
function isNumbers(value: object): value is object & Iterable<number | bigint> {
  return ArrayBuffer.isView(value) && Symbol.iterator in value;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The manual's range of `timestamp`: from 4713 BC to the end of 294276 AD. Years of ISO 8601 are not what PostgreSQL reads. */
function timestamp(date: Date, kind: ValueKind): string | undefined {
  if (Number.isNaN(date.getTime())) return undefined;
  const iso = date.toISOString();
  if (kind === 'json') return iso;
  const year = date.getUTCFullYear();
  if (year < -4712) return undefined;
  const rest = iso.slice(iso.indexOf('-', 1));
  const shown = String(year > 0 ? year : 1 - year).padStart(4, '0');
  return `${shown}${rest}${year > 0 ? '' : ' BC'}`;
}
