import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** An item as DynamoDB keeps it. */
export type Item = Record<string, AttributeValue>;

/** Thrown for a value that no table can hold; its message has what the value is, without the value. */
export class Unstorable extends Error {}

/**
 * The attributes of a row. Members that are undefined, functions or symbols are left out. A Date is its ISO 8601 text, NULL
 * if it is invalid, as are NaN and the infinities. A Set of texts, numbers or bytes is a set, any other Set a list, the
 * empty one included, because DynamoDB has no empty sets. A Map whose keys are texts is a map, any other a list of pairs.
 * An object with a `toJSON` is what that returns. The lone half of a surrogate pair becomes U+FFFD.
 */
export function toItem(row: unknown): Item {
  const value = toAttributeValue(row, 0);
  if (value?.M) return value.M;
  throw new Unstorable('is not an object');
}

// "Limits" in the developer guide: "nested attributes up to 32 levels deep".
const DEEPEST = 32;

/** Undefined for a value that JSON leaves out, too. */
function toAttributeValue(value: unknown, depth: number): AttributeValue | undefined {
  switch (typeof value) {
    case 'string':
      return { S: wellFormed(value) };
    case 'number':
      return Number.isFinite(value) ? { N: String(value) } : { NULL: true };
    case 'bigint':
      return { N: String(value) };
    case 'boolean':
      return { BOOL: value };
    case 'object':
      return value === null ? { NULL: true } : ofObject(value, depth);
    default:
      return undefined;
  }
}

function ofObject(value: object, depth: number): AttributeValue | undefined {
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? { NULL: true } : { S: value.toISOString() };
  const bytes = bytesOf(value);
  if (bytes) return { B: bytes };
  // This also ends the recursion into an object that contains itself.
  if (depth > DEEPEST) throw new Unstorable(`is nested more than ${DEEPEST} levels deep`);
  if (value instanceof Set) return ofSet(value, depth);
  if (value instanceof Map) {
    const entries = [...value];
    return entries.every(([key]) => typeof key === 'string')
      ? ofEntries(entries, depth)
      : ofList(entries, depth);
  }
  if (Array.isArray(value)) return ofList(value, depth);
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    return toAttributeValue(value.toJSON(), depth + 1);
  }
  return ofEntries(Object.entries(value), depth);
}

function ofEntries(entries: readonly (readonly [string, unknown])[], depth: number): AttributeValue {
  const members: Item = {};
  for (const [name, member] of entries) {
    const value = toAttributeValue(member, depth + 1);
    // An assignment to `__proto__` would set no member.
    if (value) Object.defineProperty(members, wellFormed(name), { value, ...MEMBER });
  }
  return { M: members };
}

const MEMBER = { enumerable: true, configurable: true, writable: true };

function ofList(list: readonly unknown[], depth: number): AttributeValue {
  return { L: list.map((one) => toAttributeValue(one, depth + 1) ?? { NULL: true }) };
}

function ofSet(set: ReadonlySet<unknown>, depth: number): AttributeValue {
  const values = [...set].map((one) => toAttributeValue(one, depth + 1) ?? { NULL: true });
  const members = [...new Map(values.map((one) => [JSON.stringify(one), one])).values()];
  if (members.length > 0) {
    if (members.every(({ S }) => S !== undefined)) return { SS: members.map(({ S = '' }) => S) };
    if (members.every(({ N }) => N !== undefined)) return { NS: members.map(({ N = '' }) => N) };
    if (members.every(({ B }) => B !== undefined)) return { BS: members.flatMap(({ B }) => B ?? []) };
  }
  return { L: values };
}

/** The bytes of any view; a Buffer is one. */
function bytesOf(value: object): Uint8Array | undefined {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (!ArrayBuffer.isView(value)) return undefined;
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}

function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}
