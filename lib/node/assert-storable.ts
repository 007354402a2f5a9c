import { isPlainObject } from '../core/canonical.js';
import { PageturnError } from '../core/errors.js';

/**
 * Throws ERR_INVALID_ARGUMENT, which names the member, unless JSON gives a value back as it is. A member that is
 * undefined counts as absent.
 */
export function assertStorable(value: unknown, name: string): void {
  assertValue(value, name, []);
}

/** Deeper than any cursor, and far from where the recursion of JSON.stringify ends (some 7,000 levels on Node 20). */
const DEEPEST = 500;

function assertValue(value: unknown, path: string, parents: readonly object[]): void {
  const flaw = flawOf(value, parents);
  if (flaw !== undefined) {
    throw new PageturnError(
      'ERR_INVALID_ARGUMENT',
      `${path} is ${flaw}, which a checkpoint cannot hold; store plain JSON, such as a string`,
    );
  }
  if (typeof value !== 'object' || value === null) return;
  const inside = [...parents, value];
  for (const name of Object.keys(value)) {
    const inner = (value as Record<string, unknown>)[name];
    const innerPath = Array.isArray(value) ? `${path}[${name}]` : `${path}.${name}`;
    if (inner !== undefined || Array.isArray(value)) assertValue(inner, innerPath, inside);
  }
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
  const { name } = (value as { constructor: { name?: unknown } }).constructor;
  return `an object of class ${String(name)}`;
}
