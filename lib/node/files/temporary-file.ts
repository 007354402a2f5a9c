import { randomUUID } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A name for a temporary file next to `path`, which {@link sweepTemporaryFiles} recognises. */
export function temporaryBeside(path: string): string {
  return `${path}.${process.pid}.${randomUUID()}.tmp`;
}

/**
 * Removes the temporary files that killed processes left next to `path`. Call it under the lock of `path` only: the file
 * of a running process in another container looks like that of a killed one.
 */
export async function sweepTemporaryFiles(path: string): Promise<void> {
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
    // EPERM: the process runs, as another user.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
  if (pid !== process.pid) return true;
  // In a container every process may have number 1: a file older than this process belongs to an earlier one.
  const startedAt = Date.now() - process.uptime() * 1000;
  const file = await stat(path).catch(() => undefined);
  return file !== undefined && file.mtimeMs >= startedAt;
}
