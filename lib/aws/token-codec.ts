import { fromBase64, toBase64 } from '../core/base64.js';
import { isCode, isPlainObject } from '../core/canonical.js';
import { dropRejection } from '../core/drop-rejection.js';
import { PageturnError } from '../core/errors.js';
import { isWrappedNumber } from './wrapped-number.js';

/**
 * Page tokens as strings. Most are strings already; those of DynamoDB are keys, objects whose values may be binary, some
 * have several parts, and a few are numbers or times. Those become JSON after a prefix, so that a cursor can hold them.
 */
export const tokenCodec = {
  /** Undefined if there is no token, and so no next page. Throws ERR_PAGE_INVALID if JSON cannot hold the token. */
  encode(token: unknown): string | undefined {
    if (isAbsent(token) || (Array.isArray(token) && token.every(isAbsent))) return undefined;
    if (typeof token === 'string' && !token.startsWith(PREFIX)) return token;
    return PREFIX + JSON.stringify(token, tag);
  },

  decode(token: string): unknown {
    return token.startsWith(PREFIX) ? JSON.parse(token.slice(PREFIX.length), untag) : token;
  },
};

const PREFIX = 'pageturn-json:';
const BYTES = '$pageturn-bytes';
const BIGINT = '$pageturn-bigint';
const DATE = '$pageturn-date';
/** Entries of an object whose own names look like these. */
const ENTRIES = '$pageturn-entries';

/** Whether there is no token, or no such part of it. */
export function isAbsent(token: unknown): boolean {
  return token === undefined || token === null || token === '';
}

function tag(this: unknown, key: string, json: unknown): unknown {
  // `json` is what `toJSON` made of a Buffer or a Date; the holder still has the value itself.
  const value = (this as Record<string, unknown>)[key];
  if (typeof value === 'bigint') return { [BIGINT]: value.toString() };
  if (value instanceof Uint8Array) return { [BYTES]: toBase64(value) };
  if (value instanceof Date && !Number.isNaN(value.getTime())) return { [DATE]: value.getTime() };
  if (isWrappedNumber(value)) return unwrapped(value.value);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return tagObject(value);
  // JSON makes null of the other numbers, which is the first page.
  const isJson = typeof value === 'number' ? Number.isFinite(value) : !isCode(value);
  if (!isJson) throw notPlain(typeof value === 'number' ? String(value) : `a ${typeof value}`);
  return json;
}

function tagObject(value: object): unknown {
  if (!isPlainObject(value)) {
    dropRejection(value);
    throw notPlain(value.constructor?.name ?? 'an object');
  }
  return Object.keys(value).some((name) => name.startsWith('$pageturn-'))
    ? { [ENTRIES]: Object.entries(value) }
    : value;
}

function untag(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const tagged = value as Record<string, unknown>;
  if (typeof tagged[BYTES] === 'string') return fromBase64(tagged[BYTES]);
  if (typeof tagged[BIGINT] === 'string') return BigInt(tagged[BIGINT]);
  if (typeof tagged[DATE] === 'number') return new Date(tagged[DATE]);
  if (Array.isArray(tagged[ENTRIES])) return Object.fromEntries(tagged[ENTRIES] as [string, unknown][]);
  return value;
}

/** The document client takes a bigint or a number back. */
function unwrapped(text: string): unknown {
  if (/^-?\d+$/.test(text)) return { [BIGINT]: text };
  if (String(Number(text)) !== text) throw notPlain('a number that a double cannot represent');
  return Number(text);
}

function notPlain(what: string): PageturnError {
  return new PageturnError(
    'ERR_PAGE_INVALID',
    `the next token contains ${what}, which a cursor cannot hold; pass a function as next that returns plain data`,
  );
}
