import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, open, rm } from 'node:fs/promises';
import { createFile } from './create-file.js';
import { kindOf } from './open-regular-file.js';
import type { ProcessIdentity } from './process-identity.js';

/** The content of a lock file. The id is new each time the lock is taken. */
export interface Holder extends Partial<ProcessIdentity> {
  readonly id: string;
  /** Changes while the holder is alive; only compared with what was read before. */
  readonly beat?: string;
}

/** What is at the path of a lock. */
export type LockRecord =
  | { readonly kind: 'absent' }
  | { readonly kind: 'held'; readonly holder: Holder }
  /** A file that does not say who holds it, such as one that is being written; the id is a digest of its content. */
  | { readonly kind: 'nameless'; readonly holder: Holder; readonly isEmpty: boolean }
  /** A folder, a link or a named pipe, which pageturn did not create. */
  | { readonly kind: 'not-a-file'; readonly what: string };

// A lock has some 300 bytes; a file that pageturn did not create may have any size.
const LONGEST_RECORD = 4_096;
const FIRST_BEAT = '0'.repeat(12);
/** Where the digits of the heartbeat are: it is the first member, so that its place is known. */
const BEAT_AT = '{"beat":"'.length;

/** Reads a lock without following a link or waiting for a named pipe. */
export async function readLock(lock: string): Promise<LockRecord> {
  let file: FileHandle;
  try {
    file = await open(lock, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { kind: 'absent' };
    // open(2) says EMLINK for a link on FreeBSD, and ENXIO for a socket.
    if (code === 'ELOOP' || code === 'EMLINK') return { kind: 'not-a-file', what: 'a symbolic link' };
    if (code === 'ENXIO') return { kind: 'not-a-file', what: 'a socket' };
    throw error;
  }
  try {
    const stats = await file.stat();
    if (!stats.isFile()) return { kind: 'not-a-file', what: kindOf(stats) };
    const text = await readText(file);
    const holder = parseHolder(text);
    if (holder) return { kind: 'held', holder };
    const id = createHash('sha256')
      .update(`${stats.ino} ${stats.mtimeMs} ${text}`)
      .digest('hex')
      .slice(0, 36);
    return { kind: 'nameless', holder: { id }, isEmpty: stats.size === 0 };
  } finally {
    await file.close();
  }
}

/**
 * Creates a lock; false if it is taken. The file appears with its content: no process reads half a lock, and a power cut
 * leaves none without a holder. Where the file system has no hard links, it is created empty and then written.
 */
export async function createLock(lock: string, holder: Holder): Promise<boolean> {
  const text = JSON.stringify({ beat: FIRST_BEAT, ...holder });
  const draft = `${lock}.${randomUUID()}`;
  try {
    await createFile(draft, (file) => file.writeFile(text));
    await link(draft, lock);
    return true;
  } catch (error) {
    const { code = '', syscall } = error as NodeJS.ErrnoException;
    if (syscall !== 'link') throw error;
    // ENOENT: the process that got the lock has swept the draft away.
    if (code === 'EEXIST' || code === 'ENOENT') return false;
    if (!NO_HARD_LINKS.has(code)) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return createWithoutLink(lock, text);
}

// link(2): EPERM where the file system "does not support the creation of hard links", as exFAT and FAT say; FUSE file
// systems such as gcsfuse say ENOSYS or ENOTSUP, some network file systems EOPNOTSUPP or EACCES, EMLINK those with one name a file.
const NO_HARD_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EACCES', 'EMLINK', 'EINVAL']);

async function createWithoutLink(lock: string, text: string): Promise<boolean> {
  try {
    await createFile(lock, (file) => file.writeFile(text));
    return true;
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    // The file is ours, but has no content: the next process could not tell whose it is.
    if (syscall !== 'open') await rm(lock, { force: true });
    throw error;
  }
}

/**
 * Writes a new beat into the lock if its holder has the given id; false if the lock is another's by now. What is read
 * and what is written is the same file, even if the lock is replaced in between.
 */
export async function writeBeat(lock: string, id: string, beat: number): Promise<boolean> {
  let file: FileHandle;
  try {
    file = await open(lock, constants.O_RDWR | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  try {
    if (parseHolder(await readText(file))?.id !== id) return false;
    await file.write(String(beat).padStart(FIRST_BEAT.length, '0'), BEAT_AT);
    // Other machines see only what has left the cache of this one.
    await file.datasync();
    return true;
  } finally {
    await file.close();
  }
}

async function readText(file: FileHandle): Promise<string> {
  const buffer = Buffer.alloc(LONGEST_RECORD);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
  return buffer.toString('utf8', 0, bytesRead);
}

function parseHolder(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Holder;
    return Number.isSafeInteger(holder.pid) && /^[\da-f-]{36}$/.test(holder.id) ? holder : undefined;
  } catch {
    return undefined;
  }
}
