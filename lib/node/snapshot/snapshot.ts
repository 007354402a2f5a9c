import { resolve } from 'node:path';
import { invalidArgument } from '../../core/errors.js';
import { sweepLeftovers } from '../files/replace-file.js';
import { checkedKey, defaultKey } from './item-key.js';
import { writeSnapshot } from './snapshot-file.js';
import { sortRows } from './sort-rows.js';

export interface SnapshotOptions<T> {
  /** The identity of an item, a string that is not empty. Default: its `Id`, `Arn`, `id` or `arn`, the first it has. */
  readonly key?: (item: T) => string;
  /** About how much text, in bytes, is sorted in memory at once; the rest goes by way of the disk. Default 16 MiB. */
  readonly chunkBytes?: number;
  /** What the items are of, for whoever reads the header: 1 to 100 characters. Default: none. */
  readonly label?: string;
}

export interface SnapshotSummary {
  /** The file, as an absolute path. */
  readonly path: string;
  /** Items in it, each key once. */
  readonly items: number;
  /** Items that came a second time, and replaced the one before. */
  readonly repeated: number;
  /** The size of the file. */
  readonly bytes: number;
}

/** What is sorted at once unless told otherwise: with the copies a sort makes, well under 200 MB of memory. */
export const DEFAULT_CHUNK_BYTES = 16 * 1_048_576;

/**
 * Writes a listing to a file, sorted by key, for {@link changes} to compare with a later one. In memory is never more
 * than a part of it; the disk needs room for the items as JSON, in the folder of the file, until it is written. An
 * item that comes twice is kept once, as it came last. The file appears, or replaces the one before, when it is
 * complete: a listing that fails, a full disk, a killed process leave what was there. Only its owner may read it
 * (mode 0600).
 *
 * The file is gzip (`zcat` reads it) with a checksum: a line `{"pageturn":"snapshot","version":1,"items":…}`, with
 * the `label` where there is one, then a line `[key, item]` for each item, with a third element that tells the paths of its Dates. Items must be JSON and
 * Dates; anything else becomes what `JSON.stringify` makes of it.
 *
 * Rejects with the listing's own error, with ERR_INVALID_ARGUMENT for an item without a key, and with the file
 * system's errors as they are.
 *
 * @example
 * const { items, bytes } = await snapshot(listUsers(client, { InstanceId }), 'users.snapshot');
 */
export async function snapshot<T>(
  listing: AsyncIterable<T>,
  path: string,
  { key = defaultKey, chunkBytes = DEFAULT_CHUNK_BYTES, label }: SnapshotOptions<T> = {},
): Promise<SnapshotSummary> {
  if (typeof path !== 'string' || path === '') throw invalidArgument('path', 'the path of a file', path);
  if (!(chunkBytes > 0)) throw invalidArgument('chunkBytes', 'a number of bytes above 0', chunkBytes);
  if (label !== undefined && !isLabel(label))
    throw invalidArgument('label', 'a text of 1 to 100 characters', label);
  const file = resolve(path);
  const keyOf = checkedKey(key);
  let received = 0;
  await sweepLeftovers(file);
  const rows = sortRows(listing, {
    key: (item) => {
      received++;
      return keyOf(item);
    },
    chunkBytes,
    near: file,
  });
  const { items, bytes } = await writeSnapshot(file, rows, label);
  return { path: file, items, repeated: received - items, bytes };
}

// The header has room for 65,535 bytes in all; a label is a word or two.
function isLabel(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value.length <= 100;
}
