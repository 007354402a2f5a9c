import type { KeyOf } from '../../core/identity.js';
import type { ListedPage } from '../../core/page.js';
import type { FetchedPage, PagePlace } from './page-fetcher.js';
import { SeenItems } from './seen-items.js';

interface LoadedPageContext<T> {
  /** The page's items, those that an earlier run acknowledged in front. */
  readonly items: readonly T[];
  /** How many of them an earlier run acknowledged. */
  readonly start: number;
  /** The digests of acknowledged items that have not arrived yet. */
  readonly owed: string;
  readonly keyOf: KeyOf<T>;
}

/** A page that was delivered, with what a cursor into it has to remember. */
export class LoadedPage<T> implements FetchedPage<T> {
  readonly token: string | undefined;
  readonly cycle: PagePlace['cycle'];
  readonly next: PagePlace | undefined;
  readonly page: ListedPage<T>;
  readonly items: readonly T[];
  readonly start: number;
  readonly owed: string;
  readonly pageSize: number | undefined;
  readonly #keyOf: KeyOf<T>;
  #seen: SeenItems<T> | undefined;

  constructor(
    { token, cycle, page, pageSize, next }: FetchedPage<T>,
    { items, start, owed, keyOf }: LoadedPageContext<T>,
  ) {
    this.token = token;
    this.cycle = cycle;
    this.next = next;
    this.page = page;
    this.items = items;
    this.start = start;
    this.owed = owed;
    this.pageSize = pageSize;
    this.#keyOf = keyOf;
  }

  keyAt(index: number): string {
    return this.#keyOf(this.items[index] as T);
  }

  /** The digests of the items before an offset. */
  seenBefore(offset: number): string {
    this.#seen ??= new SeenItems(this.items, this.#keyOf);
    return this.#seen.first(offset);
  }
}
