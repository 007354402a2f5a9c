import type { Cursor } from '../../core/cursor-shape.js';
import type { KeyOf } from '../../core/identity.js';
import { OwedItems, startAfterKey } from './seen-items.js';

/** A page's items, those that an earlier run acknowledged in front. */
interface ArrangedItems<T> {
  readonly items: readonly T[];
  /** How many of them an earlier run acknowledged. */
  readonly start: number;
  /** The digests of acknowledged items that have not arrived yet. */
  readonly owed: string;
}

interface EarlierItemsOptions<T> {
  readonly keyOf: KeyOf<T>;
  /** Whether they are expected on any later page, too. */
  readonly isUnordered: boolean;
}

/** What an earlier run acknowledged of the page it left off in, as far as it has not arrived again. */
export class EarlierItems<T> {
  readonly #keyOf: KeyOf<T>;
  #owed: OwedItems<T> | undefined;
  /** A cursor without digests, until its page is there. */
  #bare: Cursor | undefined;

  constructor(from: Cursor | undefined, { keyOf, isUnordered }: EarlierItemsOptions<T>) {
    this.#keyOf = keyOf;
    if (!from) return;
    const { seen, offset } = from;
    const pageSize = isUnordered ? Number.POSITIVE_INFINITY : from.pageSize;
    if (seen !== undefined) this.#owed = new OwedItems<T>(seen, { keyOf, pageSize });
    else if (offset > 0) this.#bare = from;
  }

  /** The items of a page that has arrived. */
  arrange(items: readonly T[]): ArrangedItems<T> {
    if (this.#owed) {
      const arranged = this.#owed.arrange(items);
      const owed = this.#owed.rest;
      if (owed === '') this.#owed = undefined;
      return { ...arranged, owed };
    }
    const bare = this.#bare;
    this.#bare = undefined;
    return { items, start: bare ? startAfterKey(items, bare, this.#keyOf) : 0, owed: '' };
  }

  /** The listing starts over at its first page. */
  forget(): void {
    this.#owed = undefined;
    this.#bare = undefined;
  }
}
