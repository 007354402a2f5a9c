import type { Cursor } from '../../core/cursor-shape.js';
import { fingerprint } from '../../core/fingerprint.js';
import type { KeyOf } from '../../core/identity.js';
import { contentDigest, isContentDigest, SEEN_DIGITS, seenDigest } from '../../core/seen-digest.js';

/** A page's items, those that an earlier run acknowledged in front. */
export interface ArrangedItems<T> {
  readonly items: readonly T[];
  /** How many of them an earlier run acknowledged. */
  readonly start: number;
  /** The digests of acknowledged items that have not arrived yet. */
  readonly owed: string;
}

/** What an earlier run acknowledged of the page it left off in, as far as it has not arrived again. */
export interface EarlierItems<T> {
  /** The items of a page that has arrived. */
  arrange(items: readonly T[]): ArrangedItems<T>;
}

interface EarlierItemsOptions<T> {
  readonly keyOf: KeyOf<T>;
  /** Whether they are expected on any later page, too. */
  readonly isUnordered: boolean;
}

/** Undefined if the cursor lies before a page. */
export function earlierItems<T>(
  from: Cursor | undefined,
  { keyOf, isUnordered }: EarlierItemsOptions<T>,
): EarlierItems<T> | undefined {
  if (from?.seen !== undefined) {
    return new OwedItems(from.seen, isUnordered ? Number.POSITIVE_INFINITY : from.pageSize, keyOf);
  }
  if (!from || from.offset === 0) return undefined;
  return { arrange: (items) => ({ items, start: startAfterKey(items, from, keyOf), owed: '' }) };
}

/**
 * The items that a cursor lists as acknowledged. Each is skipped once when it arrives; those that have not arrived once
 * a whole page size of items has are no longer expected.
 */
class OwedItems<T> implements EarlierItems<T> {
  readonly #keyOf: KeyOf<T>;
  readonly #owed = new Map<string, number>();
  /** How many more items may arrive before the rest is given up. */
  #expected: number;
  /** Whether some are known by their content, because their key is that of other items too. */
  #hasContent = false;

  constructor(seen: string, pageSize: number | undefined, keyOf: KeyOf<T>) {
    this.#keyOf = keyOf;
    // If the service chose the page size, it was at least the number of items that were acknowledged.
    this.#expected = pageSize ?? seen.length / SEEN_DIGITS;
    for (let i = 0; i < seen.length; i += SEEN_DIGITS) {
      const one = seen.slice(i, i + SEEN_DIGITS);
      this.#owed.set(one, (this.#owed.get(one) ?? 0) + 1);
      this.#hasContent ||= isContentDigest(one);
    }
  }

  arrange(items: readonly T[]): ArrangedItems<T> {
    const skipped: T[] = [];
    const rest: T[] = [];
    for (const item of items) (this.#skip(item) ? skipped : rest).push(item);
    this.#expected -= items.length;
    if (this.#expected <= 0) this.#owed.clear();
    const owed = [...this.#owed].map(([one, left]) => one.repeat(left)).join('');
    return { items: [...skipped, ...rest], start: skipped.length, owed };
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
function startAfterKey<T>(items: readonly T[], { offset, key }: Cursor, keyOf: KeyOf<T>): number {
  const before = items[offset - 1];
  if (before !== undefined && keyOf(before) === key) return offset;
  return items.findIndex((item) => keyOf(item) === key) + 1;
}
