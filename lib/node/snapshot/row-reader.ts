import { decodeRow } from './row.js';

const NEWLINE = 0x0a;
const TAB = 0x09;

/**
 * Reads row after row from sorted chunks of bytes and compares rows without copying them. Only {@link RowReader.fill}
 * waits: `reader.advance() || (await reader.fill())` costs a promise per chunk, not per row.
 */
export class RowReader {
  readonly #chunks: AsyncIterator<Buffer, unknown>;
  #buffer: Buffer = Buffer.alloc(0);
  /** The current row, without its newline; before the first one the end is -1. */
  #start = 0;
  #end = -1;

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Moves to the next row of the current chunk; false if the chunk has no more. */
  advance(): boolean {
    const end = this.#buffer.indexOf(NEWLINE, this.#end + 1);
    if (end < 0) return false;
    this.#start = this.#end + 1;
    this.#end = end;
    return true;
  }

  /** Moves to the next row, reading more chunks; false when there are no more. */
  async fill(): Promise<boolean> {
    for (;;) {
      const rest = this.#buffer.subarray(this.#end + 1);
      const { value, done } = await this.#chunks.next();
      if (done) return false;
      const chunk = value as Buffer;
      this.#buffer = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      this.#end = -1;
      if (this.advance()) return true;
    }
  }

  /** Below 0 if the current key sorts before the other reader's, 0 if they are the same key. */
  compareKey(other: RowReader): number {
    return this.#buffer.compare(other.#buffer, other.#start, other.#keyEnd, this.#start, this.#keyEnd);
  }

  /** Whether the two current rows are identical. */
  equals(other: RowReader): boolean {
    if (this.#end - this.#start !== other.#end - other.#start) return false;
    return this.#buffer.compare(other.#buffer, other.#start, other.#end, this.#start, this.#end) === 0;
  }

  /** Copies the row and its newline, `size` bytes in all, to `target` at `offset`. */
  copy(target: Buffer, offset: number): number {
    return this.#buffer.copy(target, offset, this.#start, this.#end + 1);
  }

  get size(): number {
    return this.#end + 1 - this.#start;
  }

  decode<T>(): { key: string; item: T } {
    return decodeRow<T>(this.#buffer.toString('utf8', this.#start, this.#end));
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  get #keyEnd(): number {
    return this.#buffer.indexOf(TAB, this.#start);
  }
}
