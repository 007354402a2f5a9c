import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';

/** What tells one process from all others, as far as the platform says: process numbers are used again. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** When it started, for people to read. */
  readonly startedAt: string;
  /** When it started, as the kernel counts it; absent where there is no /proc. */
  readonly start?: string;
}

/** This process. */
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
 * Whether a process may still run. One on another host may: nobody can tell from here. The clock plays no part, so
 * setting it back frees nothing and locks nobody out.
 */
export async function mayRun({ pid, host, start }: ProcessIdentity): Promise<boolean> {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, as somebody else.
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
    // proc(5): "pid (comm) state ..."; comm may hold anything, parentheses too. starttime is field 22, state field 3.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, start] = [fields[0], fields[19]];
    // A zombie has ended; its parent just has not asked.
    return { start: `${boot.trim()}:${start}`, dead: state === 'Z' || state === 'X' };
  } catch {
    return undefined;
  }
}
