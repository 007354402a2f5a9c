import { toBase64 } from '../../core/base64.js';
import { escapeUnprintable } from '../../core/unprintable.js';

/**
 * A value as JSON on one line. Dates are ISO 8601, and null if they are invalid; a bigint is a string of its digits, bytes
 * are base64, a Set is a list, a Map a list of pairs. Characters that move the cursor of a terminal or break a line are
 * escaped, which means the same to every parser.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, isJson(value) ? undefined : plain) ?? 'null';
  return escapeUnprintable(text);
}

/** Whether JSON expresses a value by itself; a replacer is called for each member, and takes twice as long. */
function isJson(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value !== 'bigint';
  if (value instanceof Uint8Array || value instanceof Set || value instanceof Map) return false;
  // An object may say what it is in JSON; a Date does.
  if ('toJSON' in value) return value instanceof Date;
  return Object.values(value).every(isJson);
}

/** What JSON cannot express, as something it can. `this` has the value as it was before its `toJSON`, as a Buffer has one. */
function plain(this: unknown, key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  const original: unknown = (this as Record<string, unknown>)[key];
  if (original instanceof Uint8Array) return toBase64(original);
  if (value instanceof Set || value instanceof Map) return [...value];
  return value;
}
