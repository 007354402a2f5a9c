/**
 * A value as JSON on one line that `readSpooled` turns back into the same value. What JSON cannot express is an object
 * with one member: `$date` (milliseconds, null if invalid), `$bigint` (digits), `$bytes` (base64), `$number` (NaN,
 * Infinity, -Infinity), `$set` (a list) and `$map` (a list of pairs). A member whose own name begins with `$` gets another
 * one in front. Members that are undefined, functions or symbols are left out, as in JSON.
 */
export function spooledText(value: unknown): string {
  return JSON.stringify(tagged(value)) ?? 'null';
}

/** The value that a text of {@link spooledText} was made from; bytes are a Uint8Array. */
export function readSpooled(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return text.includes('"$') ? untagged(value) : value;
}

/** A copy of the value with tags in it; JSON does the rest. A replacer would be called for each member, and cost more. */
function tagged(value: unknown): unknown {
  if (typeof value === 'bigint') return { $bigint: String(value) };
  if (typeof value === 'number') return Number.isFinite(value) ? value : { $number: String(value) };
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return { $date: Number.isNaN(value.getTime()) ? null : value.getTime() };
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
  if (value instanceof Set) return { $set: [...value].map(tagged) };
  if (value instanceof Map) return { $map: [...value].map(tagged) };
  if (Array.isArray(value)) return value.map(tagged);
  if ('toJSON' in value && typeof value.toJSON === 'function') return tagged(value.toJSON());
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value))
    set(copy, name.startsWith('$') ? `$${name}` : name, tagged(member));
  return copy;
}

/** Takes the tags out of a value that was just parsed, in place. */
function untagged(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const members = value as Record<string, unknown>;
  const names = Object.keys(members);
  const [tag = ''] = names;
  const read = names.length === 1 && tag.startsWith('$') ? TAGS[tag] : undefined;
  if (read) return read(members[tag]);
  if (names.some((name) => name.startsWith('$$'))) {
    const renamed: Record<string, unknown> = {};
    for (const name of names)
      set(renamed, name.startsWith('$$') ? name.slice(1) : name, untagged(members[name]));
    return renamed;
  }
  for (const name of names) {
    const member = members[name];
    if (typeof member === 'object' && member !== null) set(members, name, untagged(member));
  }
  return value;
}

/** Sets a member of any name: an assignment to `__proto__` would set no member. */
function set(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

const TAGS: Readonly<Record<string, (content: unknown) => unknown>> = {
  $date: (ms) => new Date(ms === null ? Number.NaN : Number(ms)),
  $bigint: (digits) => BigInt(String(digits)),
  $bytes: (base64) => new Uint8Array(Buffer.from(String(base64), 'base64')),
  $number: Number,
  $set: (list) => new Set(untagged(list) as unknown[]),
  $map: (pairs) => new Map(untagged(pairs) as [unknown, unknown][]),
};
