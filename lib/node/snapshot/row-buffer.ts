const NEWLINE = 0x0a;
const CHUNK_BYTES = 262_144;

/**
 * Rows waiting to be sorted. Their bytes lie in one buffer outside the heap, where the garbage collector need not move
 * them; the heap holds their keys.
 */
export class RowBuffer {
  #buffer: Buffer;
  #used = 0;
  /** Where the row of each key begins. */
  readonly #starts = new Map<string, number>();

  constructor(capacity: number) {
    this.#buffer = Buffer.allocUnsafe(capacity);
  }

  get isEmpty(): boolean {
    return this.#used === 0;
  }

  /** Adds a row in place of an earlier one of the same key; false where there is no room for it. */
  add(key: string, row: string): boolean {
    const size = Buffer.byteLength(row);
    if (this.#used + size > this.#buffer.length) {
      if (!this.isEmpty) return false;
      this.#buffer = Buffer.allocUnsafe(size);
    }
    this.#starts.set(key, this.#used);
    this.#used += this.#buffer.write(row, this.#used);
    return true;
  }

  /** Gives out the rows, sorted, in chunks, and is empty then. */
  *drain(): Generator<Buffer, void, void> {
    let chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let filled = 0;
    for (const key of [...this.#starts.keys()].sort()) {
      const start = this.#starts.get(key) ?? 0;
      const end = this.#buffer.indexOf(NEWLINE, start) + 1;
      if (filled + end - start > chunk.length) {
        if (filled > 0) yield chunk.subarray(0, filled);
        chunk = Buffer.allocUnsafe(Math.max(CHUNK_BYTES, end - start));
        filled = 0;
      }
      filled += this.#buffer.copy(chunk, filled, start, end);
    }
    if (filled > 0) yield chunk.subarray(0, filled);
    this.#starts.clear();
    this.#used = 0;
  }
}
