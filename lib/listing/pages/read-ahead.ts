import type { PageAt, PageWalk } from './walk-pages.js';

/**
 * Fetches up to `depth` pages ahead of the consumer, one after the other, as long as `isWanted` says that another one is
 * sure to be needed. A page that failed is an error only when its turn comes.
 */
export class ReadAhead<T> implements PageWalk<T> {
  readonly #pages: PageWalk<T>;
  readonly #depth: number;
  readonly #isWanted: (ahead: readonly PageAt<T>[]) => boolean;
  /** Every page asked for and not given out; and those of them that have arrived. */
  readonly #asked: Promise<IteratorResult<PageAt<T>, void>>[] = [];
  readonly #arrived: PageAt<T>[] = [];
  #fetching = false;
  #over = false;
  /** Whether a page was given out that is not known downstream yet: until then nobody can say what else is wanted. */
  #isOnItsWay = false;

  constructor(pages: PageWalk<T>, depth: number, isWanted: (ahead: readonly PageAt<T>[]) => boolean) {
    this.#pages = pages;
    this.#depth = depth;
    this.#isWanted = isWanted;
  }

  async next(): Promise<IteratorResult<PageAt<T>, void>> {
    if (this.#asked.length === 0) this.#fetch();
    const result = await (this.#asked[0] as Promise<IteratorResult<PageAt<T>, void>>);
    this.#asked.shift();
    this.#arrived.shift();
    this.#isOnItsWay = true;
    return result;
  }

  return(): Promise<unknown> {
    return this.#pages.return();
  }

  fill(): void {
    this.#isOnItsWay = false;
    this.#fill();
  }

  #fill(): void {
    if (this.#fetching || this.#isOnItsWay || this.#over) return;
    if (this.#asked.length >= this.#depth) return;
    if (this.#isWanted(this.#arrived)) this.#fetch();
  }

  #fetch(): void {
    this.#fetching = true;
    const fetched = this.#pages.next();
    this.#asked.push(fetched);
    const settle = (page: PageAt<T> | undefined) => {
      this.#fetching = false;
      this.#over = page === undefined;
      if (!page) return;
      this.#arrived.push(page);
      this.#fill();
    };
    fetched.then(
      ({ done, value }) => settle(done ? undefined : value),
      () => settle(undefined),
    );
  }
}
