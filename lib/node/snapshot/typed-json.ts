import { canonical, isPlainObject } from '../../core/canonical.js';
import { invalidArgument } from '../../core/errors.js';

/** Names of members, from the outermost to a value; the members of a Map or Set count as a list. */
export type Path = readonly string[];

/** What JSON cannot express and a snapshot keeps. */
type Kind = 'bigint' | 'number' | 'bytes' | 'Map' | 'Set';

/** A value in a row that is not what JSON makes of it. */
export type Typed = readonly [kind: Kind, ...path: Path];

/** A value as plain JSON, and what it needs to become itself again. */
export interface TypedJson {
  readonly json: unknown;
  /** The paths of Dates. */
  readonly dates: readonly Path[];
  readonly typed: readonly Typed[];
}

/**
 * Turns bigints, NaN, infinities, bytes, Maps and Sets into JSON, and notes where they were. A class instance becomes
 * what its `toJSON` returns, or its enumerable members. Throws ERR_INVALID_ARGUMENT, with the path, for an object
 * whose content cannot be read.
 */
export function toTypedJson(item: unknown): TypedJson {
  const dates: Path[] = [];
  const typed: Typed[] = [];
  const json = convert(item, [], { dates, typed });
  return { json, dates, typed };
}

/** Makes the value of a {@link TypedJson} itself again; changes `json`. */
export function fromTypedJson({ json, dates, typed }: TypedJson): unknown {
  const root: Record<string, unknown> = { item: json };
  for (const path of dates) {
    // An invalid Date is null in JSON, and stays null.
    revive(root, path, (value) => (typeof value === 'string' ? new Date(value) : value));
  }
  // Inner values first: a path leads through the lists that Maps and Sets still are.
  for (const [kind, ...path] of typed.toReversed()) revive(root, path, REVIVERS[kind]);
  return root['item'];
}

interface Notes {
  readonly dates: Path[];
  readonly typed: Typed[];
}

/** Returns the value itself if JSON can express it. */
function convert(value: unknown, path: Path, notes: Notes): unknown {
  if (typeof value === 'bigint') return note('bigint', String(value), path, notes);
  if (typeof value === 'number' && !Number.isFinite(value)) return note('number', String(value), path, notes);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) {
    notes.dates.push(path);
    return value;
  }
  const bytes = bytesOf(value);
  if (bytes) return note('bytes', bytes.toString('base64'), path, notes);
  if (value instanceof Map || value instanceof Set) {
    note(value instanceof Map ? 'Map' : 'Set', undefined, path, notes);
    return convertMembers(inOrder(value), path, notes);
  }
  if ('toJSON' in value && typeof value.toJSON === 'function') return convert(value.toJSON(), path, notes);
  if (!Array.isArray(value) && !isPlainObject(value) && Object.keys(value).length === 0) {
    throw invalidArgument(['item', ...path].join('.'), 'data that a snapshot can keep', value);
  }
  return convertMembers(value, path, notes);
}

/** A copy only where a member is converted. */
function convertMembers(value: object, path: Path, notes: Notes): unknown {
  let copy: Record<string, unknown> | undefined;
  for (const name of Object.keys(value)) {
    const member: unknown = value[name as keyof typeof value];
    const converted = isSimple(member) ? member : convert(member, [...path, name], notes);
    if (converted === member) continue;
    copy ??= (Array.isArray(value) ? [...value] : Object.fromEntries(Object.entries(value))) as never;
    (copy as Record<string, unknown>)[name] = converted;
  }
  return copy ?? value;
}

function isSimple(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || value === null || value === undefined;
}

function note<R>(kind: Kind, json: R, path: Path, { typed }: Notes): R {
  typed.push([kind, ...path]);
  return json;
}

function bytesOf(value: object): Buffer | undefined {
  if (value instanceof ArrayBuffer) return Buffer.from(value);
  if (!(value instanceof Uint8Array || value instanceof DataView)) return undefined;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
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
  number: Number,
  bytes: (json) => new Uint8Array(Buffer.from(json as string, 'base64')),
  Map: (json) => new Map(json as [unknown, unknown][]),
  Set: (json) => new Set(json as unknown[]),
};

function revive(root: Record<string, unknown>, path: Path, reviver: (json: unknown) => unknown): void {
  const names = ['item', ...path];
  const name = names.pop() as string;
  let holder: Record<string, unknown> | null | undefined = root;
  for (const one of names) holder = holder?.[one] as typeof holder;
  if (holder) holder[name] = reviver(holder[name]);
}
