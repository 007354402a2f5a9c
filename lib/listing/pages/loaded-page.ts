import type { Cursor } from '../../core/cursor.js';
import type { KeyOf } from '../../core/identity.js';
import type { Page } from '../../core/page.js';
import { DigestLog, OwedDigests } from './digest-log.js';

/** A page in hand, with what a cursor into it has to remember. */
export class LoadedPage<T> {
  readonly token: string | undefined;
  readonly page: Page<T>;
  readonly items: readonly T[];
  /** Items at the front that were acknowledged in an earlier run. */
  readonly start: number;
  readonly pageSize: number | undefined;
  readonly #keyOf: KeyOf<T>;
  readonly #digests: DigestLog<T>;

  constructor(page: Page<T>, { token, pageSize, keyOf, from }: LoadedPageContext<T>) {
    const { items, start } = arrange(page.items, keyOf, from);
    this.token = token;
    this.page = page;
    this.items = items;
    this.start = start;
    this.pageSize = pageSize;
    this.#keyOf = keyOf;
    this.#digests = new DigestLog(items, keyOf);
  }

  keyAt(index: number): string {
    return this.#keyOf(this.items[index] as T);
  }

  /** The digests of the items before an offset. */
  seenBefore(offset: number): string {
    return this.#digests.first(offset);
  }
}

interface LoadedPageContext<T> {
  readonly token: string | undefined;
  readonly pageSize: number | undefined;
  readonly keyOf: KeyOf<T>;
  /** The cursor this page was fetched for, where a run is resumed. */
  readonly from: Cursor | undefined;
}

/**
 * Puts the items that an earlier run acknowledged in front. Going by what was seen and not by the offset alone, an
 * item is skipped only if it was delivered, however the page was shuffled by inserts, deletes and renames since.
 */
function arrange<T>(items: readonly T[], keyOf: KeyOf<T>, from: Cursor | undefined) {
  if (!from || from.offset === 0) return { items, start: 0 };
  if (from.seen === undefined) return { items, start: startAfterKey(items, keyOf, from) };
  const owed = new OwedDigests(from.seen);
  const delivered: T[] = [];
  const rest: T[] = [];
  for (const item of items) (owed.skip(keyOf(item)) ? delivered : rest).push(item);
  return { items: [...delivered, ...rest], start: delivered.length };
}

/** For a cursor that does not list what was seen: after the key it remembers, or the page's beginning. */
function startAfterKey<T>(items: readonly T[], keyOf: KeyOf<T>, { offset, key }: Cursor): number {
  const before = items[offset - 1];
  if (offset <= items.length && before !== undefined && keyOf(before) === key) return offset;
  return items.findIndex((item) => keyOf(item) === key) + 1;
}
