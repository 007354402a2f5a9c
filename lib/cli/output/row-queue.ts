/** Rows that are pushed by one side and read by another, one chunk at a time. */
export class RowQueue<T> implements AsyncIterable<readonly T[]> {
  #chunk: Pushed<T> | undefined;
  #isOver = false;
  #failure: { readonly error: unknown } | undefined;
  #wake = () => {};

  /** Resolves when the reader is done with the rows and asks for more; rejects once the reader has failed. */
  push(rows: readonly T[]): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure.error);
    return new Promise((resolve, reject) => {
      this.#chunk = { rows, resolve, reject };
      this.#wake();
    });
  }

  /** There are no more rows. */
  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  /** The reader has failed. */
  fail(error: unknown): void {
    this.#failure = { error };
    this.#chunk?.reject(error);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly T[], void, void> {
    for (;;) {
      const chunk = this.#chunk;
      if (chunk) {
        yield chunk.rows;
        this.#chunk = undefined;
        chunk.resolve();
      } else if (this.#isOver) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}

interface Pushed<T> {
  readonly rows: readonly T[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}
