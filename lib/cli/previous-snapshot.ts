import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { UserSummary } from '@aws-sdk/client-connect';
import { PageturnError } from '../core/errors.js';
import { MAX_REMOVED_SHARE } from '../core/max-removed-share.js';
import { type Change, changes } from '../node/snapshot/changes.js';
import { readSummaryIfThere, SnapshotUpdate } from '../node/snapshot/snapshot-update.js';
import { DEFAULT_CHUNK_BYTES } from '../node/snapshot/sort-rows.js';
import { inputFlaw } from './arguments/input-flaw.js';
import type { ChangesOptions } from './arguments/options.js';
import { CliError, fileError, usageError } from './cli-error.js';
import { formatCount, formatNumber } from './format.js';
import { assertFolder } from './output/assert-folder.js';

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

type PreviousSnapshotOptions = Pick<ChangesOptions, 'since' | 'update' | 'allowRemovals'> & {
  /** Ends the wait for another process that may be updating the snapshot. */
  readonly signal?: AbortSignal;
};

/** Throws for a snapshot that is not there, or cannot be taken, as far as its path shows it. */
export function assertSnapshot({ since, update }: Pick<ChangesOptions, 'since' | 'update'>): void {
  const flaw = inputFlaw(since);
  if (flaw === 'does not exist') {
    if (!update) throw missing(since);
    assertFolder(since, 'cannot take the snapshot');
  } else if (flaw !== undefined) throw usageError(`--since: ${since} ${flaw}; name a file`);
}

function missing(since: string): CliError {
  return usageError(`the snapshot ${since} does not exist: add --update to take the first one`);
}

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

  if (!update) {
    const there = await attempt(readSummaryIfThere(named).catch(withWayOut));
    if (!there) throw missing(since);
    assertLabel(there.label, since, label);
    return {
      isMissing,
      create: async () => {},
      changesTo: (users) => describing(changes<UserSummary>(named, users), describeFailure),
      replace: async () => {},
      close: async () => {},
    };
  }
  isMissing = !existsSync(named);
  const updated = await attempt(SnapshotUpdate.open(named, { onLocked: 'watch', signal }).catch(withWayOut));
  isMissing = updated.isFirst;
  try {
    assertLabel(updated.label, since, label);
  } catch (error) {
    await updated.close();
    throw error;
  }
  const save = (users: Users) =>
    updated.save(users, { key: undefined, chunkBytes: DEFAULT_CHUNK_BYTES, label });
  return {
    isMissing,
    async create(users) {
      await attempt(save(users));
      await attempt(updated.publish());
    },
    async *changesTo(users) {
      await attempt(save(users));
      const mass = allowRemovals ? undefined : await attempt(updated.findMassRemoval());
      if (mass) throw tooManyRemovals(mass, since);
      yield* describing(changes<UserSummary>(updated.path, updated.next), describeFailure);
    },
    replace: () => attempt(updated.publish()),
    close: () => updated.close(),
  };
}

async function* describing<T>(items: AsyncIterable<T>, describe: (error: unknown) => never) {
  try {
    yield* items;
  } catch (error) {
    describe(error);
  }
}

function withWayOut(error: unknown): never {
  if (!(error instanceof PageturnError && error.code === 'ERR_SNAPSHOT_CORRUPT')) throw error;
  throw new CliError(`${error.message} with --update`, 1, error);
}

function assertLabel(actual: string | undefined, since: string, label: string): void {
  if (actual === undefined || actual === label) return;
  throw usageError(`${since} was taken from another instance: name this instance's snapshot, or a new file`);
}

function tooManyRemovals({ removed, items }: { removed: number; items: number }, since: string): CliError {
  return new CliError(
    `${formatNumber(removed)} of ${formatCount(items, 'user')} in ${since} would be removed, more than ${MAX_REMOVED_SHARE * 100} %, so nothing was reported and it is unchanged; if they are gone, rerun with --allow-removals`,
    1,
  );
}
