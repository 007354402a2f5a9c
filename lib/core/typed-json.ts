import { fromBase64, toBase64 } from './base64.js';
import { bytesOf } from './bytes-of.js';
import { canonical, isPlainObject } from './canonical.js';
import { invalidArgument } from './errors.js';
import { isoText } from './iso-text.js';

/** Names of members, from the outermost to a value; the members of a Map or Set count as a list. */
export type Path = readonly string[];

/** What JSON cannot express; `Date` is an invalid one, `number` what the first snapshots had for the next three. */
type Kind = 'bigint' | 'Date' | 'number' | 'NaN' | 'Infinity' | '-Infinity' | 'bytes' | 'Map' | 'Set';

/** A value that is not what JSON makes of it. */
export type Typed = readonly [kind: Kind, ...path: Path];

/** Where JSON differs from the value that it was made of. */
export interface ValueTypes {
  /** The paths of Dates. */
  readonly dates: readonly Path[];
  readonly typed: readonly Typed[];
}

/** A value as plain JSON, and what it needs to become itself again. */
export interface TypedJson extends ValueTypes {
  readonly json: unknown;
}

/**
 * Turns a value into what JSON can express, and notes where: bigints become strings of their digits, NaN and infinities
 * null, Dates ISO 8601 (null if invalid), bytes base64, a Set a list, a Map a list of pairs. A class instance becomes what
 * its `toJSON` returns, or its enumerable members.
 *
 * `'strict'` makes equal values equal, in whatever order Maps and Sets were filled, and throws ERR_INVALID_ARGUMENT, with
 * the path, for an object whose content cannot be read.
 */
export function toTypedJson(item: unknown, mode?: 'strict'): TypedJson {
  const notes: Notes = { dates: [], typed: [], isStrict: mode === 'strict' };
  const json = convert(item, undefined, notes);
  return { json, dates: notes.dates, typed: notes.typed };
}

/** Makes the value of a {@link TypedJson} itself again; changes `json`. */
export function fromTypedJson({ json, dates, typed }: TypedJson): unknown {
  if (dates.length === 0 && typed.length === 0) return json;
  const root: Record<string, unknown> = { item: json };
  for (const path of dates) {
    revive(root, path, (value) => (typeof value === 'string' ? new Date(value) : value));
  }
  // Inner values first: a path leads through the lists that Maps and Sets still are.
  for (const [kind, ...path] of typed.toReversed()) revive(root, path, REVIVERS[kind]);
  return root['item'];
}

interface Notes {
  readonly dates: Path[];
  readonly typed: Typed[];
  readonly isStrict: boolean;
}

/** Where a value is: a path would be copied for each level of a value that may be nested deeply. */
interface Place {
  readonly name: string;
  readonly outer: Place | undefined;
}

function pathOf(place: Place | undefined): Path {
  const path: string[] = [];
  for (let at = place; at; at = at.outer) path.push(at.name);
  return path.reverse();
}

/** Returns the value itself if JSON can express it and no member of it could change. */
function convert(value: unknown, place: Place | undefined, notes: Notes): unknown {
  if (typeof value === 'bigint') return note('bigint', String(value), place, notes);
  if (typeof value === 'number') {
    return Number.isFinite(value) ? value : note(String(value) as Kind, null, place, notes);
  }
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) return note('Date', null, place, notes);
    notes.dates.push(pathOf(place));
    return isoText(value);
  }
  const bytes = bytesOf(value);
  if (bytes) return note('bytes', toBase64(bytes), place, notes);
  if (value instanceof Map || value instanceof Set) {
    note(value instanceof Map ? 'Map' : 'Set', undefined, place, notes);
    return convertMembers(notes.isStrict ? inOrder(value) : [...value], place, notes);
  }
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    const shown: unknown = value.toJSON();
    return shown === value ? convertMembers(value, place, notes) : convert(shown, place, notes);
  }
  if (notes.isStrict && !Array.isArray(value) && !isPlainObject(value) && Object.keys(value).length === 0) {
    throw invalidArgument(['item', ...pathOf(place)].join('.'), 'data that a snapshot can keep', value);
  }
  return convertMembers(value, place, notes);
}

/** Always a copy, so that a getter is read once: what is noted about a member must be true of what is written. */
function convertMembers(value: object, place: Place | undefined, notes: Notes): unknown {
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
  const names = Object.keys(copy);
  // JSON.stringify knows primitives in an object.
  if (names.length === 0 || value instanceof String) return value;
  for (const name of names) {
    const member = copy[name];
    if (isSimple(member)) continue;
    const converted = convert(member, { name, outer: place }, notes);
    if (converted !== member) set(copy, name, converted);
  }
  return copy;
}

function isSimple(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || value === null || value === undefined;
}

function note<R>(kind: Kind, json: R, place: Place | undefined, { typed }: Notes): R {
  typed.push([kind, ...pathOf(place)]);
  return json;
}

/** Equal Maps and Sets are equal rows, in whatever order they were filled. */
function inOrder(value: Map<unknown, unknown> | Set<unknown>): unknown[] {
  return [...value]
    .map((member) => ({ member, text: canonical(member) }))
    .sort((one, other) => (one.text < other.text ? -1 : 1))
    .map(({ member }) => member);
}

const REVIVERS: Readonly<Record<Kind, (json: unknown) => unknown>> = {
  bigint: (json) => BigInt(json as string),
  Date: () => new Date(Number.NaN),
  number: Number,
  NaN: () => Number.NaN,
  Infinity: () => Number.POSITIVE_INFINITY,
  '-Infinity': () => Number.NEGATIVE_INFINITY,
  bytes: (json) => fromBase64(json as string),
  Map: (json) => new Map(json as [unknown, unknown][]),
  Set: (json) => new Set(json as unknown[]),
};

function revive(root: Record<string, unknown>, path: Path, reviver: (json: unknown) => unknown): void {
  let holder: Record<string, unknown> | null | undefined = root;
  let name = 'item';
  for (const next of path) {
    holder = holder?.[name] as typeof holder;
    name = next;
  }
  if (holder) set(holder, name, reviver(holder[name]));
}

/** Sets a member of any name: an assignment to `__proto__` would set no member. */
function set(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}
