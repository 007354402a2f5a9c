import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { CliError, usageError } from '../../lib/cli/cli-error.js';
import { describeError } from '../../lib/cli/describe-error.js';
import { withResumeHint } from '../../lib/cli/report/resume-hint.js';
import { shellCommand } from '../../lib/cli/report/shell-command.js';
import { type ErrorCode, PageturnError } from '../../lib/core/errors.js';

function failed(code: ErrorCode = 'ERR_REQUEST_FAILED'): PageturnError {
  const cause = Object.assign(new Error('y'), { name: 'X' });
  return new PageturnError(code, 'Connect.ListUsers failed', { cause, attempts: 5 });
}

const run = {
  noun: 'user',
  written: 1000,
  isPublished: false,
  kept: undefined,
  startOver: 'add --restart',
  profile: undefined,
};
const kept = { ...run, kept: 'users.csv.spool' };

describe('the hint after a failure', () => {
  it('a failure of a run that is kept says where, and how to continue', () => {
    expect(describeError(withResumeHint(failed(), kept)).message).toBe(
      'X: y; 1,000 users are kept in users.csv.spool: fix this, then rerun the same command to continue',
    );
  });

  it('a rejected token that cannot be resumed says how to start over', () => {
    const error = withResumeHint(failed('ERR_TOKEN_REJECTED'), kept);
    expect(describeError(error).message).toMatch(/; add --restart to start over$/);
  });

  it('a receipt that cannot be written does not hide that the output is published', () => {
    const error = new CliError('cannot write the receipt r.json: EACCES: permission denied');
    expect(describeError(withResumeHint(error, { ...kept, isPublished: true })).message).toBe(
      'cannot write the receipt r.json: EACCES: permission denied; the output itself is whole',
    );
  });

  it('a usage error gets no hint', () => {
    const error = usageError('no');
    expect(withResumeHint(error, kept)).toBe(error);
  });

  it('a failure of a run that is not kept suggests --out', () => {
    expect(describeError(withResumeHint(failed(), run)).message).toBe(
      'X: y; 1,000 users were written before that; with --out FILE the next run could continue from there',
    );
  });

  it('a failure before the first user gets no hint', () => {
    const error = failed();
    expect(withResumeHint(error, { ...run, written: 0 })).toBe(error);
  });
});

describe('the command to continue with', () => {
  it('the shell command names the program as it was started', () => {
    expect(shellCommand(['/usr/bin/node', '/usr/local/bin/pageturn', 'users', '--sandbox'])).toBe(
      'pageturn users --sandbox',
    );
    expect(shellCommand(['/usr/bin/node', `${process.cwd()}/dist/cli/main.js`, 'users'])).toBe(
      'node dist/cli/main.js users',
    );
  });

  it('the shell command quotes whatever a shell would interpret', () => {
    const words = [
      '*@acme.com',
      "it's",
      'a b',
      '$HOME',
      '',
      '"x"',
      '`date`',
      'a\\b',
      'n\nl',
      '李',
      "\x1b[2J%'\\é",
    ];
    const shown = shellCommand(['node', '/bin/pageturn', ...words]);
    expect(shown).not.toMatch(/\p{Cc}/u);
    const command = shellCommand(['node', '/bin/pageturn', ...words]).replace(
      'pageturn',
      String.raw`printf '%s\0'`,
    );
    expect(execFileSync('sh', ['-c', command]).toString().split('\0').slice(0, -1)).toEqual(words);
  });
});
