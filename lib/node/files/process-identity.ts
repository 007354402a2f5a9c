import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';

/** What tells one process from all others, as far as the platform can: process numbers are reused. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** When the process started, for people to read. */
  readonly startedAt: string;
  /** When the process started, as the kernel counts it; absent on platforms without /proc. */
  readonly start?: string;
}

/** The identity of this process. */
export async function ownIdentity(): Promise<ProcessIdentity> {
  const found = await lookUp(process.pid);
  return {
    pid: process.pid,
    host: hostname(),
    startedAt: new Date(Date.now() - process.uptime() * 1000).toISOString(),
    ...(found && { start: found.start }),
  };
}

/**
 * Whether a process may still be running. A process on another host counts as running, because it cannot be checked
 * from here. The clock plays no part: setting it back neither frees a lock nor keeps one.
 */
export async function mayRun({ pid, host, start }: ProcessIdentity): Promise<boolean> {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: the process runs, as another user.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const found = await lookUp(pid);
  if (!found) return true;
  return !found.dead && (start === undefined || found.start === start);
}

async function lookUp(pid: number): Promise<{ start: string; dead: boolean } | undefined> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // proc(5): "pid (comm) state ..."; comm may contain anything, even parentheses. state is field 3, starttime field 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, start] = [fields[0], fields[19]];
    // A zombie has ended; its parent has not collected its exit code yet.
    return { start: `${boot.trim()}:${start}`, dead: state === 'Z' || state === 'X' };
  } catch {
    return undefined;
  }
}
