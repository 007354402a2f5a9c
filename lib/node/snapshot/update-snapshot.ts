import { resolve } from 'node:path';
import { assertSignal } from '../../core/abort.js';
import { assertBoolean } from '../../core/assert-boolean.js';
import { assertKnownOptions } from '../../core/assert-known-options.js';
import { invalidArgument, PageturnError } from '../../core/errors.js';
import { assertOnLocked } from '../files/lock-attempt.js';
import { additions, type Change, type ChangesOptions, changes } from './changes.js';
import { itemKey } from './item-key.js';
import { assertLabel, type SnapshotOptions } from './snapshot.js';
import { massRemoval, SnapshotUpdate } from './snapshot-update.js';
import { assertChunkBytes, DEFAULT_CHUNK_BYTES } from './sort-rows.js';

/** Options of `updateSnapshot`. */
export interface UpdateSnapshotOptions<T> extends SnapshotOptions<T>, Pick<ChangesOptions<T>, 'version'> {
  /**
   * Whether more than a fifth of the items may be removed. Default false: a service that leaves out items for a moment
   * must not make them look removed.
   */
  readonly allowRemovals?: boolean | undefined;
}

/**
 * The changes since a snapshot, which the listing then replaces: run it every night. Without a snapshot every item is
 * added. The new snapshot replaces the old one, in one step, when the loop asks for another item after the last change.
 * If the loop ends before that (`break`, a throw, an error, `kill -9`), the old one stays, and the changes come again.
 *
 * All items are listed before the first change. Other processes are kept out until the loop ends, as by {@link snapshot}.
 * `label`, if it is given, must be the label of the existing snapshot; a snapshot without a label gets it.
 *
 * Throws ERR_TOO_MANY_REMOVALS, before the first change, if more than a fifth of the items would be removed,
 * ERR_SNAPSHOT_CORRUPT for a file that is damaged or no snapshot, and otherwise what {@link snapshot} throws.
 *
 * @example
 * for await (const change of updateSnapshot(listUsers(client, { InstanceId }), 'users.snapshot')) {
 *   if (change.type === 'removed') await remove(change.key);
 *   else await save(change.item);
 * }
 */
export function updateSnapshot<T>(
  listing: AsyncIterable<T>,
  path: string,
  options: UpdateSnapshotOptions<T> = {},
): AsyncGenerator<Change<T>, void, void> {
  assertKnownOptions('options', options, [
    'key',
    'version',
    'chunkBytes',
    'label',
    'onLocked',
    'signal',
    'allowRemovals',
  ]);
  const { key, version, chunkBytes = DEFAULT_CHUNK_BYTES, label, onLocked = 'fail', signal } = options;
  const { allowRemovals = false } = options;
  if (typeof listing?.[Symbol.asyncIterator] !== 'function')
    throw invalidArgument('listing', 'an async iterable', listing);
  if (typeof path !== 'string' || path === '') throw invalidArgument('path', 'the path of a file', path);
  if (version !== undefined && typeof version !== 'function')
    throw invalidArgument('version', 'a function of an item', version);
  itemKey(key);
  assertChunkBytes(chunkBytes);
  assertLabel(label);
  assertOnLocked(onLocked);
  assertSignal(signal);
  assertBoolean('allowRemovals', allowRemovals);
  return reportAndReplace(listing, resolve(path), {
    key,
    version,
    chunkBytes,
    label,
    onLocked,
    signal,
    allowRemovals,
  });
}

async function* reportAndReplace<T>(
  listing: AsyncIterable<T>,
  path: string,
  { key, version, chunkBytes = DEFAULT_CHUNK_BYTES, label, ...options }: UpdateSnapshotOptions<T>,
): AsyncGenerator<Change<T>, void, void> {
  const { allowRemovals, onLocked, signal } = options;
  const update = await SnapshotUpdate.open(path, { onLocked, signal });
  try {
    if (label !== undefined && update.label !== undefined && update.label !== label) {
      throw new PageturnError(
        'ERR_INVALID_ARGUMENT',
        `label must be that of the snapshot ${path}, which was taken of something else; name another file`,
      );
    }
    await update.save(listing, { key, chunkBytes, label: label ?? update.label });
    if (update.isFirst) {
      yield* additions<T>(update.next);
    } else {
      const mass = allowRemovals ? undefined : await update.findMassRemoval();
      if (mass) throw massRemoval(path, mass.removed, mass.items);
      yield* changes<T>(update.path, update.next, { version });
    }
    signal?.throwIfAborted();
    await update.publish();
  } finally {
    await update.close();
  }
}
