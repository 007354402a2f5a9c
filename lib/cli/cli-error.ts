import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemErrorOf } from '../core/system-error.js';

/** 0: complete, or stopped at the limit; 1: failed; 2: usage error; 129, 130, 143: ended by SIGHUP, SIGINT, SIGTERM. */
export type ExitCode = 0 | 1 | 2 | 129 | 130 | 143;

/** Ends the command with a one-line message: what happened, then what to do. An empty message prints nothing. */
export class CliError extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = 1, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.exitCode = exitCode;
  }
}

/** A usage error, found before anything is sent. */
export function usageError(message: string): CliError {
  return new CliError(message, 2);
}

/** Describes a file system error in one line; `path` is the file it is about. */
export function fileError(what: string, path: string, error: unknown): CliError {
  const { code, reason } = systemErrorOf(error);
  const folder = dirname(path);
  const isFolderMissing = code === 'ENOENT' && !existsSync(folder);
  const why = isFolderMissing ? `the folder ${folder} does not exist; create it first` : reason;
  return new CliError(`${what}: ${why}`, 1, error);
}

/** Whether an error comes from the file system, and not from pageturn. */
export function isFileError(error: unknown): boolean {
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  return syscall !== undefined || code === 'EISDIR';
}
