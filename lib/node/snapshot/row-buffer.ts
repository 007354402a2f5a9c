const NEWLINE = 0x0a;
const CHUNK_BYTES = 262_144;

/**
 * Rows waiting to be sorted. Their bytes are in one buffer outside the heap, where the garbage collector does not move
 * them; the heap holds only their keys.
 */
export class RowBuffer {
  #buffer: Buffer;
  #used = 0;
  /** The offset at which the row of each key starts. */
  readonly #starts = new Map<string, number>();

  constructor(capacity: number) {
    this.#buffer = Buffer.allocUnsafe(capacity);
  }

  get isEmpty(): boolean {
    return this.#used === 0;
  }

  /** Adds a row, replacing an earlier one with the same key; false if there is no room for it. */
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

  /** Yields the rows in chunks, sorted by key; the buffer is empty afterwards. */
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
