import { access, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { UserSummary } from '@aws-sdk/client-connect';
import { PageturnError } from '../core/errors.js';
import { lockFile } from '../node/files/lock-file.js';
import { syncFolder } from '../node/files/sync-folder.js';
import { type Change, changes } from '../node/snapshot/changes.js';
import { snapshot } from '../node/snapshot/snapshot.js';
import { readLabel, readSnapshot } from '../node/snapshot/snapshot-file.js';
import { CliError, usageError } from './cli-error.js';
import type { ChangesOptions } from './options.js';
import { fileError } from './output-file.js';

type Users = AsyncIterable<UserSummary>;

/** The snapshot of `--since`, and with `--update` the one that is to take its place. */
export interface PreviousSnapshot {
  /** There is none yet; one is to be made. */
  readonly isMissing: boolean;
  /** Takes the first snapshot. */
  replaceBy(users: Users): Promise<void>;
  /** What changed. With `--update` all users are asked for before the first change comes, and kept beside the snapshot. */
  changesTo(users: Users): AsyncGenerator<Change<UserSummary>, void, void>;
  /** Puts the users that were kept in the place of the snapshot, in one step; nothing without `--update`. */
  replace(): Promise<void>;
  /** Removes what was kept and not needed, and lets others at the snapshot. */
  close(): Promise<void>;
}

/**
 * Opens the snapshot, which is checked before anything is sent. With `--update` one process at a time. `label` says
 * which instance the users are of; a snapshot that says nothing of the kind is taken for one of it.
 */
export async function openPreviousSnapshot(
  { since, update }: ChangesOptions,
  label: string,
): Promise<PreviousSnapshot> {
  const path = resolve(since);
  const next = `${path}.new`;
  let isMissing = false;
  const explainFailure = (error: unknown): never => {
    if (error instanceof PageturnError || (error as NodeJS.ErrnoException)?.syscall === undefined)
      throw error;
    const what = isMissing
      ? `cannot take the snapshot ${path}`
      : `cannot use the snapshot ${path}, which is as it was`;
    throw fileError(what, path, error);
  };
  const onDisk = <R>(work: Promise<R>) => work.catch(explainFailure);

  isMissing = await onDisk(isAbsent(path));
  if (isMissing && !update) throw usageError(`there is no snapshot ${since}: --update takes the first one`);
  const unlock = update
    ? await onDisk(lockFile(path, { code: 'ERR_FILE_LOCKED', noun: 'snapshot' }))
    : undefined;
  try {
    if (!isMissing) {
      await onDisk(verify(path));
      await assertLabel(path, since, label);
    }
  } catch (error) {
    await unlock?.();
    throw error;
  }
  return {
    isMissing,
    replaceBy: async (users) => {
      await onDisk(snapshot(users, path, { label }));
    },
    async *changesTo(users) {
      try {
        if (update) await snapshot(users, next, { label });
        yield* changes<UserSummary>(path, update ? next : users);
      } catch (error) {
        explainFailure(error);
      }
    },
    async replace() {
      if (!update) return;
      await onDisk(rename(next, path));
      await onDisk(syncFolder(dirname(path)));
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

/** Reads the snapshot's checksum, so that a spoilt one is not found out after minutes of listing. */
async function verify(path: string): Promise<void> {
  try {
    for await (const _ of readSnapshot(path)) return;
  } catch (error) {
    if (!(error instanceof PageturnError && error.code === 'ERR_SNAPSHOT_CORRUPT')) throw error;
    throw new CliError(`${error.message} with --update`, 1, error);
  }
}

async function assertLabel(path: string, since: string, label: string): Promise<void> {
  const theirs = await readLabel(path);
  if (theirs === undefined || theirs === label) return;
  throw usageError(`${since} is of another instance: name its own snapshot, or another file`);
}
