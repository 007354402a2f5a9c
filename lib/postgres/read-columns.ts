import { callbackError } from '../core/callback-error.js';
import { dropRejection } from '../core/drop-rejection.js';
import { invalidArgument, PageturnError } from '../core/errors.js';
import { memberAt } from '../destinations/formats/csv-cell.js';
import { isIdentifier } from './table-name.js';

/**
 * The columns to write: names that columns and members share, or by column the name of the member (`IdentityInfo.Email` for
 * a nested one) or a function of the row.
 */
export type PostgresColumns<T> = readonly string[] | Readonly<Record<string, string | ((row: T) => unknown)>>;

/** A column and what it gets from a row. */
export interface WrittenColumn {
  readonly name: string;
  readonly read: (row: unknown) => unknown;
}

export function readColumns<T>(columns: PostgresColumns<T>): readonly WrittenColumn[] {
  const isList = Array.isArray(columns);
  if (typeof columns !== 'object' || columns === null || Object.keys(columns).length === 0) {
    throw invalidArgument('columns', "a list of names, or an object such as { id: 'Id' }", columns);
  }
  const entries: readonly (readonly [unknown, unknown])[] = isList
    ? columns.map((name: unknown) => [name, name])
    : Object.entries(columns);
  const names = new Set(entries.map(([name]) => name));
  if (names.size < entries.length) throw invalidArgument('columns', 'a list without repetitions', columns);
  return entries.map(([name, source]) => {
    if (!isIdentifier(name)) throw invalidArgument('a column', 'the name of a column', name);
    return { name, read: readerOf(name, source) };
  });
}

export function readKey(key: unknown, columns: readonly WrittenColumn[]): readonly string[] {
  const names: readonly unknown[] = Array.isArray(key) ? key : [key];
  const isKey = (name: unknown) => columns.some((column) => column.name === name);
  if (names.length > 0 && names.every(isKey) && new Set(names).size === names.length) {
    return names as readonly string[];
  }
  throw invalidArgument('key', 'one of the columns, or a list of some', key);
}

function readerOf(name: string, source: unknown): (row: unknown) => unknown {
  if (typeof source === 'string') {
    return (row) => (typeof row === 'object' && row !== null ? memberAt(row, source) : undefined);
  }
  if (typeof source !== 'function') {
    throw invalidArgument(`columns.${name}`, 'the name of a member or a function of the row', source);
  }
  const option = `columns.${name}`;
  return (row) => {
    let value: unknown;
    try {
      value = source(row);
    } catch (error) {
      throw callbackError(error, option);
    }
    assertNoPromise(option, value);
    return value;
  };
}

function assertNoPromise(option: string, value: unknown): void {
  if (typeof (value as PromiseLike<unknown> | null | undefined)?.then !== 'function') return;
  dropRejection(value);
  throw new PageturnError(
    'ERR_INVALID_ARGUMENT',
    `${option} returned a promise; await it in mapAsync before drainTo`,
  );
}
