import { rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PageturnError } from '../../core/errors.js';
import type { KeyCallback } from '../../core/identity.js';
import { MAX_REMOVED_SHARE } from '../../core/max-removed-share.js';
import { assertNotMounted } from '../files/assert-not-mounted.js';
import { createDraft } from '../files/create-draft.js';
import type { FileLock } from '../files/file-lock.js';
import type { LockOptions } from '../files/lock-attempt.js';
import { lockFile } from '../files/lock-file.js';
import { assertReplaceable } from '../files/open-regular-file.js';
import { syncFolder } from '../files/sync-folder.js';
import { sweepTemporaryFiles, temporaryBeside } from '../files/temporary-file.js';
import { changes } from './changes.js';
import { distinctItems } from './distinct-items.js';
import { itemKey } from './item-key.js';
import { LOCKED_SNAPSHOT } from './snapshot.js';
import { readSnapshot, readSummary, writeRows } from './snapshot-file.js';
import { sortRows } from './sort-rows.js';

interface SaveOptions<T> {
  readonly key?: KeyCallback<T> | undefined;
  readonly chunkBytes: number;
  readonly label: string | undefined;
}

/** A snapshot under its lock, and the one that is to take its place. */
export class SnapshotUpdate {
  /** Whether there is no snapshot yet. */
  readonly isFirst: boolean;
  /** The label of the existing snapshot. */
  readonly label: string | undefined;
  /** The existing snapshot. */
  readonly path: string;
  /** The one that is to take its place. */
  readonly next: string;
  readonly #lock: FileLock;
  readonly #items: number;

  private constructor(lock: FileLock, there: Summary | undefined) {
    this.#lock = lock;
    this.path = lock.path;
    this.next = temporaryBeside(lock.path);
    this.isFirst = there === undefined;
    this.label = there?.label;
    this.#items = there?.items ?? 0;
  }

  /** Locks the snapshot and reads it, so that a corrupt one is not discovered after minutes of listing. */
  static async open(path: string, options: LockOptions): Promise<SnapshotUpdate> {
    const lock = await lockFile(path, LOCKED_SNAPSHOT, options);
    try {
      await assertNotMounted(lock.path);
      await sweepTemporaryFiles(lock.path);
      // Looked at under the lock: another process may have taken the first snapshot while this one waited.
      return new SnapshotUpdate(lock, await readSummaryIfThere(lock.path));
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** Writes the items to the next snapshot. */
  async save<T>(items: AsyncIterable<T>, { key, chunkBytes, label }: SaveOptions<T>): Promise<void> {
    const rows = sortRows(key ? items : distinctItems(items), {
      key: itemKey(key),
      chunkBytes,
      near: this.path,
    });
    await createDraft(this.next, (file) => writeRows(file, rows, label));
  }

  /**
   * How many items the next snapshot lacks, and of how many, if that looks like a mistake: a service that leaves out
   * items for a moment must not make them look removed. Once in the snapshot, the mistake would be reported a second
   * time, as items added. Undefined if it is a fifth of them at the most.
   */
  async findMassRemoval(): Promise<{ readonly removed: number; readonly items: number } | undefined> {
    let removed = 0;
    for await (const { type } of changes(this.path, this.next)) if (type === 'removed') removed++;
    const items = this.#items;
    return removed > items * MAX_REMOVED_SHARE ? { removed, items } : undefined;
  }

  /** Replaces the existing snapshot with the next one, in one step. */
  async publish(): Promise<void> {
    await this.#lock.assertHeld();
    await assertReplaceable(this.path);
    await rename(this.next, this.path);
    await syncFolder(dirname(this.path));
  }

  /** Deletes the next snapshot if it was not published, and releases the lock. */
  async close(): Promise<void> {
    try {
      await rm(this.next, { force: true });
    } finally {
      await this.#lock.release();
    }
  }
}

type Summary = Awaited<ReturnType<typeof readSummary>>;

/** What the header of a snapshot says, whose checksum is right; undefined if there is no file. */
export async function readSummaryIfThere(path: string): Promise<Summary | undefined> {
  try {
    await stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  await assertReadable(path);
  return readSummary(path);
}

/** Throws ERR_SNAPSHOT_CORRUPT unless the checksum is right. */
async function assertReadable(path: string): Promise<void> {
  for await (const _ of readSnapshot(path)) return;
}

export function massRemoval(path: string, removed: number, items: number): PageturnError {
  return new PageturnError(
    'ERR_TOO_MANY_REMOVALS',
    `${removed} of ${items} items in ${path} would be removed, more than ${MAX_REMOVED_SHARE * 100} %, so nothing was reported and it is unchanged; if they are gone, pass allowRemovals: true`,
  );
}
