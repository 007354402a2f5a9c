import { constants, readFileSync, readlinkSync } from 'node:fs';
import { CliError } from '../cli-error.js';

/**
 * The reader of a pipe has closed it. After it got something, as `head` does, that is how it says that it has enough; before
 * that, the output of the command was lost.
 */
export function outputClosed(target: string, { isDelivered }: { readonly isDelivered: boolean }): CliError {
  return isDelivered
    ? new CliError('', 0)
    : new CliError(`nothing was written: ${target} was closed before anything arrived there`);
}

/**
 * The most that a pipe takes whole or not at all (PIPE_BUF of Linux), so that the first bytes show whether something reads
 * them. The rest of a larger write may fail although the reader has got a part.
 */
export const FIRST_BYTES = 4096;

/**
 * Whether the shell closed a standard stream (`>&-`): Node opens /dev/null in its place, for reading and writing, which no
 * redirection does. Known on Linux only.
 */
export function wasClosedByShell(fd: number): boolean {
  try {
    const [, flags = ''] = /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8')) ?? [];
    const isForBoth = (Number.parseInt(flags, 8) & ACCESS_MODE) === constants.O_RDWR;
    return isForBoth && readlinkSync(`/proc/self/fd/${fd}`) === '/dev/null';
  } catch {
    return false;
  }
}

/** O_ACCMODE of fcntl.h, which Node does not have. */
const ACCESS_MODE = 3;
