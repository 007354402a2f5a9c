import { fingerprint } from '../../core/fingerprint.js';
import type { KeyOf } from '../../core/identity.js';
import { contentDigest, SEEN_DIGITS, seenDigest } from '../../core/seen-digest.js';

/** A page's items as a cursor remembers them: each digest is made once, and only when a cursor is asked for. */
export class SeenItems<T> {
  readonly #items: readonly T[];
  readonly #keyOf: KeyOf<T>;
  #digests = '';
  #shared: ReadonlySet<string> | undefined;

  constructor(items: readonly T[], keyOf: KeyOf<T>) {
    this.#items = items;
    this.#keyOf = keyOf;
  }

  keyAt(index: number): string {
    return this.#keyOf(this.#items[index] as T);
  }

  /** The digests of the first items. */
  first(count: number): string {
    for (let i = this.#digests.length / SEEN_DIGITS; i < count; i++) {
      const key = this.keyAt(i);
      this.#shared ??= sharedKeys(this.#items, this.#keyOf);
      this.#digests += this.#shared.has(key)
        ? contentDigest(key, fingerprint(this.#items[i]))
        : seenDigest(key);
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
