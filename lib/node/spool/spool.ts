import { createHash } from 'node:crypto';
import { type FileHandle, rm } from 'node:fs/promises';
import type { DrainPosition } from '../../core/destination.js';
import { PageturnError } from '../../core/errors.js';
import type { Format } from '../../destinations/formats/format.js';
import { AppendedFile } from '../files/appended-file.js';
import { readAt } from '../files/read-at.js';
import { findLastMarker } from './find-last-marker.js';
import { RowEncoder } from './row-encoder.js';
import type { ReadOptions } from './row-types.js';
import {
  type FoundMarker,
  HEADER,
  markerHead,
  markerTail,
  type Publication,
  readRowLines,
  readRows,
} from './spool-lines.js';

interface SpoolOptions {
  readonly signal: AbortSignal;
  /** Milliseconds that have passed. */
  readonly now?: () => number;
}

/**
 * The rows of an unfinished drain, as they were delivered, with the position after each write, in one file: whatever
 * happens, rows and position are both there or both cut off. A write survives the end of the process at once, and a
 * power cut after a second, or 32 MiB, at the latest.
 */
export class Spool {
  /** The last position, and what was about to be published with it. */
  last: Pick<FoundMarker, 'position' | 'publishing'> | undefined;
  readonly #file: AppendedFile;
  readonly #now: () => number;
  readonly #encoder = new RowEncoder();
  /** When the file was synced last, how long it was, and a digest of what came since. */
  #synced: { at: number; bytes: number };
  #since = createHash('sha256');
  #isRemoved = false;

  private constructor(file: AppendedFile, last: FoundMarker | undefined, now: () => number) {
    this.#file = file;
    this.last = last;
    this.#now = now;
    this.#synced = { at: Number.NEGATIVE_INFINITY, bytes: file.bytes };
  }

  /** Opens the spool at a path under its lock, cut back to its last position. A file that is not a spool is left alone. */
  static async open(path: string, { signal, now = () => performance.now() }: SpoolOptions): Promise<Spool> {
    const file = await AppendedFile.open(path, { onLocked: 'watch', signal });
    try {
      await assertSpool(file.handle, path, file.bytes);
      const last = await findLastMarker(file.handle, file.bytes);
      if (file.bytes !== (last?.end ?? -1)) await file.cutBack({ bytes: last?.end ?? 0 });
      if (file.bytes === 0) await file.append(Buffer.from(HEADER));
      // What a killed process wrote last may be in the memory of the machine only.
      await file.sync();
      return new Spool(file, last, now);
    } catch (error) {
      await file.removeIfNew();
      await file.close();
      throw error;
    }
  }

  /** The fencing token of the run that opens it: one more than the token of the run before. */
  get nextFence(): number {
    return (this.last?.position.fence ?? 0) + 1;
  }

  /** Its size. */
  get bytes(): number {
    return this.#file.bytes;
  }

  async write(rows: readonly unknown[], position: DrainPosition): Promise<void> {
    await this.#append(rows, { position });
  }

  /** Drops all rows, and keeps a position, or none. */
  async startOver(position?: DrainPosition): Promise<void> {
    await this.#file.cutBack({ bytes: 0 });
    await this.#file.append(Buffer.from(HEADER));
    await this.sync();
    if (position) await this.#append([], { position });
    else this.last = undefined;
  }

  /** Notes what is about to be put in its place, so that the next run can see whether it was. */
  async notePublishing(publishing: Publication): Promise<void> {
    if (!this.last) return;
    await this.#append([], { position: this.last.position, publishing });
    await this.sync();
  }

  /** Makes every write survive a power cut. Rejects with ERR_FILE_CHANGED if the file is not what was written. */
  async sync(): Promise<void> {
    await this.#file.sync();
    this.#synced = { at: this.#now(), bytes: this.#file.bytes };
    this.#since = createHash('sha256');
  }

  /** The rows, in chunks, as often as they are asked for. */
  rows(options?: ReadOptions): AsyncIterable<readonly unknown[]> {
    return this.#read((file, end) => readRows(file, end, options));
  }

  /** Publishes all rows as the bytes of a format, and deletes the spool. */
  async publish<T, P>(
    format: Format<T>,
    publish: (bytes: AsyncIterable<Uint8Array>) => Promise<P>,
  ): Promise<P> {
    await this.sync();
    // A format that takes the lines as they are needs no decoded rows.
    const encoded = format.encodeLines?.(this.#read(readRowLines));
    const rows = this.rows({ datesAsText: format.takesDatesAsText }) as AsyncIterable<readonly T[]>;
    const published = await publish(encoded ?? format.encode(rows));
    await this.remove();
    return published;
  }

  /** Deletes the file, if it is still this run's. */
  async remove(): Promise<void> {
    if (this.#isRemoved) return;
    await this.#file.verify();
    await rm(this.#file.path, { force: true });
    this.#isRemoved = true;
  }

  /** Closes the file, and deletes it if there is nothing in it to resume. */
  async close(): Promise<void> {
    try {
      if (!this.last) await this.remove();
      else if (!this.#isRemoved && this.#file.bytes > this.#synced.bytes) await this.sync();
    } finally {
      await this.#file.close();
    }
  }

  async #append(rows: readonly unknown[], marker: NonNullable<Spool['last']>): Promise<void> {
    const isDue = this.#isSyncDue || marker.position.isDurable === true;
    if (isDue) await this.#file.verify();
    try {
      const head = markerHead({ ...marker, from: this.#synced.bytes });
      const since = this.#since.copy().update(this.#encoder.encode(rows)).update(head);
      const tail = markerTail(since.copy().digest('base64url'));
      await this.#file.extend(this.#encoder.end(head + tail));
      this.#since = since.update(tail);
    } finally {
      this.#encoder.release();
    }
    if (isDue) await this.sync();
    this.last = marker;
  }

  get #isSyncDue(): boolean {
    const { at, bytes } = this.#synced;
    return this.#now() - at >= SYNC_EVERY_MS || this.#file.bytes - bytes >= SYNC_EVERY_BYTES;
  }

  #read<R>(read: (file: FileHandle, end: number) => AsyncIterable<R>): AsyncIterable<R> {
    const file = this.#file;
    const { handle, bytes } = file;
    return {
      async *[Symbol.asyncIterator]() {
        try {
          yield* read(handle, bytes);
        } catch (error) {
          // What cannot be read may not be what was written.
          await file.verify();
          throw error;
        }
      },
    };
  }
}

/** Syncing each write of 1,000 rows took a third of the time of a drain from memory. */
const SYNC_EVERY_MS = 1_000;

/** What the next run reads again to see whether it is whole. */
const SYNC_EVERY_BYTES = 32 * 1_048_576;

/** Throws unless the file is empty, or begins as a spool of this version does, as far as it was written. */
async function assertSpool(handle: FileHandle, path: string, size: number): Promise<void> {
  const start = await readAt(handle, 0, Math.min(size, HEADER.length));
  if (HEADER.startsWith(start.toString('latin1'))) return;
  throw new PageturnError(
    'ERR_DESTINATION_FAILED',
    `${path} is not a spool that this version can resume; move it away, because the spool has to go there`,
  );
}
