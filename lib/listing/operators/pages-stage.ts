import { defaultKey } from '../../core/identity.js';
import type { ListedPage } from '../../core/page.js';
import type { LoadedPage } from '../pages/loaded-page.js';
import type { PageSource } from '../pages/page-source.js';
import type { Position } from '../traversal/position.js';
import { type Content, contentAt } from './content-of.js';
import { acknowledgeAndTakeAll, NOTHING, type Nothing, type Stage, type Wanted } from './stage.js';

/** Whole pages, each with what the operators before it make of its items; a page is acknowledged as a whole. */
export class PagesStage<T> implements Stage<ListedPage<T>> {
  readonly isOrdered = true;
  readonly #upstream: Stage<T>;
  /** The pages underneath, whatever their items have become since. */
  readonly #pages: PageSource<unknown>;
  /** The page taken last, and the position before it until it is acknowledged. */
  #last: LoadedPage<unknown> | undefined;
  #delivered: Position | undefined;
  /** The position before a page whose operators threw: the page is delivered once they succeed. */
  #front: Position | undefined;
  /** What the operators let through so far; they may throw in between. */
  #items: T[] = [];

  constructor(upstream: Stage<T>, pages: PageSource<unknown>) {
    this.#upstream = upstream;
    this.#pages = pages;
  }

  get isLimited(): boolean {
    return this.#upstream.isLimited;
  }

  acknowledgeAndTake(): ListedPage<T> | Nothing {
    this.acknowledge();
    const loaded = this.#pages.page;
    if (!loaded || loaded === this.#last) return NOTHING;
    const { place, start: offset } = loaded;
    this.#front ??= { ...this.#upstream.position(), place, page: loaded, offset };
    const items = this.#gather();
    this.#delivered = this.#front;
    this.#front = undefined;
    this.#last = loaded;
    // The page's own list stays as it is, whatever the consumer does to the one it gets.
    return { ...loaded.page, items: items === loaded.items ? [...items] : items };
  }

  advance({ values: pages }: Wanted): Promise<boolean> {
    return this.#upstream.advance({ values: Number.POSITIVE_INFINITY, pages });
  }

  acknowledge(): void {
    this.#delivered = undefined;
  }

  position(after = false): Position {
    const front = after ? undefined : (this.#delivered ?? this.#front);
    return front ?? this.#upstream.position(after);
  }

  /**
   * A page is recognised by the keys of its items, because the rest of a response differs each time. A value that an
   * operator made from an item has none of the listing's keys.
   */
  contentOf({ items }: ListedPage<T>): Content {
    const page = this.#last;
    const places = new Map(page?.items.map((item, nth) => [item, nth]));
    const keys = items.map((item) => {
      const nth = places.get(item);
      return page && nth !== undefined ? page.keyAt(nth) : defaultKey(item);
    });
    return contentAt(this.position(), () => JSON.stringify(keys));
  }

  close(): void {
    this.#upstream.close();
  }

  #gather(): readonly T[] {
    if (this.#upstream.acknowledgeAndTakeAll) return acknowledgeAndTakeAll(this.#upstream);
    for (;;) {
      const value = this.#upstream.acknowledgeAndTake();
      if (value === NOTHING) return this.#items.splice(0);
      this.#items.push(value);
    }
  }
}
