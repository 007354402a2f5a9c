import type { Page } from '../../core/page.js';
import type { LoadedPage } from '../pages/loaded-page.js';
import type { Mark } from '../traversal/position.js';
import { type Flow, NOTHING, type Nothing, type Origin } from './flow.js';

/** The pages underneath, whatever their items have become since. */
interface PageSource {
  readonly page: LoadedPage<unknown> | undefined;
  pageDemand: () => number;
}

/** Whole pages, each with what the steps before it make of its items; a page is acknowledged as a whole. */
export class PagesFlow<T> implements Flow<Page<T>> {
  demand: () => number = () => Number.POSITIVE_INFINITY;
  readonly #upstream: Flow<T>;
  readonly #pages: PageSource;
  /** The page given last, and the place in front of it until it is acknowledged. */
  #last: LoadedPage<unknown> | undefined;
  #given: Mark | undefined;
  /** The place in front of a page whose steps threw: it is given when they are through. */
  #front: Mark | undefined;
  /** What the steps let through so far; more than one poll is needed where a callback throws in between. */
  #items: T[] = [];

  constructor(upstream: Flow<T>, pages: PageSource) {
    this.#upstream = upstream;
    this.#pages = pages;
    pages.pageDemand = () => this.demand();
  }

  get limited(): boolean {
    return this.#upstream.limited;
  }

  poll(): Page<T> | Nothing {
    this.acknowledge();
    const loaded = this.#pages.page;
    if (!loaded || loaded === this.#last) return NOTHING;
    this.#front ??= this.#inFrontOf(loaded);
    const items = this.#gather();
    this.#given = this.#front;
    this.#front = undefined;
    this.#last = loaded;
    return { ...loaded.page, items };
  }

  advance(): Promise<boolean> {
    return this.#upstream.advance();
  }

  acknowledge(): void {
    this.#given = undefined;
  }

  mark(): Mark {
    return this.#given ?? this.#front ?? this.#upstream.mark();
  }

  origin(): Origin {
    const page = this.#last as LoadedPage<unknown>;
    const first = page.items[page.start];
    return { value: first, key: () => (first === undefined ? '' : page.keyAt(page.start)) };
  }

  pause(reason?: unknown): void {
    this.#upstream.pause(reason);
  }

  close(reason?: unknown): void {
    this.#upstream.close(reason);
  }

  #inFrontOf(page: LoadedPage<unknown>): Mark {
    return { ...this.#upstream.mark(), page, offset: page.start };
  }

  #gather(): readonly T[] {
    if (this.#upstream.takeAll) return this.#upstream.takeAll();
    for (let value = this.#upstream.poll(); value !== NOTHING; value = this.#upstream.poll())
      this.#items.push(value);
    return this.#items.splice(0);
  }
}
