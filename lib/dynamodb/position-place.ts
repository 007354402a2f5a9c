import { assertKnownOptions } from '../core/assert-known-options.js';
import { invalidArgument } from '../core/errors.js';
import { type Item, toItem } from './attribute-value.js';
import type { KeyNames } from './key-names.js';

/** Where `dynamodb` keeps the position of an unfinished drain. */
export interface PositionPlace {
  /** The table; by default that of the rows. */
  readonly table?: string | undefined;
  /** The key of the item, such as `{ Id: 'pageturn:position' }`. */
  readonly key: Readonly<Record<string, string | number>>;
}

interface ReadPlace {
  readonly table: string;
  readonly key: Item;
}

/** Reads the option `position` of a destination whose rows are in a table with these key attributes. */
export function readPositionPlace(
  position: PositionPlace | undefined,
  rows: { readonly table: string; readonly names: KeyNames },
): ReadPlace {
  const { names } = rows;
  if (position === undefined) {
    return { table: rows.table, key: Object.fromEntries(names.map((name) => [name, { S: RESERVED }])) };
  }
  assertKnownOptions('position', position, ['table', 'key']);
  const { table = rows.table, key } = position;
  const values = typeof key === 'object' && key !== null ? Object.values(key) : [];
  const isKey = values.every(
    (value) => typeof value === 'number' || (typeof value === 'string' && value !== ''),
  );
  if (values.length === 0 || values.length > 2 || !isKey) {
    throw invalidArgument('position.key', "the key of an item, such as { Id: 'position' }", key);
  }
  if (table === rows.table && !names.every((name) => Object.hasOwn(key, name))) {
    throw invalidArgument('position.key', `a key with ${names.join(' and ')}`, key);
  }
  return { table, key: toItem(key) };
}

const RESERVED = 'pageturn:position';
