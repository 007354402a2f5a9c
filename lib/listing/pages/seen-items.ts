import { fingerprint } from '../../core/fingerprint.js';
import type { KeyOf } from '../../core/identity.js';
import { contentDigest, isContentDigest, SEEN_DIGITS, seenDigest } from '../../core/seen-digest.js';

/** The digests of a page's items, for a cursor: each is made once, and only when a cursor is asked for. */
export class SeenItems<T> {
  readonly #items: readonly T[];
  readonly #keyOf: KeyOf<T>;
  #digests = '';
  #shared: ReadonlySet<string> | undefined;

  constructor(items: readonly T[], keyOf: KeyOf<T>) {
    this.#items = items;
    this.#keyOf = keyOf;
  }

  /** The digests of the first items. */
  first(count: number): string {
    for (let i = this.#digests.length / SEEN_DIGITS; i < count; i++) {
      const item = this.#items[i] as T;
      const key = this.#keyOf(item);
      this.#shared ??= sharedKeys(this.#items, this.#keyOf);
      this.#digests += this.#shared.has(key) ? contentDigest(key, fingerprint(item)) : seenDigest(key);
    }
    return this.#digests.slice(0, count * SEEN_DIGITS);
  }
}

/** The keys that different items of a page share, such as the `id` of a table with a sort key. */
function sharedKeys<T>(items: readonly T[], keyOf: KeyOf<T>): ReadonlySet<string> {
  const firsts = new Map<string, T>();
  const shared = new Set<string>();
  for (const item of items) {
    const key = readableKey(item, keyOf);
    if (key === undefined) continue;
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, item);
    else if (fingerprint(first) !== fingerprint(item)) shared.add(key);
  }
  return shared;
}

/** Undefined for an item whose key cannot be read: it fails only cursors that lie behind it. */
function readableKey<T>(item: T, keyOf: KeyOf<T>): string | undefined {
  try {
    return keyOf(item);
  } catch {
    return undefined;
  }
}

/**
 * The items a cursor lists as acknowledged. Each is skipped once when it arrives; those that have not arrived once a
 * whole page size of items has are not expected any more.
 */
export class OwedItems<T> {
  readonly #owed = new Map<string, number>();
  readonly #keyOf: KeyOf<T>;
  /** How many more items may arrive before the rest is given up. */
  #expected: number;
  /** Whether some are known by their content, because their key is that of other items too. */
  #hasContent = false;

  constructor(digests: string, { keyOf, pageSize }: { keyOf: KeyOf<T>; pageSize?: number | undefined }) {
    this.#keyOf = keyOf;
    // If the service chose the page size, it was at least the number of items that were acknowledged.
    this.#expected = pageSize ?? digests.length / SEEN_DIGITS;
    for (let i = 0; i < digests.length; i += SEEN_DIGITS) {
      const one = digests.slice(i, i + SEEN_DIGITS);
      this.#owed.set(one, (this.#owed.get(one) ?? 0) + 1);
      this.#hasContent ||= isContentDigest(one);
    }
  }

  /** The items of a page that has arrived, those to skip in front, and how many these are. */
  arrange(items: readonly T[]): { readonly items: readonly T[]; readonly start: number } {
    const skipped: T[] = [];
    const rest: T[] = [];
    for (const item of items) (this.#skip(item) ? skipped : rest).push(item);
    this.#expected -= items.length;
    if (this.#expected <= 0) this.#owed.clear();
    return { items: [...skipped, ...rest], start: skipped.length };
  }

  /** The digests of what has not arrived. */
  get rest(): string {
    return [...this.#owed].map(([one, left]) => one.repeat(left)).join('');
  }

  #skip(item: T): boolean {
    const key = this.#keyOf(item);
    return (
      this.#take(seenDigest(key)) || (this.#hasContent && this.#take(contentDigest(key, fingerprint(item))))
    );
  }

  #take(one: string): boolean {
    const left = this.#owed.get(one) ?? 0;
    if (left > 1) this.#owed.set(one, left - 1);
    else this.#owed.delete(one);
    return left > 0;
  }
}

/** For a cursor without digests, such as one written by hand: where to start, after the item its key names. */
export function startAfterKey<T>(
  items: readonly T[],
  { offset, key }: { readonly offset: number; readonly key?: string },
  keyOf: KeyOf<T>,
): number {
  const before = items[offset - 1];
  if (before !== undefined && keyOf(before) === key) return offset;
  return items.findIndex((item) => keyOf(item) === key) + 1;
}
