import { randomUUID } from 'node:crypto';
import { link, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { PageturnError } from '../../core/errors.js';
import { mayRun, ownIdentity, type ProcessIdentity } from './process-identity.js';

/** What a lock file holds. The id is of one taking of the lock. */
interface Holder extends ProcessIdentity {
  readonly id: string;
}

/**
 * Takes the lock of `path`, the file `<path>.lock`; call what it returns to let go. A lock whose process has ended is
 * taken over, by one process however many try. Throws ERR_CHECKPOINT_LOCKED where the holder may still run; file
 * system errors are thrown as they are. The folder must know hard links.
 */
export async function lockFile(path: string): Promise<() => Promise<void>> {
  const lock = `${path}.lock`;
  const own: Holder = { ...(await ownIdentity()), id: randomUUID() };
  await claim(lock, own, path);
  await sweepClaims(lock);
  return async () => {
    // Somebody may have removed it by hand, and somebody else have taken it.
    if ((await readHolder(lock))?.id === own.id) await rm(lock, { force: true });
  };
}

/**
 * Makes `lock` ours. The file of a holder that has ended is replaced only by who owns the claim on that very holder,
 * `<lock>.<id>`, which is a lock like any other: whoever dies while taking over is succeeded in the same way. The
 * second look is for those who read the holder, then claimed it after its successor was in place; ids never come back.
 */
async function claim(lock: string, own: Holder, path: string): Promise<void> {
  for (;;) {
    if (await create(lock, own)) return;
    const holder = await readHolder(lock);
    if (!holder) continue;
    if (await mayRun(holder)) throw locked(path, holder);
    const succession = `${lock}.${holder.id}`;
    await claim(succession, own, path);
    if ((await readHolder(lock))?.id === holder.id) return rename(succession, lock);
    await rm(succession, { force: true });
  }
}

/** Whether the lock was free and is ours now. It appears with its content, so nobody reads half a lock. */
async function create(lock: string, own: Holder): Promise<boolean> {
  const draft = `${lock}.${randomUUID()}`;
  try {
    await writeFile(draft, JSON.stringify(own), { flag: 'wx', mode: 0o600, flush: true });
    await link(draft, lock);
    return true;
  } catch (error) {
    // ENOENT: whoever got the lock has swept the draft away.
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === 'link' && (code === 'EEXIST' || code === 'ENOENT')) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function readHolder(lock: string): Promise<Holder | undefined> {
  let text: string;
  try {
    text = await readFile(lock, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const holder = JSON.parse(text) as Holder;
    if (Number.isSafeInteger(holder.pid) && /^[\da-f-]{36}$/.test(holder.id)) return holder;
  } catch {
    // Said below.
  }
  throw new PageturnError(
    'ERR_CHECKPOINT_LOCKED',
    `${lock} does not say who holds it; delete it if no other process uses the checkpoint`,
  );
}

/** Removes the drafts and claims of processes that were killed; what it takes from the living they make anew. */
async function sweepClaims(lock: string): Promise<void> {
  const prefix = `${basename(lock)}.`;
  for (const name of await readdir(dirname(lock))) {
    if (name.startsWith(prefix)) await rm(join(dirname(lock), name), { force: true });
  }
}

function locked(path: string, { pid, host, startedAt }: Holder): PageturnError {
  const [who, advice] =
    host !== hostname()
      ? [`process ${pid} on ${host}`, `wait for it to end; if that host is gone, delete ${path}.lock`]
      : pid !== process.pid
        ? [`process ${pid}`, 'wait for it to end, or take another file']
        : [`this process (${pid})`, 'use one store for all its keys, or take another file'];
  return new PageturnError(
    'ERR_CHECKPOINT_LOCKED',
    `the checkpoint ${path} is in use by ${who}, started ${startedAt}; ${advice}`,
  );
}
