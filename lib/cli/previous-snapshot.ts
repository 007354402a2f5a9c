import { access, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { UserSummary } from '@aws-sdk/client-connect';
import { PageturnError } from '../core/errors.js';
import { lockFile } from '../node/files/lock-file.js';
import { syncFolder } from '../node/files/sync-folder.js';
import { type Change, changes } from '../node/snapshot/changes.js';
import { snapshot } from '../node/snapshot/snapshot.js';
import { readLabel, readSnapshot } from '../node/snapshot/snapshot-file.js';
import { CliError, fileError, usageError } from './cli-error.js';
import type { ChangesOptions } from './options.js';

type Users = AsyncIterable<UserSummary>;

/** The snapshot given with `--since`, and with `--update` its replacement. */
export interface PreviousSnapshot {
  /** Whether the file does not exist yet. */
  readonly isMissing: boolean;
  /** Takes the first snapshot. */
  create(users: Users): Promise<void>;
  /** The changes since the snapshot. With `--update`, all users are first saved to a new snapshot next to the old one. */
  changesTo(users: Users): AsyncGenerator<Change<UserSummary>, void, void>;
  /** With `--update`, replaces the snapshot by the new one in one step. */
  replace(): Promise<void>;
  /** Deletes a new snapshot that was not used and releases the lock. */
  close(): Promise<void>;
}

/**
 * Opens the snapshot and checks it before anything is sent. With `--update` it is locked: one process at a time. `label`
 * identifies the instance; a snapshot without a label is accepted for any instance.
 */
export async function openPreviousSnapshot(
  { since, update }: ChangesOptions,
  label: string,
): Promise<PreviousSnapshot> {
  const path = resolve(since);
  const next = `${path}.new`;
  let isMissing = false;
  const describeFailure = (error: unknown): never => {
    if (error instanceof PageturnError || (error as NodeJS.ErrnoException)?.syscall === undefined)
      throw error;
    const what = isMissing
      ? `cannot take the snapshot ${path}`
      : `cannot use the snapshot ${path}, which is unchanged`;
    throw fileError(what, path, error);
  };
  const attempt = <R>(work: Promise<R>) => work.catch(describeFailure);

  isMissing = await attempt(isAbsent(path));
  if (isMissing && !update) {
    throw usageError(`the snapshot ${since} does not exist: add --update to take the first one`);
  }
  const unlock = update
    ? await attempt(lockFile(path, { code: 'ERR_FILE_LOCKED', noun: 'snapshot' }))
    : undefined;
  try {
    if (!isMissing) {
      await attempt(assertReadable(path));
      await assertLabel(path, since, label);
    }
  } catch (error) {
    await unlock?.();
    throw error;
  }
  return {
    isMissing,
    create: async (users) => {
      await attempt(snapshot(users, path, { label }));
    },
    async *changesTo(users) {
      try {
        if (update) await snapshot(users, next, { label });
        yield* changes<UserSummary>(path, update ? next : users);
      } catch (error) {
        describeFailure(error);
      }
    },
    async replace() {
      if (!update) return;
      await attempt(rename(next, path));
      await attempt(syncFolder(dirname(path)));
    },
    async close() {
      if (update) await rm(next, { force: true });
      await unlock?.();
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
  const actual = await readLabel(path);
  if (actual === undefined || actual === label) return;
  throw usageError(`${since} was taken from another instance: name this instance's snapshot, or a new file`);
}
