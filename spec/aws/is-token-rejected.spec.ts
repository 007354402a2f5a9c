import { describe, expect, it } from 'vitest';
import { isTokenRejected } from '../../lib/aws/is-token-rejected.js';
import { PageturnError } from '../../lib/core/errors.js';

const error = (name: string, message: string, httpStatusCode = 400) =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });

const withMembers = (name: string, members: object) =>
  Object.assign(error(name, 'The input is invalid'), members);

const request = { operation: 'Connect.ListUsers', tokenKey: 'NextToken' };

describe('errors that mean a rejected page token', () => {
  it.each([
    ['its name alone', error('InvalidNextToken', '')],
    ['the name of an exception', error('ExpiredNextTokenException', 'no')],
    ['a name about pagination', error('InvalidPaginationTokenException', 'no')],
    ['InvalidToken, as Amazon Connect calls an expired one', error('InvalidToken', 'The token has expired')],
    ['InvalidToken without a status', Object.assign(error('InvalidToken', ''), { $metadata: {} })],
    ...[
      'InvalidNextTokenException',
      'InvalidPaginationToken',
      'InvalidPaginationException',
      'InvalidContinuationTokenException',
      'InvalidMarkerException',
      'InvalidMarker',
      'ExpiredIteratorException',
      'NextTokenExpiredException',
      'ExpiredPageTokenFault',
      'MalformedNextTokenException',
      'InvalidCursorException',
    ].map((name): [string, Error] => [`its name ${name}`, error(name, 'no')]),
    ['InvalidTokenException (CloudTrail)', error('InvalidTokenException', 'no')],
    ['ExpiredToken with words about pages', error('ExpiredToken', 'The pagination token has expired.')],
    ['ExpiredTokenException that names the field', error('ExpiredTokenException', 'NextToken has expired')],
    [
      'a status of 404 or 410',
      error('ExpiredNextTokenException', 'Try again without a pagination token', 410),
    ],
    ['an error without a name', error('Unknown', 'The pagination token is invalid')],
    ['bad input in another name', error('InvalidInputCombinationException', 'invalid continuation token')],
    ['its name in AWS Config', error('InvalidResultTokenException', 'no')],
    ['its name in resource tagging', error('PaginationTokenExpiredException', 'no')],
    ['bad input and the name of the field', error('InvalidParameterException', 'NextToken is malformed')],
    ['bad input and the field in another case', error('InvalidRequestException', 'invalid nextToken')],
    [
      'bad input and the kind of the token',
      error('InvalidArgument', 'The continuation token provided is incorrect'),
    ],
    ['bad input and a bare token', error('ValidationException', 'The token is not valid or has expired')],
    ['a marker', error('ValidationError', 'Invalid Marker.')],
    ['a starting key', error('ValidationException', 'The provided starting key is invalid')],
    ['the words of Cognito', error('InvalidParameterException', 'Paging marker x is invalid for request y')],
    ['a reason (Organizations)', withMembers('InvalidInputException', { Reason: 'INVALID_NEXT_TOKEN' })],
    ['a field (WAF)', withMembers('WAFInvalidParameterException', { field: 'NEXT_MARKER' })],
    [
      'a list of fields',
      withMembers('ValidationException', {
        fieldList: [{ name: 'a' }, { name: 'nextToken', message: 'no' }],
      }),
    ],
    [
      'a list of paths',
      withMembers('ValidationException', { fields: [{ path: '/NextToken', message: 'no' }] }),
    ],
    ['another name with the words', error('GoneException', 'The next token has expired', 410)],
    ['a conflict with the words', error('ConflictException', 'nextToken is no longer valid', 409)],
    ['a request that expired with its token', error('RequestExpired', 'The pagination token has expired')],
    [
      'an error without a status, as of a mock',
      Object.assign(error('InvalidRequestException', 'token'), { $metadata: {} }),
    ],
  ])('a rejected page token is recognised by %s', (_what, cause) => {
    expect(isTokenRejected(cause, request)).toBe(true);
    expect(isTokenRejected(new PageturnError('ERR_REQUEST_FAILED', 'failed', { cause }), request)).toBe(true);
  });
});

