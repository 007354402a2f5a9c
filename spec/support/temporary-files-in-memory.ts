import { chmodSync, mkdirSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Puts the temporary folders of the specs into memory, if Linux has room for them there: on a slow disk, four of five
 * seconds of a spec that writes files are spent in `fsync`. What a power cut leaves is proven by the order of the system
 * calls, which is the same. TMPDIR puts them elsewhere.
 */
export function setup(): (() => void) | undefined {
  if (process.env['TMPDIR'] !== undefined || !hasRoom()) return undefined;
  const folder = join(MEMORY, `${PREFIX}${process.pid}`);
  try {
    sweep();
    mkdirSync(folder);
  } catch {
    return undefined;
  }
  // PostgreSQL runs as its own user below it.
  chmodSync(folder, 0o711);
  process.env['TMPDIR'] = folder;
  return () => {
    delete process.env['TMPDIR'];
    rmSync(folder, { recursive: true, force: true });
  };
}

const MEMORY = '/dev/shm';
const PREFIX = 'pageturn-specs-';

/** The specs take about 100 MB at a time, most of it for a PostgreSQL. A container has 64 unless it is given more. */
const ROOM = 512 * 1_048_576;

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= ROOM;
  } catch {
    return false;
  }
}

/** Removes what runs that were killed left in memory. */
function sweep(): void {
  for (const name of readdirSync(MEMORY)) {
    const pid = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length)) : undefined;
    if (pid !== undefined && !isRunning(pid)) rmSync(join(MEMORY, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
