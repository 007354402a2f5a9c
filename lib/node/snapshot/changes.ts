import { resolve } from 'node:path';
import { assertKnownOptions } from '../../core/assert-known-options.js';
import { invalidArgument } from '../../core/errors.js';
import { fingerprint } from '../../core/fingerprint.js';
import { distinctItems } from './distinct-items.js';
import { itemKey } from './item-key.js';
import { RowReader } from './row-reader.js';
import type { SnapshotOptions } from './snapshot.js';
import { readSnapshot } from './snapshot-file.js';
import { assertChunkBytes, DEFAULT_CHUNK_BYTES, sortRows } from './sort-rows.js';

/** How an item differs between two snapshots. */
export type Change<T> =
  | { readonly type: 'added'; readonly key: string; readonly item: T }
  | { readonly type: 'updated'; readonly key: string; readonly item: T; readonly previous: T }
  | { readonly type: 'removed'; readonly key: string; readonly item: T };

type Version = string | number | Date | undefined;

export interface ChangesOptions<T> extends Pick<SnapshotOptions<T>, 'key' | 'chunkBytes'> {
  /**
   * A value that differs when an item was updated. If either of the two items has none, their content is compared.
   * Default: `LastModifiedTime`.
   */
  readonly version?: ((item: T) => Version) | undefined;
}

/**
 * The changes between a snapshot and a later one, or a listing: in one pass, in the order of the keys, with a few
 * buffers in memory whatever the size. Items come back as the snapshot holds them. `key` and
 * `chunkBytes` are for a listing, which is sorted first (through the folder of `previous`); two snapshots must have
 * been taken with the same `key`.
 *
 * Both files are checked before the first change: throws ERR_SNAPSHOT_CORRUPT, which names the file. A missing file is
 * the file system's ENOENT; an error of the listing passes unchanged.
 *
 * @example
 * for await (const change of changes<UserSummary>('monday.snapshot', 'tuesday.snapshot')) {
 *   if (change.type !== 'removed') await sync(change.item);
 * }
 */
export function changes<T>(
  previous: string,
  current: string | AsyncIterable<T>,
  options: ChangesOptions<T> = {},
): AsyncGenerator<Change<T>, void, void> {
  assertKnownOptions('options', options, ['key', 'chunkBytes', 'version']);
  const { key, version = lastModified, chunkBytes = DEFAULT_CHUNK_BYTES } = options;
  if (typeof previous !== 'string') throw invalidArgument('previous', 'the path of a snapshot', previous);
  if (typeof current !== 'string' && typeof current?.[Symbol.asyncIterator] !== 'function')
    throw invalidArgument('current', 'the path of a snapshot, or a listing', current);
  if (typeof version !== 'function') throw invalidArgument('version', 'a function of an item', version);
  assertChunkBytes(chunkBytes);
  const rows =
    typeof current === 'string'
      ? readSnapshot(current)
      : sortRows(key ? current : distinctItems(current), {
          key: itemKey(key),
          chunkBytes,
          near: resolve(previous),
        });
  return compare(readSnapshot(previous), rows, version);
}

/** Every item of a snapshot, as added since there was none. */
export async function* additions<T>(path: string): AsyncGenerator<Change<T>, void, void> {
  const rows = new RowReader(readSnapshot(path));
  try {
    while (rows.advance() || (await rows.fill())) yield { type: 'added', ...rows.decode<T>() };
  } finally {
    await rows.close();
  }
}

async function* compare<T>(
  previous: AsyncIterable<Buffer>,
  current: AsyncIterable<Buffer>,
  version: (item: T) => Version,
): AsyncGenerator<Change<T>, void, void> {
  const before = new RowReader(previous);
  const after = new RowReader(current);
  try {
    let hasBefore = await before.fill();
    let hasAfter = await after.fill();
    while (hasBefore || hasAfter) {
      const same = hasBefore && hasAfter && before.equals(after);
      const order = same ? 0 : !hasBefore ? 1 : !hasAfter ? -1 : before.compareKey(after);
      if (order < 0) yield { type: 'removed', ...before.decode<T>() };
      else if (order > 0) yield { type: 'added', ...after.decode<T>() };
      else if (!same) {
        const { item: old } = before.decode<T>();
        const { key, item } = after.decode<T>();
        if (isUpdated(old, item, version)) yield { type: 'updated', key, item, previous: old };
      }
      if (order <= 0) hasBefore = before.advance() || (await before.fill());
      if (order >= 0) hasAfter = after.advance() || (await after.fill());
    }
  } finally {
    await before.close();
    await after.close();
  }
}

function isUpdated<T>(previous: T, current: T, version: (item: T) => Version): boolean {
  const [theirs, ours] = [plain(version(previous)), plain(version(current))];
  if (theirs !== undefined && ours !== undefined) return theirs !== ours;
  return fingerprint(previous) !== fingerprint(current);
}

function plain(version: Version): string | number | undefined {
  return version instanceof Date ? version.getTime() : (version ?? undefined);
}

function lastModified(item: unknown): Version {
  return (Object(item) as { LastModifiedTime?: Version }).LastModifiedTime;
}
