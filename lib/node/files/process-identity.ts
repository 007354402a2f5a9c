import { open, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { readAt } from './read-at.js';

/**
 * What distinguishes one process from all others, as far as the platform can: process numbers are reused, two containers have
 * a process of the same number, and two machines may share a host name.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** When the process started, for people to read. */
  readonly startedAt: string;
  /** The boot of its kernel. This and the members below are absent on platforms without /proc. */
  readonly boot?: string;
  /** The PID namespace in which `pid` is its number. */
  readonly namespace?: string;
  /** When the process started, in the kernel's ticks since the boot. */
  readonly start?: string;
}

/** What one process can find out about another: whether it runs, whether it has ended, or neither. */
export type ProcessState = 'runs' | 'ended' | 'unknown';

/** The identity of this process. */
export async function ownIdentity(): Promise<ProcessIdentity> {
  const [boot, namespace, stat] = await Promise.all([
    attempt(readShort('/proc/sys/kernel/random/boot_id')),
    attempt(readlink('/proc/self/ns/pid')),
    readStat('self'),
  ]);
  return {
    pid: process.pid,
    host: hostname(),
    startedAt: new Date(Date.now() - process.uptime() * 1000).toISOString(),
    ...(boot !== undefined && { boot: boot.trim() }),
    ...(namespace !== undefined && { namespace }),
    ...(stat && { start: stat.start }),
  };
}

/**
 * Whether a process runs, as seen by the process `own`. A process on another host, of another boot or in another PID
 * namespace cannot be seen: a number that is free here says nothing about it. The clock is not used.
 */
export async function stateOf(holder: ProcessIdentity, own: ProcessIdentity): Promise<ProcessState> {
  const { pid, host, boot, namespace, start } = holder;
  if (host !== own.host || boot !== own.boot || namespace !== own.namespace) return 'unknown';
  // Linux without /proc hides the boot and the namespace. Elsewhere there are no PID namespaces.
  if (process.platform === 'linux' && (boot === undefined || namespace === undefined)) return 'unknown';
  if (!isInUse(pid)) return 'ended';
  const found = (await isOwnProc()) ? await readStat(pid) : undefined;
  if (!found) return isInUse(pid) ? 'unknown' : 'ended';
  if (found.isDead || (start !== undefined && found.start !== start)) return 'ended';
  return start === undefined ? 'unknown' : 'runs';
}

function isInUse(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process runs, as another user.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Whether /proc shows the processes of this PID namespace: `unshare --pid` alone leaves the one of its parent. */
async function isOwnProc(): Promise<boolean> {
  return (await readStat('self'))?.pid === process.pid;
}

interface Stat {
  readonly pid: number;
  readonly start: string;
  readonly isDead: boolean;
}

async function readStat(pid: number | 'self'): Promise<Stat | undefined> {
  const stat = await attempt(readShort(`/proc/${pid}/stat`));
  if (stat === undefined) return undefined;
  // proc(5): "pid (comm) state ..."; comm may contain anything, even parentheses. state is field 3, starttime field 22.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, start = ''] = [fields[0], fields[19]];
  // A zombie has ended; its parent has not collected its exit code yet.
  return { pid: Number.parseInt(stat, 10), start, isDead: state === 'Z' || state === 'X' };
}

function attempt<R>(work: Promise<R>): Promise<R | undefined> {
  return work.catch(() => undefined);
}

/** `readFile` allocates 64 KiB for a file of /proc: with two a lock, 200 locks left 26 MB of garbage. */
async function readShort(path: string): Promise<string> {
  const file = await open(path);
  try {
    return (await readAt(file, 0, LONGEST)).toString();
  } finally {
    await file.close();
  }
}

/** Bytes; `stat` has 52 numbers and a name of 64 bytes at most. */
const LONGEST = 2_048;
