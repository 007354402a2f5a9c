import { describe, expect, it } from 'vitest';
import { CliError, usageError } from '../../lib/cli/cli-error.js';
import { describeError } from '../../lib/cli/describe-error.js';
import { withResumeHint } from '../../lib/cli/resume-hint.js';
import { type ErrorCode, invalidArgument, PageturnError } from '../../lib/core/errors.js';

function named(name: string, message: string, fields: object = {}): Error {
  return Object.assign(new Error(message), { name, ...fields });
}

function failed(cause: unknown, code: ErrorCode = 'ERR_REQUEST_FAILED'): PageturnError {
  return new PageturnError(code, 'Connect.ListUsers failed', { cause, attempts: 5 });
}

describe('an error is explained in one line', () => {
  it.each<[string, unknown, 1 | 2, string | RegExp]>([
    [
      'an error of the service',
      failed(named('ResourceNotFoundException', 'Instance not found.')),
      1,
      'ResourceNotFoundException: Instance not found; check --instance-id, --region and --profile',
    ],
    [
      'one nobody has advice for',
      failed(named('InvalidRequestException', 'No')),
      1,
      'InvalidRequestException: No',
    ],
    [
      'one that was tried again',
      failed(named('InternalServiceException', 'Oh'), 'ERR_RETRY_EXHAUSTED'),
      1,
      'given up after 5 attempts: InternalServiceException: Oh',
    ],
    [
      'a token that came again',
      new PageturnError('ERR_TOKEN_CYCLE', "pass onCycle: 'stop'"),
      1,
      'the service gave a page token a second time, and would go on in a circle',
    ],
    ['a missing region', failed(new Error('Region is missing')), 1, /pass --region, or set AWS_REGION$/],
    [
      'missing credentials',
      failed(named('CredentialsProviderError', 'Could not load')),
      1,
      /AWS_ACCESS_KEY_ID/,
    ],
    [
      'a socket without a message',
      failed(named('AggregateError', '', { code: 'ECONNREFUSED' }), 'ERR_RETRY_EXHAUSTED'),
      1,
      /attempts: ECONNREFUSED; check --region, --endpoint-url/,
    ],
    [
      'an address where nobody is',
      failed(named('Error', 'connect ECONNREFUSED ::1:1', { code: 'ECONNREFUSED', address: '::1', port: 1 })),
      1,
      'no answer from [::1]:1: ECONNREFUSED; check --region, --endpoint-url and the network',
    ],
    [
      'a socket that tried several addresses',
      failed(
        named('AggregateError', '', {
          code: 'ECONNREFUSED',
          errors: [named('Error', 'connect', { code: 'ECONNREFUSED', address: '127.0.0.1', port: 8080 })],
        }),
      ),
      1,
      'no answer from 127.0.0.1:8080: ECONNREFUSED; check --region, --endpoint-url and the network',
    ],
    [
      'a host nobody knows',
      failed(
        named('Error', 'getaddrinfo ENOTFOUND nosuch.invalid', {
          code: 'ENOTFOUND',
          hostname: 'nosuch.invalid',
        }),
        'ERR_RETRY_EXHAUSTED',
      ),
      1,
      'given up after 5 attempts: no answer from nosuch.invalid: ENOTFOUND; check --region, --endpoint-url and the network',
    ],
    [
      'a page of HTML',
      failed(named('SyntaxError', "Unexpected token '<'", { $metadata: { httpStatusCode: 403 } })),
      1,
      "the answer (HTTP 403) is not Amazon Connect's; check --endpoint-url, --region and any proxy",
    ],
    [
      'an error the service did not name',
      failed(named('Unknown', 'UnknownError', { $metadata: { httpStatusCode: 404 } })),
      1,
      "the answer (HTTP 404) is not Amazon Connect's; check --endpoint-url, --region and any proxy",
    ],
    [
      'a throttle the service did not name',
      failed(named('Unknown', 'Too Many', { $metadata: { httpStatusCode: 429 } }), 'ERR_RETRY_EXHAUSTED'),
      1,
      'given up after 5 attempts: Unknown: Too Many',
    ],
    ['a checkpoint in use', new PageturnError('ERR_CHECKPOINT_LOCKED', 'it is in use'), 1, 'it is in use'],
    [
      'a bad argument',
      invalidArgument('pageSize', 'a number', 'x'),
      2,
      'pageSize must be a number, received "x"',
    ],
    ['bad usage', usageError('which command?'), 2, 'which command?'],
    ['what the CLI itself found, inside of another error', failed(new CliError('disk full')), 1, 'disk full'],
    ['a message of many lines', failed(named('Odd', 'one\ntwo\x1b[2J')), 1, 'Odd: one\ufffdtwo\ufffd[2J'],
    ['a bug', new TypeError('x is not a function'), 1, 'TypeError: x is not a function'],
    ['something thrown that is no error', 'x', 1, 'x'],
  ])('%s', (_what, error, exitCode, message) => {
    const told = describeError(error);
    expect(told.exitCode).toBe(exitCode);
    expect(told.message).toMatch(message instanceof RegExp ? message : new RegExp(`^${escaped(message)}$`));
  });
});

describe('missing credentials', () => {
  const missing = named('CredentialsProviderError', 'Could not load credentials from any providers');

  it('are looked for in the profile that was named', () => {
    expect(describeError(failed(missing), { profile: 'nope' }).message).toBe(
      'no credentials in profile "nope": is it in ~/.aws/config?',
    );
    expect(
      describeError(withResumeHint(failed(missing), { resume: 'cp', profile: 'nope' }, 0)).message,
    ).toMatch(/^no credentials in profile "nope": is it in ~\/\.aws\/config\?; what cp says/);
  });

  it('are not all it may lack: a region is looked for in it too', () => {
    expect(describeError(failed(new Error('Region is missing')), { profile: 'nope' }).message).toMatch(
      /pass --region, or set AWS_REGION; there is none in profile "nope"$/,
    );
  });

  it('are what the SDK says they are where it knows more', () => {
    const expired = named('CredentialsProviderError', "Token is expired. Run 'aws sso login'");
    expect(describeError(failed(expired), { profile: 'work' }).message).toBe(
      "CredentialsProviderError: Token is expired. Run 'aws sso login'",
    );
  });
});

describe('with --resume', () => {
  it('a failure says how to go on', () => {
    const error = withResumeHint(failed(named('X', 'y')), { resume: 'cp', out: 'users' }, 0);
    expect(describeError(error).message).toBe(
      'X: y; what cp says still stands: mend this and run the same command again to go on',
    );
  });

  it('a refused token says that there is no going on', () => {
    const error = withResumeHint(
      failed(named('X', 'y'), 'ERR_TOKEN_REJECTED'),
      { resume: 'cp', out: 'users' },
      0,
    );
    expect(describeError(error).message).toMatch(/; remove cp and users to begin anew$/);
  });

  it('bad usage stays what it is', () => {
    const error = usageError('no');
    expect(withResumeHint(error, { resume: 'cp' }, 0)).toBe(error);
  });
});

describe('without --resume', () => {
  const error = failed(named('X', 'y'));

  it('a failure says how many users came before it, and what would have helped', () => {
    expect(describeError(withResumeHint(error, {}, 1000)).message).toBe(
      'X: y; 1,000 users came before that; with --resume FILE the next run would go on',
    );
  });

  it('a failure before the first user is all there is to say', () => {
    expect(withResumeHint(error, {}, 0)).toBe(error);
  });
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
