import { randomUUID } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Writes a file so that its path holds the old content or the new, whatever happens on the way: to a temporary file
 * beside it, synced, then renamed over it. For the owner's eyes only (mode 0600). File system errors are thrown as
 * they are; the temporary file is gone then.
 *
 * @example
 * await replaceFile('users.json', (file) => file.writeFile(text));
 */
export async function replaceFile<R>(path: string, write: (file: FileHandle) => Promise<R>): Promise<R> {
  const temporary = temporaryBeside(path);
  try {
    const file = await open(temporary, 'wx', 0o600);
    let result: R;
    try {
      result = await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
    return result;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** A name for a temporary file beside `path` that {@link sweepLeftovers} knows. */
export function temporaryBeside(path: string): string {
  return `${path}.${process.pid}.${randomUUID()}.tmp`;
}

/** Makes a created, renamed or removed name in a folder last through a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows keeps its folders in order by itself and does not let them be opened.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes the temporary files that earlier processes left beside `path` when they were killed. */
export async function sweepLeftovers(path: string): Promise<void> {
  const prefix = `${basename(path)}.`;
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(prefix)) continue;
    const pid = /^(\d+)\.[\da-f-]{36}\.tmp$/.exec(name.slice(prefix.length))?.[1];
    const leftover = join(dirname(path), name);
    if (pid && !(await isBeingWritten(leftover, Number(pid)))) await rm(leftover, { force: true });
  }
}

async function isBeingWritten(path: string, pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
  if (pid !== process.pid) return true;
  // In a container every process may be number 1: a file older than this process is of the one before.
  const startedAt = Date.now() - process.uptime() * 1000;
  const file = await stat(path).catch(() => undefined);
  return file !== undefined && file.mtimeMs >= startedAt;
}
