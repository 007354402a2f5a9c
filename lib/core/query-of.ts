import { isPlainObject } from './canonical.js';
import type { Query } from './cursor-shape.js';
import { invalidArgument } from './errors.js';
import { fingerprint } from './fingerprint.js';

/**
 * The query of an operation and its input, as a cursor remembers it. Input fields that are undefined do not count.
 *
 * The input must be plain data: JSON, undefined, bigints, NaN and infinities, bytes, Dates, Maps and Sets. Throws
 * ERR_INVALID_ARGUMENT for anything else, because different values could have the same digest. The message has its path,
 * which begins with `name`.
 */
export function queryOf(operation: string, input: object = {}, name = 'input'): Query {
  if (typeof input !== 'object' || input === null || !(isPlainObject(input) || Array.isArray(input))) {
    throw invalidArgument(name, 'a plain object', input);
  }
  const fields = Object.entries(input).filter(([, value]) => value !== undefined);
  return {
    operation,
    input: Object.fromEntries(
      fields.map(([field, value]) => [field, fingerprint(value, onNotPlain, `${name}.${field}`)]).sort(),
    ),
  };
}

function onNotPlain(value: unknown, path: string): never {
  throw invalidArgument(path, 'plain data, so that a cursor can recognise its query', value);
}
