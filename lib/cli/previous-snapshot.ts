import { access, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { UserSummary } from '@aws-sdk/client-connect';
import { PageturnError } from '../core/errors.js';
import { createFile } from '../node/files/create-file.js';
import { lockFile } from '../node/files/lock-file.js';
import { syncFolder } from '../node/files/sync-folder.js';
import { sweepTemporaryFiles, temporaryBeside } from '../node/files/temporary-file.js';
import { type Change, changes } from '../node/snapshot/changes.js';
import { itemKey } from '../node/snapshot/item-key.js';
import { LOCKED_SNAPSHOT } from '../node/snapshot/snapshot.js';
import { readSnapshot, readSummary, writeRows } from '../node/snapshot/snapshot-file.js';
import { DEFAULT_CHUNK_BYTES, sortRows } from '../node/snapshot/sort-rows.js';
import { CliError, fileError, usageError } from './cli-error.js';
import { formatCount, formatNumber } from './format.js';
import type { ChangesOptions } from './options.js';

type Users = AsyncIterable<UserSummary>;

/** The snapshot given with `--since`, and with `--update` its replacement. */
export interface PreviousSnapshot {
  /** Whether the file does not exist yet. */
  readonly isMissing: boolean;
  /** Takes the first snapshot. */
  create(users: Users): Promise<void>;
  /**
   * The changes since the snapshot. With `--update`, all users are first saved to a new snapshot next to the old one, and
   * nothing is reported if too many were removed.
   */
  changesTo(users: Users): AsyncGenerator<Change<UserSummary>, void, void>;
  /** With `--update`, replaces the snapshot by the new one in one step. */
  replace(): Promise<void>;
  /** Deletes a new snapshot that was not used and releases the lock. */
  close(): Promise<void>;
}

/** The largest share of users that `--update` may remove without `--allow-removals`. */
const MAX_REMOVED_SHARE = 0.2;

type PreviousSnapshotOptions = Pick<ChangesOptions, 'since' | 'update' | 'allowRemovals'> & {
  /** Ends the wait for another process that may be updating the snapshot. */
  readonly signal?: AbortSignal;
};

/**
 * Opens the snapshot and checks it before anything is sent. With `--update` it is locked: one process at a time. `label`
 * identifies the instance; a snapshot without a label is accepted for any instance.
 */
export async function openPreviousSnapshot(
  { since, update, allowRemovals, signal }: PreviousSnapshotOptions,
  label: string,
): Promise<PreviousSnapshot> {
  const named = resolve(since);
  let isMissing = false;
  const describeFailure = (error: unknown): never => {
    if (error instanceof PageturnError || (error as NodeJS.ErrnoException)?.syscall === undefined)
      throw error;
    const what = isMissing
      ? `cannot take the snapshot ${named}`
      : `cannot use the snapshot ${named}, which is unchanged`;
    throw fileError(what, named, error);
  };
  const attempt = <R>(work: Promise<R>) => work.catch(describeFailure);

  isMissing = await attempt(isAbsent(named));
  if (isMissing && !update) {
    throw usageError(`the snapshot ${since} does not exist: add --update to take the first one`);
  }
  const lock = update
    ? await attempt(lockFile(named, LOCKED_SNAPSHOT, { onLocked: 'watch', signal }))
    : undefined;
  const path = lock?.path ?? named;
  const next = temporaryBeside(path);
  try {
    if (lock) await attempt(sweepTemporaryFiles(path));
    // Another process may have taken the first snapshot while this one waited.
    isMissing = await attempt(isAbsent(path));
    if (!isMissing) {
      await attempt(assertReadable(path));
      await assertLabel(path, since, label);
    }
  } catch (error) {
    await lock?.release();
    throw error;
  }
  const save = async (users: Users) => {
    const rows = sortRows(users, { key: itemKey(undefined), chunkBytes: DEFAULT_CHUNK_BYTES, near: path });
    await createFile(next, (file) => writeRows(file, rows, label));
  };
  const publish = async () => {
    await lock?.assertHeld();
    await rename(next, path);
    await syncFolder(dirname(path));
  };
  return {
    isMissing,
    async create(users) {
      await attempt(save(users));
      await attempt(publish());
    },
    async *changesTo(users) {
      try {
        if (update) {
          await save(users);
          if (!allowRemovals) await assertFewRemovals(path, next, since);
        }
        yield* changes<UserSummary>(path, update ? next : users);
      } catch (error) {
        describeFailure(error);
      }
    },
    async replace() {
      if (update) await attempt(publish());
    },
    async close() {
      if (update) await rm(next, { force: true });
      await lock?.release();
    },
  };
}

async function isAbsent(path: string): Promise<boolean> {
  try {
    await access(path);
    return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw error;
  }
}

/** Verifies the checksum now, so that a corrupt snapshot is not discovered after minutes of listing. */
async function assertReadable(path: string): Promise<void> {
  try {
    for await (const _ of readSnapshot(path)) return;
  } catch (error) {
    if (!(error instanceof PageturnError && error.code === 'ERR_SNAPSHOT_CORRUPT')) throw error;
    throw new CliError(`${error.message} with --update`, 1, error);
  }
}

async function assertLabel(path: string, since: string, label: string): Promise<void> {
  const { label: actual } = await readSummary(path);
  if (actual === undefined || actual === label) return;
  throw usageError(`${since} was taken from another instance: name this instance's snapshot, or a new file`);
}

/**
 * A service that leaves out users for a moment must not make them look removed: once in the snapshot, the mistake would
 * be reported a second time, as users added. Checked before the first change is reported, because a reader may act on it.
 */
async function assertFewRemovals(path: string, next: string, since: string): Promise<void> {
  const { items } = await readSummary(path);
  let removed = 0;
  for await (const { type } of changes(path, next)) if (type === 'removed') removed++;
  if (removed <= items * MAX_REMOVED_SHARE) return;
  throw new CliError(
    `${formatNumber(removed)} of ${formatCount(items, 'user')} in ${since} would be removed, more than ${MAX_REMOVED_SHARE * 100} %, so nothing was reported and it is unchanged; if they are gone, rerun with --allow-removals`,
  );
}
