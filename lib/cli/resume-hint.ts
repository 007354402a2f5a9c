import { basename, relative } from 'node:path';
import { PageturnError } from '../core/errors.js';
import { CliError } from './cli-error.js';
import { describeError } from './describe-error.js';
import { formatCount, printable } from './format.js';
import { profileOf, type UsersOptions } from './options.js';

/** Adds to an error how the user can continue after `written` users, or that the run must start over. */
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
    const hint = `${users} were written before that; with --resume FILE the next run could continue from there`;
    return new CliError(`${message}; ${hint}`, 1, error);
  }
  const code = error instanceof PageturnError ? error.code : undefined;
  // The message says what to do with a damaged checkpoint.
  if (code === 'ERR_CHECKPOINT_CORRUPT') return error;
  const isTokenRejected = code === 'ERR_TOKEN_REJECTED';
  const advice = isTokenRejected
    ? `delete ${out === undefined ? resume : `${resume} and ${out}`} to start over`
    : `${resume} still holds the last position: fix this, then rerun the same command to continue`;
  return new CliError(`${message}; ${advice}`, 1, error);
}

/** The command that was run, quoted for a POSIX shell. */
export function shellCommand([, script = 'pageturn', ...args]: readonly string[]): string {
  const program =
    basename(script) === 'pageturn' ? ['pageturn'] : ['node', relative(process.cwd(), script) || script];
  return [...program, ...args].map(quote).join(' ');
}

function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (printable(word) !== word) return spelt(word);
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** A word that a terminal cannot show, in octal escapes for the shell (POSIX `printf`). */
function spelt(word: string): string {
  const bytes = [...Buffer.from(word)].map((byte) => {
    const sign = String.fromCharCode(byte);
    return /[\w./-]/.test(sign) ? sign : `\\${byte.toString(8).padStart(3, '0')}`;
  });
  return `"$(printf '${bytes.join('')}')"`;
}
