/** 0: all seen, or as many as asked for; 1: failed; 2: bad usage; 130: interrupted. */
export type ExitCode = 0 | 1 | 2 | 130;

/** An end of the command that the user is told about in one line: what happened, and what to do. Empty: not told. */
export class CliError extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = 1, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.exitCode = exitCode;
  }
}

/** Bad usage, found before anything is sent. */
export function usageError(message: string): CliError {
  return new CliError(message, 2);
}
