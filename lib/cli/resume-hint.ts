import { PageturnError } from '../core/errors.js';
import { CliError } from './cli-error.js';
import { describeError } from './describe-error.js';
import { formatCount } from './format.js';
import { profileOf, type UsersOptions } from './options.js';

/** An error that ended a run after so many users, and what `--resume` makes of it: how to go on, or that there is no going on. */
export function withResumeHint(
  error: unknown,
  options: Pick<UsersOptions, 'resume' | 'out' | 'profile'>,
  written: number,
): unknown {
  const { resume, out } = options;
  const { message, exitCode } = describeError(error, { profile: profileOf(options) });
  if (message === '' || exitCode !== 1) return error;
  if (resume === undefined) {
    if (written === 0) return error;
    const users = formatCount(written, 'user');
    return new CliError(
      `${message}; ${users} came before that; with --resume FILE the next run would go on`,
      1,
      error,
    );
  }
  const isLost = error instanceof PageturnError && error.code === 'ERR_TOKEN_REJECTED';
  const advice = isLost
    ? `remove ${out === undefined ? resume : `${resume} and ${out}`} to begin anew`
    : `what ${resume} says still stands: mend this and run the same command again to go on`;
  return new CliError(`${message}; ${advice}`, 1, error);
}
