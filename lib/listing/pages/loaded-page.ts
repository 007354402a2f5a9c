import { fingerprint } from '../../core/fingerprint.js';
import type { ListedPage } from '../../core/page.js';
import { contentDigest, SEEN_DIGITS, seenDigest } from '../../core/seen-digest.js';
import type { ListingSource } from '../listing-source.js';
import type { PagePlace } from './page-place.js';

type Keyed<T> = Pick<ListingSource<T>, 'key'>;

/**
 * A page that was fetched: where, where the next one is, and its items as a cursor remembers them. Each digest is made
 * once, and only when a cursor is asked for.
 */
export class LoadedPage<T> {
  readonly page: ListedPage<T>;
  readonly place: PagePlace;
  readonly next: PagePlace | undefined;
  items: readonly T[];
  /** How many of them an earlier run acknowledged; they come first. */
  start = 0;
  readonly #source: Keyed<T>;
  #digests = '';
  #shared: ReadonlySet<string> | undefined;

  constructor(page: ListedPage<T>, place: PagePlace, next: PagePlace | undefined, source: Keyed<T>) {
    this.page = page;
    this.place = place;
    this.next = next;
    this.items = page.items;
    this.#source = source;
  }

  keyAt(index: number): string {
    return this.#source.key(this.items[index] as T);
  }

  /** The digests of the first items. */
  seen(count: number): string {
    for (let i = this.#digests.length / SEEN_DIGITS; i < count; i++) {
      const key = this.keyAt(i);
      this.#shared ??= sharedKeys(this.items, this.#source);
      this.#digests += this.#shared.has(key)
        ? contentDigest(key, fingerprint(this.items[i]))
        : seenDigest(key);
    }
    return this.#digests.slice(0, count * SEEN_DIGITS);
  }
}

/** The keys that different items of a page share, such as the `id` of a table with a sort key. */
function sharedKeys<T>(items: readonly T[], source: Keyed<T>): ReadonlySet<string> {
  const firsts = new Map<string, T>();
  const shared = new Set<string>();
  for (const item of items) {
    const key = readableKey(item, source);
    if (key === undefined) continue;
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, item);
    else if (fingerprint(first) !== fingerprint(item)) shared.add(key);
  }
  return shared;
}

/** Undefined for an item whose key cannot be read: it fails only cursors that lie after it. */
function readableKey<T>(item: T, source: Keyed<T>): string | undefined {
  try {
    return source.key(item);
  } catch {
    return undefined;
  }
}
