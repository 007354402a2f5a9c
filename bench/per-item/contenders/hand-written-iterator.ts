import type { ListedPage } from 'pageturn';
import { double, drain, isKept, isWanted, type Row, type Tasks } from '../workload.js';

export const handWrittenIterator: Tasks = {
  pass: (pages) => drain(new HandWrittenIterator(pages.fetch, (row) => row)),
  steps: (pages) =>
    drain(
      new HandWrittenIterator(pages.fetch, (row) => {
        if (!isKept(row)) return undefined;
        const value = double(row);
        return isWanted(value) ? value : undefined;
      }),
    ),
};

/**
 * The least a conforming async iterator over pages can cost: the steps inlined in one function, `next()` a resolved
 * promise while the page lasts. No cursor, no errors, no abort, no retry.
 */
class HandWrittenIterator<T> implements AsyncIterableIterator<T, undefined> {
  readonly #fetch: (token: string | undefined) => Promise<ListedPage<Row>>;
  readonly #step: (row: Row) => T | undefined;
  #items: readonly Row[] = [];
  #index = 0;
  #token: string | undefined;
  #over = false;

  constructor(
    fetch: (token: string | undefined) => Promise<ListedPage<Row>>,
    step: (row: Row) => T | undefined,
  ) {
    this.#fetch = fetch;
    this.#step = step;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    while (this.#index < this.#items.length) {
      const value = this.#step(this.#items[this.#index++] as Row);
      if (value !== undefined) return Promise.resolve({ value, done: false });
    }
    return this.#more();
  }

  async #more(): Promise<IteratorResult<T, undefined>> {
    if (this.#over) return { value: undefined, done: true };
    const page = await this.#fetch(this.#token);
    this.#items = page.items ?? [];
    this.#index = 0;
    this.#token = page.next ?? undefined;
    this.#over = !page.next;
    return this.next();
  }
}
