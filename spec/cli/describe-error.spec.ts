import { describe, expect, it } from 'vitest';
import { CliError, usageError } from '../../lib/cli/cli-error.js';
import { describeError } from '../../lib/cli/describe-error.js';
import { withResumeHint } from '../../lib/cli/report/resume-hint.js';
import { type ErrorCode, invalidArgument, PageturnError } from '../../lib/core/errors.js';

function named(name: string, message: string, fields: object = {}): Error {
  return Object.assign(new Error(message), { name, ...fields });
}

function failed(cause: unknown, code: ErrorCode = 'ERR_REQUEST_FAILED'): PageturnError {
  return new PageturnError(code, 'Connect.ListUsers failed', { cause, attempts: 5 });
}

describe('the one-line description of an error', () => {
  it.each<[string, unknown, 1 | 2, string | RegExp]>([
    [
      'an error of the service',
      failed(named('ResourceNotFoundException', 'Instance not found.')),
      1,
      'ResourceNotFoundException: Instance not found; check --instance-id, --region and --profile; an instance that is being deleted is not found either',
    ],
    [
      'a refused permission',
      failed(
        named('AccessDeniedException', 'User: x is not authorized to perform: connect:SearchUsers on y'),
      ),
      1,
      /; the credentials need the permission connect:SearchUsers$/,
    ],
    [
      'users that the next snapshot could not recognise',
      new PageturnError('ERR_INVALID_ARGUMENT', 'an item has no usable Id; pass the option key'),
      1,
      'an item has no usable Id; report it to the service',
    ],
    [
      'an error without specific advice',
      failed(named('InvalidRequestException', 'No')),
      1,
      'InvalidRequestException: No',
    ],
    [
      'an error after retries',
      failed(named('InternalServiceException', 'Oh'), 'ERR_RETRY_EXHAUSTED'),
      1,
      'gave up after 5 attempts: InternalServiceException: Oh',
    ],
    [
      'a repeated token',
      new PageturnError('ERR_TOKEN_CYCLE', "pass onCycle: 'stop'"),
      1,
      'the service returned the same page token twice, so the listing would never end; report it to the service',
    ],
    [
      'an empty answer',
      new PageturnError('ERR_PAGE_INVALID', "pass onEmptyAnswer: 'stop'", {
        cause: named('EmptyAnswer', 'the answer is empty'),
        attempts: 5,
      }),
      1,
      'the service promised another page but returned an empty answer, 5 times; try again later',
    ],
    ['a missing region', failed(new Error('Region is missing')), 1, /pass --region, or set AWS_REGION$/],
    [
      'missing credentials',
      failed(named('CredentialsProviderError', 'Could not load')),
      1,
      /AWS_ACCESS_KEY_ID/,
    ],
    [
      'a socket error without a message',
      failed(named('AggregateError', '', { code: 'ECONNREFUSED' }), 'ERR_RETRY_EXHAUSTED'),
      1,
      /attempts: ECONNREFUSED; check --region, --endpoint-url/,
    ],
    [
      'an address that refuses connections',
      failed(named('Error', 'connect ECONNREFUSED ::1:1', { code: 'ECONNREFUSED', address: '::1', port: 1 })),
      1,
      'no response from [::1]:1: ECONNREFUSED; check --region, --endpoint-url and the network',
    ],
    [
      'a socket error for several addresses',
      failed(
        named('AggregateError', '', {
          code: 'ECONNREFUSED',
          errors: [named('Error', 'connect', { code: 'ECONNREFUSED', address: '127.0.0.1', port: 8080 })],
        }),
      ),
      1,
      'no response from 127.0.0.1:8080: ECONNREFUSED; check --region, --endpoint-url and the network',
    ],
    [
      'an unknown host',
      failed(
        named('Error', 'getaddrinfo ENOTFOUND nosuch.invalid', {
          code: 'ENOTFOUND',
          hostname: 'nosuch.invalid',
        }),
        'ERR_RETRY_EXHAUSTED',
      ),
      1,
      'gave up after 5 attempts: no response from nosuch.invalid: ENOTFOUND; check --region, --endpoint-url and the network',
    ],
    [
      'an HTML response',
      failed(named('SyntaxError', "Unexpected token '<'", { $metadata: { httpStatusCode: 403 } })),
      1,
      'the response (HTTP 403) is not from Amazon Connect; check --endpoint-url, --region and any proxy',
    ],
    [
      'an error without a name',
      failed(named('Unknown', 'UnknownError', { $metadata: { httpStatusCode: 404 } })),
      1,
      'the response (HTTP 404) is not from Amazon Connect; check --endpoint-url, --region and any proxy',
    ],
    [
      'a throttle without a name',
      failed(named('Unknown', 'Too Many', { $metadata: { httpStatusCode: 429 } }), 'ERR_RETRY_EXHAUSTED'),
      1,
      'gave up after 5 attempts: Unknown: Too Many',
    ],
    ['a locked checkpoint', new PageturnError('ERR_CHECKPOINT_LOCKED', 'it is in use'), 1, 'it is in use'],
    [
      'a bad argument',
      invalidArgument('pageSize', 'a number', 'x'),
      2,
      'pageSize must be a number, received "x"',
    ],
    ['a usage error', usageError('which command?'), 2, 'which command?'],
    ['a CLI error that another error wraps', failed(new CliError('disk full')), 1, 'disk full'],
    [
      'a message with several lines',
      failed(named('Odd', 'one\ntwo\x1b[2J')),
      1,
      'Odd: one\ufffdtwo\ufffd[2J',
    ],
    ['a message that ends in stops', failed(named('Odd', 'It broke. . .\n')), 1, 'Odd: It broke'],
    [
      'a message of a million stops',
      failed(named('Odd', `${'.'.repeat(1_000_000)}!`)),
      1,
      /^Odd: [.]+ … [.]+!$/,
    ],
    ['a message of nothing but stops', failed(named('Odd', '. . .')), 1, 'Odd'],
    ['a bug', new TypeError('x is not a function'), 1, 'TypeError: x is not a function'],
    ['a thrown value that is not an error', 'x', 1, 'x'],
  ])('%s is described in one line with its exit code', (_what, error, exitCode, message) => {
    const described = describeError(error);
    expect(described.exitCode).toBe(exitCode);
    expect(described.message).toMatch(
      message instanceof RegExp ? message : new RegExp(`^${escaped(message)}$`),
    );
  });
});

describe('missing credentials', () => {
  const missing = named('CredentialsProviderError', 'Could not load credentials from any providers');

  it('missing credentials name the selected profile', () => {
    expect(describeError(failed(missing), { profile: 'nope' }).message).toBe(
      'no credentials in profile "nope": is it in ~/.aws/config?',
    );
    expect(
      describeError(
        withResumeHint(failed(missing), {
          noun: 'user',
          written: 1,
          isPublished: false,
          kept: 'users.csv.spool',
          startOver: 'add --restart',
          profile: 'nope',
        }),
      ).message,
    ).toMatch(/^no credentials in profile "nope": is it in ~\/\.aws\/config\?; 1 user are kept/);
  });

  it('a missing region names the selected profile', () => {
    expect(describeError(failed(new Error('Region is missing')), { profile: 'nope' }).message).toMatch(
      /pass --region, or set AWS_REGION; profile "nope" does not set one$/,
    );
  });

  it('a more specific message from the SDK about the credentials is kept', () => {
    const expired = named('CredentialsProviderError', "Token is expired. Run 'aws sso login'");
    expect(describeError(failed(expired), { profile: 'work' }).message).toBe(
      "CredentialsProviderError: Token is expired. Run 'aws sso login'",
    );
  });
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
