import { basename, relative } from 'node:path';
import { PageturnError } from '../../core/errors.js';
import { CliError } from '../cli-error.js';
import { describeError } from '../describe-error.js';
import { formatCount, printable } from '../format.js';

interface FailedRun {
  readonly noun: string;
  /** The rows written so far. */
  readonly written: number;
  /** Whether the output was published, and what failed came behind it. */
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

/** The command that was run, quoted for a POSIX shell. */
export function shellCommand([, script = 'pageturn', ...args]: readonly string[]): string {
  const program =
    basename(script) === 'pageturn' ? ['pageturn'] : ['node', relative(process.cwd(), script) || script];
  return [...program, ...args].map(shellQuote).join(' ');
}

/** A word as a POSIX shell reads it. */
export function shellQuote(word: string): string {
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
