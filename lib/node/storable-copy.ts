import { isPlainObject } from '../core/canonical.js';
import { PageturnError } from '../core/errors.js';

/**
 * A copy of a value that JSON gives back as it is: every member was read once, so that what is checked is what is
 * written. A member that is undefined is left out. Throws ERR_INVALID_ARGUMENT, which names the member, for anything
 * that JSON would change.
 */
export function storableCopy<T>(value: T, name: string): T {
  return copyOf(value, name, []) as T;
}

/** Deeper than any cursor, and far from where the recursion of JSON.stringify ends (some 7,000 levels on Node 20). */
const DEEPEST = 500;

function copyOf(value: unknown, path: string, parents: readonly object[]): unknown {
  const flaw = flawOf(value, parents);
  if (flaw !== undefined) {
    throw new PageturnError(
      'ERR_INVALID_ARGUMENT',
      `${path} is ${flaw}, which a checkpoint cannot hold; store plain JSON, such as a string`,
    );
  }
  if (typeof value !== 'object' || value === null) return value;
  const inside = [...parents, value];
  if (Array.isArray(value)) return value.map((inner, i) => copyOf(inner, `${path}[${i}]`, inside));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([member, inner]) => [member, copyOf(inner, `${path}.${member}`, inside)]),
  );
}

/** What JSON would change about a value, its members aside; undefined if nothing. */
function flawOf(value: unknown, parents: readonly object[]): string | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined;
    case 'number':
      if (!Number.isFinite(value)) return String(value);
      return Object.is(value, -0) ? '-0' : undefined;
    case 'object':
      return value === null ? undefined : flawOfObject(value, parents);
    case 'undefined':
      return 'undefined';
    default:
      return `a ${typeof value}`;
  }
}

function flawOfObject(value: object, parents: readonly object[]): string | undefined {
  if (parents.includes(value)) return 'an object within itself';
  if (parents.length >= DEEPEST) return `more than ${DEEPEST} levels deep`;
  if (Object.getOwnPropertySymbols(value).length > 0) return 'an object with symbols';
  if (Array.isArray(value)) {
    return Object.keys(value).length === value.length ? undefined : 'an array with holes or other members';
  }
  if (isPlainObject(value)) return undefined;
  // One that inherits from an object without a prototype has none.
  const { name = '?' } = (value as { constructor?: { name?: unknown } }).constructor ?? {};
  return `an object of class ${String(name)}`;
}
