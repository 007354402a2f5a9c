import { randomUUID } from 'node:crypto';
import { link, readdir, readFile, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { PageturnError } from '../../core/errors.js';
import { createFile } from './create-file.js';
import { mayRun, ownIdentity, type ProcessIdentity } from './process-identity.js';

/** How the error for a locked file describes it. */
export interface LockedFile {
  readonly code: 'ERR_CHECKPOINT_LOCKED' | 'ERR_FILE_LOCKED';
  /** What the file is: `checkpoint`, `snapshot`. */
  readonly noun: string;
}

/** The content of a lock file. The id is new each time the lock is taken. */
interface Holder extends ProcessIdentity {
  readonly id: string;
}

/**
 * Locks `path` with the file `<path>.lock`; call the returned function to release it. The lock of a process that has
 * ended is taken over, by one process however many try. Throws an error with the given code if the holder may still
 * run; the file system's errors pass unchanged. The file system must support hard links.
 */
export async function lockFile(path: string, locked: LockedFile): Promise<() => Promise<void>> {
  const lock = `${path}.lock`;
  const own: Holder = { ...(await ownIdentity()), id: randomUUID() };
  const refuse: Refuse = (holder) => {
    const message = holder
      ? `the ${locked.noun} ${path} is in use by ${describeHolder(holder, lock)}`
      : `${lock} does not name its holder; delete it if no process uses the ${locked.noun}`;
    return new PageturnError(locked.code, message);
  };
  await claim(lock, own, refuse);
  await sweepClaims(lock);
  return async () => {
    // A person may have deleted the lock, and another process taken it since.
    if ((await readHolder(lock, refuse))?.id === own.id) await rm(lock, { force: true });
  };
}

type Refuse = (holder: Holder | undefined) => PageturnError;

/**
 * Makes `lock` ours. The file of a holder that has ended may be replaced only by the process that owns the claim on that
 * very holder, `<lock>.<id>`, which is a lock like any other: a process that dies while taking over is succeeded in the
 * same way. The second look catches a process that read the holder and claimed it only after its successor was in
 * place; ids are never reused.
 */
async function claim(lock: string, own: Holder, refuse: Refuse): Promise<void> {
  for (;;) {
    if (await create(lock, own)) return;
    const holder = await readHolder(lock, refuse);
    if (!holder) continue;
    if (await mayRun(holder)) throw refuse(holder);
    const succession = `${lock}.${holder.id}`;
    await claim(succession, own, refuse);
    if ((await readHolder(lock, refuse))?.id === holder.id) return rename(succession, lock);
    await rm(succession, { force: true });
  }
}

/**
 * Creates the lock file, which appears with its content: no process reads half a lock, and a power cut leaves none
 * without a holder. False if the lock is taken.
 */
async function create(lock: string, own: Holder): Promise<boolean> {
  const draft = `${lock}.${randomUUID()}`;
  try {
    await createFile(draft, (file) => file.writeFile(JSON.stringify(own)));
    await link(draft, lock);
    return true;
  } catch (error) {
    // ENOENT: the process that got the lock has swept the draft away.
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === 'link' && (code === 'EEXIST' || code === 'ENOENT')) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function readHolder(lock: string, refuse: Refuse): Promise<Holder | undefined> {
  let text: string;
  try {
    text = await readFile(lock, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const holder = parseHolder(text);
  if (!holder) throw refuse(undefined);
  return holder;
}

function parseHolder(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Holder;
    return Number.isSafeInteger(holder.pid) && /^[\da-f-]{36}$/.test(holder.id) ? holder : undefined;
  } catch {
    return undefined;
  }
}

/** Removes the drafts and claims of killed processes; a running process whose draft is swept creates it again. */
async function sweepClaims(lock: string): Promise<void> {
  const prefix = `${basename(lock)}.`;
  for (const name of await readdir(dirname(lock))) {
    if (name.startsWith(prefix)) await rm(join(dirname(lock), name), { force: true });
  }
}

function describeHolder({ pid, host, startedAt }: Holder, lock: string): string {
  const [who, advice] =
    host !== hostname()
      ? [`process ${pid} on ${host}`, `wait for it to end; if that host no longer exists, delete ${lock}`]
      : pid !== process.pid
        ? [`process ${pid}`, 'wait for it to end, or use another file']
        : [`this process (${pid})`, 'share the object that holds it, or use another file'];
  return `${who}, started ${startedAt}; ${advice}`;
}
