import { type FileHandle, open, rm } from 'node:fs/promises';
import { assertWholeNumber } from '../../core/assert-whole-number.js';
import { temporaryBeside } from '../files/temporary-file.js';
import { mergeRuns, type Run } from './merge-runs.js';
import { encodeKey, encodeRow } from './row.js';
import { RowBuffer } from './row-buffer.js';

interface SortRowsOptions<T> {
  readonly key: (item: T) => string;
  /** How many bytes of rows are sorted in memory at once. */
  readonly chunkBytes: number;
  /** The file in whose folder the sorted runs go if there is more. */
  readonly near: string;
}

/** The default of `chunkBytes`: with the copies that sorting makes, it stays well under 200 MB of memory. */
export const DEFAULT_CHUNK_BYTES = 16 * 1_048_576;

/**
 * The items as rows, sorted by key, each key once: of several items with one key the last. What does not fit in memory
 * is sorted in runs, which are written to one file and merged. That file loses its name as soon as it is open, so it
 * disappears with the process, however the process ends.
 */
export async function* sortRows<T>(
  items: AsyncIterable<T>,
  { key, chunkBytes, near }: SortRowsOptions<T>,
): AsyncGenerator<Buffer, void, void> {
  const rows = new RowBuffer(chunkBytes);
  const runs: Run[] = [];
  let spill: FileHandle | undefined;
  try {
    for await (const item of items) {
      const rowKey = encodeKey(key(item));
      const row = encodeRow(rowKey, item);
      if (rows.add(rowKey, row)) continue;
      spill ??= await openNameless(near);
      runs.push(await writeRun(spill, rows, runs.at(-1)?.end ?? 0));
      rows.add(rowKey, row);
    }
    if (!spill) return yield* rows.drain();
    runs.push(await writeRun(spill, rows, runs.at(-1)?.end ?? 0));
    yield* mergeRuns(spill, runs);
  } finally {
    await spill?.close();
  }
}

/** Throws ERR_INVALID_ARGUMENT unless rows can be sorted in chunks of this many bytes. */
export function assertChunkBytes(chunkBytes: unknown): void {
  assertWholeNumber('chunkBytes', chunkBytes, 1, 'bytes');
}

async function openNameless(near: string): Promise<FileHandle> {
  const path = temporaryBeside(near);
  const file = await open(path, 'wx+', 0o600);
  await rm(path, { force: true });
  return file;
}

async function writeRun(file: FileHandle, rows: RowBuffer, start: number): Promise<Run> {
  let end = start;
  for (const chunk of rows.drain()) {
    await file.appendFile(chunk);
    end += chunk.length;
  }
  return { start, end };
}
