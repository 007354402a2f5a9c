import { invalidArgument } from '../core/errors.js';

/** The names of a table's key attributes: of its partition key and, if it has one, of its sort key. */
export type KeyNames = readonly [string] | readonly [string, string];

/** Reads an option that names one key attribute, or both in a list. */
export function readKeyNames(key: unknown, option: string): KeyNames {
  const names: readonly unknown[] = Array.isArray(key) ? key : [key];
  const [partition, sort] = names;
  if (!isName(partition) || names.length > 2) throw wrongKey(key, option);
  if (names.length === 1) return [partition];
  if (!isName(sort) || sort === partition) throw wrongKey(key, option);
  return [partition, sort];
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function wrongKey(key: unknown, option: string) {
  return invalidArgument(
    option,
    "the name of the table's partition key, or a list of it and the sort key",
    key,
  );
}
