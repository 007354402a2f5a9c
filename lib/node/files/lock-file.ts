import { randomUUID } from 'node:crypto';
import { readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { systemClock } from '../../core/clock.js';
import { awaitTakeover } from './await-takeover.js';
import { FileLock } from './file-lock.js';
import type { LockAttempt, LockOptions } from './lock-attempt.js';
import { LockErrors, type LockedFile } from './lock-errors.js';
import { createLock, readLock } from './lock-record.js';
import { ownIdentity } from './process-identity.js';
import { realPathOf } from './real-path-of.js';

/**
 * Locks the file at `path`, whichever of its names that is, with `<real path>.lock`. The lock of a process that has ended
 * is taken over, by one process however many try. Throws an error with the given code if it is refused; the file system's
 * errors pass unchanged.
 */
export async function lockFile(
  path: string,
  locked: LockedFile,
  { onLocked = 'fail', signal, clock = systemClock, identity }: LockOptions = {},
): Promise<FileLock> {
  signal?.throwIfAborted();
  const real = await realPathOf(path);
  const lock = `${real}.lock`;
  const own = { ...(identity ?? (await ownIdentity())), id: randomUUID() };
  const lockErrors = new LockErrors(real, locked, own);
  await claim(lock, { path: real, own, onLocked, signal, clock, lockErrors });
  const held = new FileLock(real, own.id, lockErrors);
  try {
    await sweepClaims(lock);
    signal?.throwIfAborted();
    return held;
  } catch (error) {
    await held.release();
    throw error;
  }
}

/**
 * Makes `lock` ours. The file of a holder that has ended may be replaced only by the process that owns the claim on that
 * very holder, `<lock>.<id>`, which is a lock like any other: a process that dies while taking over is succeeded in the
 * same way. The second look catches a process that read the holder and claimed it only after its successor was in
 * place, and a holder that has come back to life; ids are never reused.
 */
async function claim(lock: string, attempt: LockAttempt): Promise<void> {
  while (!(await createLock(lock, attempt.own))) {
    const last = await awaitTakeover(lock, attempt);
    if (!last) continue;
    const succession = `${lock}.${last.id}`;
    await claim(succession, attempt);
    const now = await readLock(lock);
    const isSame = 'holder' in now && now.holder.id === last.id && now.holder.beat === last.beat;
    if (isSame) return rename(succession, lock);
    await rm(succession, { force: true });
  }
}

/** Removes the drafts and claims of killed processes; a running process whose draft is swept creates it again. */
async function sweepClaims(lock: string): Promise<void> {
  const prefix = `${basename(lock)}.`;
  for (const name of await readdir(dirname(lock))) {
    const isClaim = name.startsWith(prefix) && CLAIM.test(name.slice(prefix.length));
    if (isClaim) await rm(join(dirname(lock), name), { force: true });
  }
}

const CLAIM = /^[\da-f-]{36}(\.[\da-f-]{36})*$/;
