import { resolve } from 'node:path';
import { assertSignal } from '../../core/abort.js';
import { assertKnownOptions } from '../../core/assert-known-options.js';
import { invalidArgument } from '../../core/errors.js';
import type { KeyCallback } from '../../core/identity.js';
import { assertNotMounted } from '../files/assert-not-mounted.js';
import { assertOnLocked, type OnLocked } from '../files/lock-attempt.js';
import { lockFile } from '../files/lock-file.js';
import { assertReplaceable } from '../files/open-regular-file.js';
import { replaceFile } from '../files/replace-file.js';
import { sweepTemporaryFiles } from '../files/temporary-file.js';
import { distinctItems } from './distinct-items.js';
import { itemKey } from './item-key.js';
import { writeRows } from './snapshot-file.js';
import { assertChunkBytes, DEFAULT_CHUNK_BYTES, sortRows } from './sort-rows.js';

/** Options of `snapshot`. */
export interface SnapshotOptions<T> {
  /**
   * The identity of an item: a non-empty string, a bigint or a finite number. Default: the item's `Id`, `Arn`, `id` or
   * `arn`, the first it has; a string or a number is its own.
   */
  readonly key?: KeyCallback<T> | undefined;
  /** Roughly how many bytes of text to sort in memory at once; the rest goes through the disk. Default 16 MiB. */
  readonly chunkBytes?: number | undefined;
  /** What the snapshot is of, for people and programs that read its header: 1 to 100 characters. Default: none. */
  readonly label?: string | undefined;
  /**
   * What to do when another process is writing the same snapshot: `'fail'` at once, `'watch'` a process that cannot be
   * checked, such as one in another container, and take over after 30 s without a heartbeat, or `'wait'` as long as it
   * runs. Default: `'fail'`.
   */
  readonly onLocked?: OnLocked | undefined;
  /** Ends the wait for another process. To abort the listing, pass its own signal. */
  readonly signal?: AbortSignal | undefined;
}

/** What `snapshot` resolves to. */
export interface SnapshotSummary {
  /** The file, as an absolute path. */
  readonly path: string;
  /** Items in the file, each key once. */
  readonly items: number;
  /** Items whose key had come before; each replaced the earlier one. */
  readonly repeated: number;
  /** The size of the file. */
  readonly bytes: number;
}

/**
 * Writes a listing to a file, sorted by key, for {@link changes} to compare with a later one. Memory holds only a part
 * of the listing; the disk needs room for the items as JSON, in the folder of the file, until it is written. An item
 * that comes twice is kept once, as it came last. The file appears, or replaces the old one, only when it is complete:
 * a listing that fails, a full disk or a killed process leaves the old file as it was. Only its owner may read it
 * (mode 0600). A symbolic link is followed. Until then `<path>.lock` keeps other processes out.
 *
 * The file is gzip (`zcat` reads it) with a checksum: a line `{"pageturn":"snapshot","version":1,"items":…}`, with the
 * `label` if there is one, then a line `[key, item]` for each item. If it has Dates, their paths are a third element;
 * if it has bigints, NaN, infinities, bytes, Maps, Sets or invalid Dates, their kinds and paths are a fourth. Any other object becomes what its `toJSON`
 * returns, or its enumerable members.
 *
 * Rejects with the listing's own error, with ERR_INVALID_ARGUMENT for an item that has no key, that shares its identifier
 * with a different item of its page or before it, that contains itself or whose content cannot be read (a promise, URLSearchParams),
 * with ERR_CALLBACK_FAILED when `key` throws, with ERR_FILE_LOCKED while another process writes the same file or if one
 * took over while this one did not respond, and with the file system's errors unchanged.
 *
 * @example
 * const { items, bytes } = await snapshot(listUsers(client, { InstanceId }), 'users.snapshot');
 */
export async function snapshot<T>(
  listing: AsyncIterable<T>,
  path: string,
  options: SnapshotOptions<T> = {},
): Promise<SnapshotSummary> {
  assertKnownOptions('options', options, ['key', 'chunkBytes', 'label', 'onLocked', 'signal']);
  const { key, chunkBytes = DEFAULT_CHUNK_BYTES, label, onLocked = 'fail', signal } = options;
  if (typeof listing?.[Symbol.asyncIterator] !== 'function')
    throw invalidArgument('listing', 'an async iterable', listing);
  if (typeof path !== 'string' || path === '') throw invalidArgument('path', 'the path of a file', path);
  assertChunkBytes(chunkBytes);
  assertLabel(label);
  assertOnLocked(onLocked);
  assertSignal(signal);
  const keyOf = itemKey(key);
  const file = resolve(path);
  const lock = await lockFile(file, LOCKED_SNAPSHOT, { onLocked, signal });
  try {
    await assertReplaceable(lock.path);
    await assertNotMounted(lock.path);
    await sweepTemporaryFiles(lock.path);
    let received = 0;
    const rows = sortRows(key ? listing : distinctItems(listing), {
      key: (item) => {
        received++;
        return keyOf(item);
      },
      chunkBytes,
      near: lock.path,
    });
    const { items, bytes } = await replaceFile(
      lock.path,
      (target) => writeRows(target, rows, label),
      () => lock.assertHeld(),
    );
    return { path: file, items, repeated: received - items, bytes };
  } finally {
    await lock.release();
  }
}

/** How the error for a locked snapshot describes it. */
export const LOCKED_SNAPSHOT = { code: 'ERR_FILE_LOCKED', noun: 'snapshot' } as const;

/** Throws ERR_INVALID_ARGUMENT for a value that `label` cannot have. */
export function assertLabel(label: unknown): void {
  // The header has room for 65,535 bytes in total; a label is a word or two.
  const isLabel = typeof label === 'string' && label !== '' && label.length <= 100;
  if (label !== undefined && !isLabel)
    throw invalidArgument('label', 'a string of 1 to 100 characters', label);
}
