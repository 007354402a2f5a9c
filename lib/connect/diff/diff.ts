import { assertSignal } from '../../core/abort.js';
import { assertKnownOptions } from '../../core/assert-known-options.js';
import { invalidArgument } from '../../core/errors.js';
import type { Difference } from '../../node/diff/difference.js';
import { usernameKey } from '../username-key.js';
import { assertDiffSource, type DiffSource } from './diff-source.js';
import { NOT_COMPARED } from './not-compared.js';
import { openSides } from './open-sides.js';

/** Options of `diff`. */
export interface DiffOptions {
  /** The field that says which rows belong together. Default `Username`, whose case is ignored, as in `findUser`. */
  readonly key?: string | undefined;
  /**
   * The fields to compare. Default: the columns of a CSV file on either side; for two instances, or an instance and a
   * snapshot, names, profiles, hierarchy and phone settings; otherwise every field that one of two rows has, except ids,
   * times of modification, and what `everywhere` adds.
   */
  readonly fields?: readonly string[] | undefined;
  /** Aborts both listings and every wait. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Compares the users of two instances, of an instance and a snapshot or a backup, or of an instance and the CSV file of an
 * identity provider: which users only `a` or only `b` has, and which fields differ, with names instead of ids. The result is
 * a stream, sorted by key. Both sides are read to the end before the first difference, side by side; memory holds a
 * few MB of each, and the folder of temporary files the rest.
 *
 * Nothing is guessed. Several rows of one key are one `duplicate`, a row without a key is `unkeyed`, and a user who
 * vanished between ListUsers and DescribeUser is `unread`; none of these is compared. If a listing was not exhausted,
 * `incomplete` comes first, and keys that it lacks are neither `removed` nor `added`. A listing that fails fails the
 * comparison, before the first difference.
 *
 * Throws ERR_INVALID_ARGUMENT for bad arguments; for an unknown user field, when the loop begins. Needs Node.
 *
 * @example
 * const production = { client, InstanceId };
 * for await (const one of diff(production, 'people.csv')) {
 *   if (one.type === 'changed') for (const { field, before, after } of one.changes) console.log(one.key, field, before, after);
 *   else console.log(one.type, 'key' in one ? one.key : '');
 * }
 */
export function diff<T extends object = Readonly<Record<string, unknown>>>(
  a: DiffSource<T>,
  b: DiffSource<T>,
  options?: DiffOptions,
): AsyncGenerator<Difference<T>, void, void>;
export function diff(
  a: DiffSource,
  b: DiffSource,
  options: DiffOptions = {},
): AsyncGenerator<Difference<object>, void, void> {
  assertDiffSource('a', a);
  assertDiffSource('b', b);
  assertKnownOptions('options of diff', options, ['key', 'fields', 'signal']);
  const { key = 'Username', fields, signal } = options;
  if (typeof key !== 'string' || key === '') throw invalidArgument('key', 'the name of a field', key);
  if (fields !== undefined && !(Array.isArray(fields) && fields.length > 0 && fields.every(isName)))
    throw invalidArgument('fields', 'a list of at least one name', fields);
  assertSignal(signal);
  return compare({ a, b }, { key, fields, signal });
}

interface CompareOptions {
  readonly key: string;
  readonly fields: readonly string[] | undefined;
  readonly signal: AbortSignal | undefined;
}

async function* compare(
  sources: { readonly a: DiffSource; readonly b: DiffSource },
  { key, fields, signal }: CompareOptions,
): AsyncGenerator<Difference<object>, void, void> {
  // Files are read in Node only, and a program that compares nothing need not load this.
  const { diffRows } = await import('../../node/diff/diff-rows.js');
  const { a, b, compared } = await openSides(sources, { key, fields });
  yield* diffRows(a, b, {
    keyOf: (row) => keyOf(row, key),
    fields: compared,
    ignored: [key, ...NOT_COMPARED],
    ordered: ['HierarchyPath'],
    isUnread: (row) => 'Vanished' in row && row.Vanished === true,
    signal,
  });
}

function keyOf(row: object, key: string): string {
  if (typeof row !== 'object' || row === null) throw invalidArgument('a row of diff', 'an object', row);
  const value: unknown = Reflect.get(row, key);
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  if (text.trim() === '') return '';
  return key === 'Username' ? usernameKey(text) : text;
}

function isName(name: unknown): boolean {
  return typeof name === 'string' && name !== '';
}
