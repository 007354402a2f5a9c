import { PageturnError } from '../../core/errors.js';
import { CliError } from '../cli-error.js';
import { describeError } from '../describe-error.js';
import { formatCount } from '../format.js';

interface FailedRun {
  readonly noun: string;
  /** The rows written so far. */
  readonly written: number;
  /** Whether the output was published, and what failed came after it. */
  readonly isPublished: boolean;
  /** Where rows and position are kept; undefined if they are not. */
  readonly kept: string | undefined;
  /** How to discard what is kept. */
  readonly startOver: string;
  readonly profile: string | undefined;
}

/** Adds to an error what is kept and how to continue. */
export function withResumeHint(
  error: unknown,
  { noun, written, isPublished, kept, startOver, profile }: FailedRun,
): unknown {
  const { message, exitCode } = describeError(error, { profile });
  if (message === '' || exitCode !== 1 || written === 0) return error;
  if (isPublished) return new CliError(`${message}; the output itself is whole`, 1, error);
  const items = formatCount(written, noun);
  if (kept === undefined) {
    const hint = `${items} were written before that; with --out FILE the next run could continue from there`;
    return new CliError(`${message}; ${hint}`, 1, error);
  }
  const code = error instanceof PageturnError ? error.code : undefined;
  // The message says what to do about them.
  if (code === 'ERR_CHECKPOINT_CORRUPT' || code === 'ERR_FILE_CHANGED' || code === 'ERR_FILE_LOCKED')
    return error;
  const advice =
    code === 'ERR_TOKEN_REJECTED'
      ? `${startOver} to start over`
      : `${items} are kept in ${kept}: fix this, then rerun the same command to continue`;
  return new CliError(`${message}; ${advice}`, 1, error);
}
