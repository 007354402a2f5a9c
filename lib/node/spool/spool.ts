import { type FileHandle, open, rm } from 'node:fs/promises';
import type { DrainPosition, Published } from '../../core/destination.js';
import { PageturnError } from '../../core/errors.js';
import { AppendedFile } from '../files/appended-file.js';
import { readAt } from '../files/read-at.js';
import { type FoundMarker, findLastMarker, HEADER, linesOf, readRows } from './spool-lines.js';

/**
 * The rows of an unfinished drain, as they were delivered, with the position behind each write, in one NDJSON file:
 * whatever happens, rows and position are both there or both cut off.
 */
export class Spool {
  /** The last position, and what was about to be published with it. */
  last: Pick<FoundMarker, 'position' | 'publishing'> | undefined;
  readonly #file: AppendedFile;
  #isRemoved = false;

  private constructor(file: AppendedFile, last: FoundMarker | undefined) {
    this.#file = file;
    this.last = last;
  }

  /** Opens the spool at a path under its lock, cut back to its last position. A file that is not a spool is left alone. */
  static async open(path: string, { signal }: { readonly signal: AbortSignal }): Promise<Spool> {
    const file = await AppendedFile.open(path);
    try {
      await file.lock({ onLocked: 'watch', signal });
      const last = await reading(file.path, async (handle) => {
        await assertSpool(handle, path, file.bytes);
        return findLastMarker(handle, file.bytes);
      });
      if (file.bytes !== (last?.end ?? -1)) await file.cutBack({ bytes: last?.end ?? 0 });
      if (file.bytes === 0) await file.append(Buffer.from(HEADER));
      return new Spool(file, last);
    } catch (error) {
      await file.removeIfNew();
      await file.close();
      throw error;
    }
  }

  async write(rows: readonly unknown[], position: DrainPosition): Promise<void> {
    await this.#append(rows, { position });
  }

  /** Drops all rows, and keeps a position, or none. */
  async startOver(position?: DrainPosition): Promise<void> {
    await this.#file.cutBack({ bytes: 0 });
    await this.#file.append(Buffer.from(HEADER));
    if (position) await this.#append([], { position });
    else this.last = undefined;
  }

  /** Notes what is about to be put in its place, so that the next run can see whether it was. */
  async notePublishing(publishing: Published): Promise<void> {
    if (this.last) await this.#append([], { position: this.last.position, publishing });
  }

  /** The rows, in chunks, as often as they are asked for. */
  rows(): AsyncIterable<readonly unknown[]> {
    const { path, bytes } = this.#file;
    return {
      async *[Symbol.asyncIterator]() {
        const handle = await open(path, 'r');
        try {
          yield* readRows(handle, bytes);
        } finally {
          await handle.close();
        }
      },
    };
  }

  /** Deletes the file, if it is still this run's. */
  async remove(): Promise<void> {
    if (this.#isRemoved) return;
    await this.#file.sync();
    await rm(this.#file.path, { force: true });
    this.#isRemoved = true;
  }

  /** Closes the file, and deletes it if there is nothing in it to resume. */
  async close(): Promise<void> {
    try {
      if (!this.last) await this.remove();
    } finally {
      await this.#file.close();
    }
  }

  async #append(rows: readonly unknown[], marker: NonNullable<Spool['last']>): Promise<void> {
    await this.#file.append(linesOf(rows, this.#file.bytes, marker));
    await this.#file.sync();
    this.last = marker;
  }
}

async function reading<R>(path: string, work: (handle: FileHandle) => Promise<R>): Promise<R> {
  const handle = await open(path, 'r');
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}

/** Throws unless the file is empty, or begins as a spool does, as far as it was written. */
async function assertSpool(handle: FileHandle, path: string, size: number): Promise<void> {
  const start = await readAt(handle, 0, Math.min(size, HEADER.length));
  if (HEADER.startsWith(start.toString('latin1'))) return;
  throw new PageturnError(
    'ERR_DESTINATION_FAILED',
    `${path} is not the spool of an unfinished run; move it away, because the spool has to go there`,
  );
}
