import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { usageError } from '../../lib/cli/cli-error.js';
import { describeError } from '../../lib/cli/describe-error.js';
import { shellCommand, withResumeHint } from '../../lib/cli/resume-hint.js';
import { type ErrorCode, PageturnError } from '../../lib/core/errors.js';

function failed(code: ErrorCode = 'ERR_REQUEST_FAILED'): PageturnError {
  const cause = Object.assign(new Error('y'), { name: 'X' });
  return new PageturnError(code, 'Connect.ListUsers failed', { cause, attempts: 5 });
}

describe('the hint after a failure', () => {
  it('with --resume, a failure says how to continue', () => {
    const error = withResumeHint(failed(), { resume: 'cp', out: 'users' }, 0);
    expect(describeError(error).message).toBe(
      'X: y; cp still holds the last position: fix this, then rerun the same command to continue',
    );
  });

  it('with --resume, a rejected token says how to start over', () => {
    const error = withResumeHint(failed('ERR_TOKEN_REJECTED'), { resume: 'cp', out: 'users' }, 0);
    expect(describeError(error).message).toMatch(/; delete cp and users to start over$/);
  });

  it('a usage error gets no hint', () => {
    const error = usageError('no');
    expect(withResumeHint(error, { resume: 'cp' }, 0)).toBe(error);
  });

  it('without --resume, a failure says how many users were written and suggests --resume', () => {
    expect(describeError(withResumeHint(failed(), {}, 1000)).message).toBe(
      'X: y; 1,000 users were written before that; with --resume FILE the next run could continue from there',
    );
  });

  it('without --resume, a failure before the first user gets no hint', () => {
    const error = failed();
    expect(withResumeHint(error, {}, 0)).toBe(error);
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
