import { PageturnError } from '../core/errors.js';
import { quoted } from '../core/quoted.js';
import { type Item, toItem, Unstorable } from './attribute-value.js';
import { itemSize, LARGEST_ITEM } from './item-size.js';
import type { KeyNames } from './key-names.js';

/** A row that is to be written. */
export interface RowItem {
  /** Its number in the whole drain, counted from 1: what a message says instead of its content. */
  readonly number: number;
  readonly item: Item;
  /** At the least: see {@link itemSize}. */
  readonly size: number;
}

interface RowItemsOptions {
  /** The number of the first row. */
  readonly first: number;
  readonly key: KeyNames;
  readonly target: string;
  /** The key of the item that holds the position, if it is in the same table. */
  readonly reserved: Item | undefined;
}

/** The items of rows. Of rows with the same key the last one is left, because one request may not contain both. */
export function rowItems(rows: readonly unknown[], options: RowItemsOptions): RowItem[] {
  const { first, key, reserved } = options;
  const reservedText = reserved && keyText(reserved, key);
  const byKey = new Map<string, RowItem>();
  for (const [i, row] of rows.entries()) {
    const number = first + i;
    const item = read(row, number, options);
    const text = keyText(item, key);
    if (text === reservedText) {
      throw refusedRow(
        number,
        options.target,
        'has the key that is reserved for the position; pass another with the option position',
      );
    }
    byKey.set(text, { number, item, size: itemSize(item) });
  }
  for (const { number, size } of byKey.values()) {
    if (size > LARGEST_ITEM) throw refusedRow(number, options.target, TOO_LARGE);
  }
  return [...byKey.values()];
}

export const TOO_LARGE = 'is larger than the 400 KB that an item may have; leave members out with map()';

/** The error about one row. */
export function refusedRow(number: number, target: string, flaw: string, cause?: unknown): PageturnError {
  return new PageturnError(
    'ERR_DESTINATION_FAILED',
    `cannot write to ${target}: row ${number.toLocaleString('en')} ${flaw}`,
    { cause },
  );
}

function read(row: unknown, number: number, { key, target }: RowItemsOptions): Item {
  let item: Item;
  try {
    item = toItem(row);
  } catch (error) {
    if (!(error instanceof Unstorable)) throw error;
    throw refusedRow(number, target, `${error.message}; convert it with map()`);
  }
  for (const name of key) {
    if (isUsable(item, name)) continue;
    const flaw = `has no ${quoted(name)} that can be a key; it must be a text or bytes that are not empty, or a number`;
    throw refusedRow(number, target, flaw);
  }
  return item;
}

function isUsable(item: Item, name: string): boolean {
  const { S, N, B } = (Object.hasOwn(item, name) ? item[name] : undefined) ?? {};
  return (S !== undefined && S !== '') || N !== undefined || (B !== undefined && B.length > 0);
}

/** A text that is the same for equal keys. */
function keyText(item: Item, key: KeyNames): string {
  return JSON.stringify(key.map((name) => item[name]));
}
