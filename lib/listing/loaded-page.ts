import type { Cursor } from '../cursor.js';
import { digest, fingerprint } from '../fingerprint.js';
import type { Page } from '../page.js';

/** The identity of an item: what tells it from every other item of the listing, whatever else of it changes. */
export type KeyOf<T> = (item: T) => string;

/** Digests are kept in a cursor side by side, each in so many base-36 digits: 2^53 needs 11. */
const DIGITS = 11;

/** A page in hand, with what a cursor into it has to remember. */
export class LoadedPage<T> {
  readonly token: string | undefined;
  readonly page: Page<T>;
  readonly items: readonly T[];
  /** Items at the front that were acknowledged in an earlier run. */
  readonly start: number;
  readonly pageSize: number | undefined;
  readonly #keyOf: KeyOf<T>;
  #seen = '';
  #seenCount = 0;

  constructor(page: Page<T>, { token, pageSize, keyOf, from }: LoadedPageContext<T>) {
    const { items, start } = arrange(page.items, keyOf, from);
    this.token = token;
    this.page = page;
    this.items = items;
    this.start = start;
    this.pageSize = pageSize;
    this.#keyOf = keyOf;
  }

  keyAt(index: number): string {
    return this.#keyOf(this.items[index] as T);
  }

  /** The digests of the items before an offset. Asked for at growing offsets, each item is digested once. */
  seenBefore(offset: number): string {
    if (offset < this.#seenCount) return this.#seen.slice(0, offset * DIGITS);
    while (this.#seenCount < offset) this.#seen += digestOf(this.keyAt(this.#seenCount++));
    return this.#seen;
  }
}

interface LoadedPageContext<T> {
  readonly token: string | undefined;
  readonly pageSize: number | undefined;
  readonly keyOf: KeyOf<T>;
  /** The cursor this page was fetched for, where a run is resumed. */
  readonly from: Cursor | undefined;
}

/** The key where the caller names none: the item's own identifier, else its content. */
export function defaultKey(item: unknown): string {
  if (typeof item !== 'object' || item === null) return String(item);
  const { Id, Arn, id, arn } = item as Record<string, unknown>;
  const named = [Id, Arn, id, arn].find((value) => typeof value === 'string' || typeof value === 'number');
  return named === undefined ? fingerprint(item) : String(named);
}

/**
 * Puts the items that an earlier run acknowledged in front. Going by what was seen and not by the offset alone, an
 * item is skipped only if it was delivered, however the page was shuffled by inserts, deletes and renames since.
 */
function arrange<T>(items: readonly T[], keyOf: KeyOf<T>, from: Cursor | undefined) {
  if (!from || from.offset === 0) return { items, start: 0 };
  if (from.seen === undefined) return { items, start: startAfterKey(items, keyOf, from) };
  const owed = new Map<string, number>();
  for (let i = 0; i < from.seen.length; i += DIGITS) {
    const one = from.seen.slice(i, i + DIGITS);
    owed.set(one, (owed.get(one) ?? 0) + 1);
  }
  const delivered: T[] = [];
  const rest: T[] = [];
  for (const item of items) {
    const one = digestOf(keyOf(item));
    const left = owed.get(one) ?? 0;
    if (left > 0) owed.set(one, left - 1);
    (left > 0 ? delivered : rest).push(item);
  }
  return { items: [...delivered, ...rest], start: delivered.length };
}

/** For a cursor that does not list what was seen: after the key it remembers, or the page's beginning. */
function startAfterKey<T>(items: readonly T[], keyOf: KeyOf<T>, { offset, key }: Cursor): number {
  const before = items[offset - 1];
  if (offset <= items.length && before !== undefined && keyOf(before) === key) return offset;
  return items.findIndex((item) => keyOf(item) === key) + 1;
}

function digestOf(key: string): string {
  return digest(key).toString(36).padStart(DIGITS, '0');
}
