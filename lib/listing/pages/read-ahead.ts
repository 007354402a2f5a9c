import type { FetchedPage, PageWalk } from './walk-pages.js';

/**
 * Fetches up to `depth` pages ahead of the consumer, one after the other, as long as `isWanted` says that another one is
 * sure to be needed. A page that failed is an error only when it is due.
 */
export class ReadAhead<T> implements PageWalk<T> {
  readonly #pages: PageWalk<T>;
  readonly #depth: number;
  readonly #isWanted: (ahead: readonly FetchedPage<T>[]) => boolean;
  /** Every page asked for and not delivered; and those of them that have arrived. */
  readonly #asked: Promise<IteratorResult<FetchedPage<T>, void>>[] = [];
  readonly #arrived: FetchedPage<T>[] = [];
  #isFetching = false;
  #isOver = false;
  /** Whether a page was delivered that is not known downstream yet: until then it is unknown what else is wanted. */
  #isOnItsWay = false;

  constructor(pages: PageWalk<T>, depth: number, isWanted: (ahead: readonly FetchedPage<T>[]) => boolean) {
    this.#pages = pages;
    this.#depth = depth;
    this.#isWanted = isWanted;
  }

  async next(): Promise<IteratorResult<FetchedPage<T>, void>> {
    const result = await (this.#asked[0] ?? this.#fetch());
    this.#asked.shift();
    this.#arrived.shift();
    this.#isOnItsWay = true;
    return result;
  }

  return(): Promise<unknown> {
    this.#isOver = true;
    return this.#pages.return();
  }

  fill(): void {
    this.#isOnItsWay = false;
    this.#fetchIfWanted();
  }

  #fetchIfWanted(): void {
    if (this.#isFetching || this.#isOnItsWay || this.#isOver) return;
    if (this.#asked.length < this.#depth && this.#isWanted(this.#arrived)) this.#fetch();
  }

  #fetch(): Promise<IteratorResult<FetchedPage<T>, void>> {
    this.#isFetching = true;
    const fetched = this.#pages.next();
    this.#asked.push(fetched);
    const settle = (page: FetchedPage<T> | undefined) => {
      this.#isFetching = false;
      this.#isOver ||= page === undefined;
      if (!page) return;
      this.#arrived.push(page);
      this.#fetchIfWanted();
    };
    fetched.then(
      ({ done, value }) => settle(done ? undefined : value),
      () => settle(undefined),
    );
    return fetched;
  }
}
