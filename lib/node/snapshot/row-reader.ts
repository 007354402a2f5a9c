import { decodeRow } from './row.js';

const NEWLINE = 0x0a;
const TAB = 0x09;

/**
 * Goes from row to row of sorted chunks of bytes, comparing rows where they lie. Only {@link RowReader.fill} waits:
 * `reader.advance() || (await reader.fill())` costs a promise per chunk, none per row.
 */
export class RowReader {
  readonly #chunks: AsyncIterator<Buffer, unknown>;
  #buffer: Buffer = Buffer.alloc(0);
  /** The row in hand, without its newline; in front of the first one the end is -1. */
  #start = 0;
  #end = -1;

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** To the next row of the chunk in hand; false where it has none. */
  advance(): boolean {
    const end = this.#buffer.indexOf(NEWLINE, this.#end + 1);
    if (end < 0) return false;
    this.#start = this.#end + 1;
    this.#end = end;
    return true;
  }

  /** To the next row, in chunks to come; false at the end of them. */
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

  /** Below 0 where the key in hand comes before the other's, 0 where they are the same key. */
  compareKey(other: RowReader): number {
    return this.#buffer.compare(other.#buffer, other.#start, other.#keyEnd, this.#start, this.#keyEnd);
  }

  /** Whether the rows are the same to the byte. */
  equals(other: RowReader): boolean {
    if (this.#end - this.#start !== other.#end - other.#start) return false;
    return this.#buffer.compare(other.#buffer, other.#start, other.#end, this.#start, this.#end) === 0;
  }

  /** Copies the row and its newline, `size` bytes, to `target` at `offset`. */
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
