import { isPlainObject, refuseOddMembers, type TypedContent } from './canonical.js';
import type { Query } from './cursor-shape.js';
import { invalidArgument, PageturnError } from './errors.js';
import { fingerprint } from './fingerprint.js';

interface QueryOfOptions {
  /** Where the paths in messages begin. Default `input`. */
  readonly name?: string;
  /** The content of a value that is not plain data, for additional types of a caller's service. */
  readonly contentOf?: (value: unknown) => TypedContent | undefined;
}

/**
 * The query of an operation and its input, as a cursor remembers it. Input fields that are undefined do not count.
 *
 * The input must be plain data: JSON, undefined, bigints, NaN and infinities, bytes, Dates, Maps and Sets, without
 * getters, symbol keys and non-enumerable members. Throws ERR_INVALID_ARGUMENT for anything else, because different
 * values could have the same digest. The message has its path.
 */
export function queryOf(
  operation: string,
  input: object = {},
  { name = 'input', contentOf }: QueryOfOptions = {},
): Query {
  if (typeof input !== 'object' || input === null || !(isPlainObject(input) || Array.isArray(input))) {
    throw invalidArgument(name, 'a plain object', input);
  }
  const onNotPlain = (value: unknown, path: string, oddity?: string): TypedContent => {
    const content = oddity === undefined ? contentOf?.(value) : undefined;
    if (content) return content;
    if (oddity === undefined) throw invalidArgument(path, PLAIN_DATA, value);
    throw new PageturnError('ERR_INVALID_ARGUMENT', `${path} must be ${PLAIN_DATA}, received ${oddity}`);
  };
  refuseOddMembers(input, name, onNotPlain);
  const fields = Object.entries(input).filter(([, value]) => value !== undefined);
  return {
    operation,
    input: Object.fromEntries(
      fields.map(([field, value]) => [field, fingerprint(value, onNotPlain, `${name}.${field}`)]).sort(),
    ),
  };
}

const PLAIN_DATA = 'plain data, so that a cursor can recognise its query';
