import { createHash } from 'node:crypto';
import type { Format } from '../../destinations/formats/format.js';
import type { ByteSink } from './byte-sink.js';
import { RowQueue } from './row-queue.js';

/** Writes rows into a sink in a format, as they arrive; nothing, not even a header, before the first ones. */
export class FormatWriter<T> {
  readonly #sink: ByteSink;
  readonly #format: Format<T>;
  readonly #rows = new RowQueue<T>();
  readonly #hash = createHash('sha256');
  #written: Promise<void> | undefined;
  #bytes = 0;

  constructor(sink: ByteSink, format: Format<T>) {
    this.#sink = sink;
    this.#format = format;
  }

  /** Resolves when the rows are written. */
  write(rows: readonly T[]): Promise<void> {
    this.#begin();
    return this.#rows.push(rows);
  }

  /** Writes what follows the last row. Not called if rows are missing: half an array must not look complete. */
  async end(): Promise<{ readonly bytes: number; readonly sha256: string }> {
    this.#rows.end();
    await this.#begin();
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  #begin(): Promise<void> {
    if (this.#written) return this.#written;
    this.#written = this.#writeAll();
    this.#written.catch((error: unknown) => this.#rows.fail(error));
    return this.#written;
  }

  async #writeAll(): Promise<void> {
    for await (const bytes of this.#format.encode(this.#rows)) {
      await this.#sink.write(bytes);
      this.#hash.update(bytes);
      this.#bytes += bytes.length;
    }
  }
}