describe('errors that do not mean a rejected page token', () => {
  it.each([
    ['another bad input', error('InvalidParameterException', 'InstanceId is malformed')],
    [
      'bad input in other fields',
      withMembers('ValidationException', { fieldList: [{ name: 'MaxResults' }, 'x'] }),
    ],
    [
      'members that are not lists',
      withMembers('ValidationException', { fields: {}, fieldList: 1, reason: {} }),
    ],
    ['a syntax error', error('ValidationException', 'Syntax error; token: "#", near: "a # b"')],
    ['a page that is not found', error('ResourceNotFoundException', 'Page not found', 404)],
    ['a throttle with the words', error('LimitExceeded', 'Too many requests with expired page tokens', 429)],
    ['bad input without a message', error('InvalidRequestException', '')],
    [
      'credentials that have expired',
      error('ExpiredTokenException', 'The security token included is expired'),
    ],
    ['credentials that are wrong', error('UnrecognizedClientException', 'The security token is invalid')],
    ['a security token by that name', error('InvalidToken', 'The security token is malformed')],
    ['InvalidToken with a status that is not 400', error('InvalidToken', 'The token is not valid', 403)],
    ['a token that expired, without words', error('ExpiredToken', 'The provided token has expired.')],
    [
      'a security token, among words about pages',
      error('InvalidToken', 'The security token is invalid for this page token'),
    ],
    [
      'a registration token',
      error('InvalidApprovalTokenException', 'The approval request already received a response'),
    ],
    ['a sequence token', error('InvalidSequenceTokenException', 'The sequence token is not valid.')],
    ['an import token', error('ExpiredImportTokenException', 'The import token is expired')],
    ['a grant token', error('InvalidGrantTokenException', 'The grant token is not valid')],
    [
      'a client request token',
      error('InvalidClientRequestTokenException', 'The client request token is not valid'),
    ],
    ['an InvalidNextToken with a status of 403', error('InvalidNextToken', 'no', 403)],
    ['missing permissions', error('AccessDeniedException', 'not with this token', 403)],
    [
      'bad input about a client token',
      error('ValidationException', 'clientToken must be 64 characters or less'),
    ],
    ['a throttle', error('ThrottlingException', 'token bucket empty', 429)],
    ['a server error', error('InternalServiceException', 'token store is down', 500)],
    ['another error that mentions a token', error('ResourceNotFoundException', 'no such token', 404)],
    ['bad input about a security token', error('ValidationException', 'The security token is invalid')],
    ['an object that is not an error', { name: 'InvalidNextToken', message: 'NextToken' }],
    ['a string', 'NextToken'],
  ])('a page token does not count as rejected for %s', (_what, cause) => {
    expect(isTokenRejected(cause, request)).toBe(false);
  });
});

it.each(['S3.ListObjectsV2', 'S3Control.ListJobs', 'STS.GetCallerIdentity'])(
  'InvalidToken of %s is about the credentials',
  (operation) => {
    const cause = error('InvalidToken', 'The provided token is malformed or otherwise not valid');
    expect(isTokenRejected(cause, { operation, tokenKey: 'ContinuationToken' })).toBe(false);
  },
);

it('an access token is not the page token of an operation that calls it Token', () => {
  const about = { operation: 'Pinpoint.GetSegments', tokenKey: 'Token' };
  expect(isTokenRejected(error('BadRequestException', 'Invalid access token'), about)).toBe(false);
  expect(isTokenRejected(error('BadRequestException', 'Invalid token'), about)).toBe(true);
});

it('a page token that S3 rejects is recognised by the words of the message', () => {
  const about = { operation: 'S3.ListObjectsV2', tokenKey: 'ContinuationToken' };
  expect(
    isTokenRejected(error('InvalidArgument', 'The continuation token provided is incorrect'), about),
  ).toBe(true);
});

it('a message of a million characters is searched quickly', () => {
  const cause = error('ValidationException', 'start '.repeat(200_000));
  expect(isTokenRejected(cause, request)).toBe(false);
});

it('a rejected page token is recognised by the name of the field, whatever that is', () => {
  const cause = error('BadRequestException', 'Position is malformed');
  expect(isTokenRejected(cause, { operation: 'APIGateway.GetRestApis', tokenKey: 'position' })).toBe(true);
  expect(isTokenRejected(cause, { operation: 'APIGateway.GetRestApis', tokenKey: 'marker' })).toBe(false);
});
