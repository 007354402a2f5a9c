import { ConnectClient, ConnectServiceException, ListUsersCommand } from '@aws-sdk/client-connect';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Classification, classify } from '../../lib/request/classify.js';
import { type Answer, awsError, reply, startScriptedServer } from './scripted-server.js';

let server: Awaited<ReturnType<typeof startScriptedServer>>;
beforeAll(async () => {
  server = await startScriptedServer();
});
afterAll(() => server.close());

type Row = readonly [shape: string, answer: Answer, expected: Classification];

const HTML = '<html><body>the proxy is unwell</body></html>';
const html = { 'content-type': 'text/html' };
const json = { 'content-type': 'application/json' };
const xml = { 'content-type': 'application/xml' };
const reset: Answer = (response) => response.socket?.resetAndDestroy();
const hangUp: Answer = (response) => response.socket?.destroy();
const cutOff: Answer = (response) => {
  response.writeHead(200, { ...json, 'content-length': '1000' });
  response.write('{"UserSummaryList":[', () => response.socket?.destroy());
};
const cutOffChunked: Answer = (response) => {
  response.writeHead(200, json);
  response.write('{"UserSummaryList":[', () => response.socket?.destroy());
};
const silence: Answer = () => {};
const unnamed = (message: string) => reply(400, json, JSON.stringify({ message }));
const garbage: Answer = (response) => response.socket?.end('what is HTTP?\r\n\r\n');

describe('an error of the Connect client', () => {
  const rows: Row[] = [
    ['429 ThrottlingException', awsError(429, 'ThrottlingException'), { kind: 'throttle' }],
    ['429 TooManyRequestsException', awsError(429, 'TooManyRequestsException'), { kind: 'throttle' }],
    ['400 ThrottlingException (Organizations)', awsError(400, 'ThrottlingException'), { kind: 'throttle' }],
    ['429 without a name', reply(429, json, '{}'), { kind: 'throttle' }],
    ['429 with an HTML body', reply(429, html, HTML), { kind: 'throttle' }],
    ['429 LimitExceededException', awsError(429, 'LimitExceededException'), { kind: 'throttle' }],
    [
      '429 LimitExceededException of a resource',
      awsError(429, 'LimitExceededException', {}, 'The allowed limit for the resource has been exceeded.'),
      { kind: 'final' },
    ],
    [
      '429 LimitExceededException of a quota',
      awsError(429, 'LimitExceededException', {}, 'Service quotas were exceeded'),
      { kind: 'final' },
    ],
    [
      '429 LimitExceededException of a maximum number',
      awsError(429, 'LimitExceededException', {}, 'The maximum number of users has been reached'),
      { kind: 'final' },
    ],
    [
      '429 LimitExceededException of a rate of a resource',
      awsError(429, 'LimitExceededException', {}, 'Rate exceeded for this resource'),
      { kind: 'throttle' },
    ],
    [
      '429 LimitExceededException of an unknown limit',
      awsError(429, 'LimitExceededException', {}, 'The request exceeded a limit. Try your request again.'),
      { kind: 'throttle' },
    ],
    [
      '429 ResourceLimitExceededException',
      awsError(429, 'ResourceLimitExceededException'),
      { kind: 'final' },
    ],
    [
      '429 CustomMetadataLimitExceededException',
      awsError(429, 'CustomMetadataLimitExceededException'),
      { kind: 'final' },
    ],
    [
      '429 ConcurrentResourcesLimitExceededException',
      awsError(429, 'ConcurrentResourcesLimitExceededException'),
      { kind: 'final' },
    ],
    [
      '400 LimitExceededException that mentions a rate (Kinesis)',
      awsError(400, 'LimitExceededException', {}, 'Rate exceeded for stream a'),
      { kind: 'throttle' },
    ],
    ['400 with the words of a throttle and no name', unnamed('Rate exceeded'), { kind: 'throttle' }],
    ['400 with other words and no name', unnamed('InstanceId is malformed'), { kind: 'final' }],
    ['400 RateLimitExceededException', awsError(400, 'RateLimitExceededException'), { kind: 'throttle' }],
    [
      '400 RequestLimitExceededException',
      awsError(400, 'RequestLimitExceededException'),
      { kind: 'throttle' },
    ],
    ['400 DependencyThrottle', awsError(400, 'DependencyThrottle'), { kind: 'throttle' }],
    ['400 KMSThrottlingFault', awsError(400, 'KMSThrottlingFault'), { kind: 'throttle' }],
    ['400 KmsThrottled', awsError(400, 'KmsThrottled'), { kind: 'throttle' }],
    ['400 SlowDownException', awsError(400, 'SlowDownException'), { kind: 'throttle' }],
    [
      '400 DependentServiceRequestThrottlingFault',
      awsError(400, 'DependentServiceRequestThrottlingFault'),
      { kind: 'throttle' },
    ],
    [
      '400 APICallRateForCustomerExceeded (ElastiCache)',
      awsError(400, 'APICallRateForCustomerExceeded'),
      { kind: 'throttle' },
    ],
    ['400 ThrottledClientException', awsError(400, 'ThrottledClientException'), { kind: 'throttle' }],
    ['500 ThrottlingException (Neptune)', awsError(500, 'ThrottlingException'), { kind: 'throttle' }],
    ['502 EC2ThrottledException (Lambda)', awsError(502, 'EC2ThrottledException'), { kind: 'throttle' }],
    [
      '400 TooManyRequestedAttributes, which is not a throttle',
      awsError(400, 'TooManyRequestedAttributes'),
      { kind: 'final' },
    ],
    [
      '400 CapacityDecreaseRequestLimitExceeded, which is not a throttle',
      awsError(400, 'CapacityDecreaseRequestLimitExceeded'),
      { kind: 'final' },
    ],
    ['402 ServiceQuotaExceededException', awsError(402, 'ServiceQuotaExceededException'), { kind: 'final' }],
    ['400 LimitExceededException', awsError(400, 'LimitExceededException'), { kind: 'final' }],
    ['400 InvalidRequestException', awsError(400, 'InvalidRequestException'), { kind: 'final' }],
    ['404 ResourceNotFoundException', awsError(404, 'ResourceNotFoundException'), { kind: 'final' }],
    ['403 AccessDeniedException', awsError(403, 'AccessDeniedException'), { kind: 'final' }],
    ['403 with an HTML body', reply(403, html, HTML), { kind: 'final' }],
    ['500 InternalServiceException', awsError(500, 'InternalServiceException'), { kind: 'transient' }],
    ['502 with an HTML body', reply(502, html, HTML), { kind: 'transient' }],
    ['503 without a body', reply(503, {}, ''), { kind: 'transient' }],
    ['504 with an HTML body', reply(504, html, HTML), { kind: 'transient' }],
    ['501', reply(501, json, '{}'), { kind: 'final' }],
    ['302 with an HTML body', reply(302, html, HTML), { kind: 'final' }],
    ['408 RequestTimeoutException', awsError(408, 'RequestTimeoutException'), { kind: 'transient' }],
    ['200 with a truncated body', reply(200, json, '{"UserSummaryList":[{"Id"'), { kind: 'transient' }],
    ['200 with an HTML body', reply(200, html, HTML), { kind: 'transient' }],
    ['200 cut off before its length', cutOff, { kind: 'transient' }],
    ['200 cut off in a chunk', cutOffChunked, { kind: 'transient' }],
    ['a connection reset', reset, { kind: 'transient' }],
    ['a connection closed without an answer', hangUp, { kind: 'transient' }],
    ["no answer within the handler's time", silence, { kind: 'transient' }],
    [
      'a throttle with Retry-After in seconds',
      awsError(429, 'ThrottlingException', { 'retry-after': '30' }),
      { kind: 'throttle', retryAfterMs: 30_000 },
    ],
    [
      'a throttle with Retry-After as a date, by the clock of the service',
      awsError(429, 'ThrottlingException', {
        date: 'Mon, 01 Jan 2001 00:00:00 GMT',
        'retry-after': 'Mon, 01 Jan 2001 00:01:30 GMT',
      }),
      { kind: 'throttle', retryAfterMs: 90_000 },
    ],
    [
      'a throttle with Retry-After as a date that has passed',
      awsError(429, 'ThrottlingException', { 'retry-after': 'Mon, 01 Jan 2001 00:01:30 GMT' }),
      { kind: 'throttle', retryAfterMs: 0 },
    ],
    [
      'a throttle with x-amz-retry-after in milliseconds, which takes precedence',
      awsError(429, 'ThrottlingException', { 'x-amz-retry-after': '1500', 'retry-after': '30' }),
      { kind: 'throttle', retryAfterMs: 1500 },
    ],
    [
      'a throttle with a Retry-After that makes no sense',
      awsError(429, 'ThrottlingException', { 'retry-after': 'soon' }),
      { kind: 'throttle' },
    ],
    [
      '503 with Retry-After',
      reply(503, { ...json, 'retry-after': '2' }, '{}'),
      { kind: 'transient', retryAfterMs: 2000 },
    ],
  ];

  it.each(rows)(
    'an error of the Connect client is classified by its response: %s',
    async (_shape, answer, expected) => {
      server.answerWith(answer);
      const client = new ConnectClient({ ...clientConfig(answer), endpoint: server.endpoint });
      const error = await failureOf(client.send(new ListUsersCommand({ InstanceId: 'x' })));
      client.destroy();
      expect(classify(error)).toEqual(expected);
    },
  );
});

describe('an error of the S3 client', () => {
  const s3Error = (status: number, code: string) =>
    reply(status, xml, `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`);
  const rows: Row[] = [
    ['503 SlowDown', s3Error(503, 'SlowDown'), { kind: 'throttle' }],
    ['400 RequestTimeout', s3Error(400, 'RequestTimeout'), { kind: 'transient' }],
    ['404 NoSuchBucket', s3Error(404, 'NoSuchBucket'), { kind: 'final' }],
    [
      '200 with truncated XML',
      reply(200, xml, '<?xml version="1.0"?><ListBucketResult><Conten'),
      { kind: 'transient' },
    ],
    ['503 with an HTML body', reply(503, html, HTML), { kind: 'transient' }],
  ];

  it.each(rows)(
    'an error of the S3 client is classified by its response: %s',
    async (_shape, answer, expected) => {
      server.answerWith(answer);
      const client = new S3Client({
        ...clientConfig(answer),
        endpoint: server.endpoint,
        forcePathStyle: true,
      });
      const error = await failureOf(client.send(new ListObjectsV2Command({ Bucket: 'x' })));
      client.destroy();
      expect(classify(error)).toEqual(expected);
    },
  );
});

describe('an error of the DynamoDB client', () => {
  const dynamoError = (status: number, name: string) =>
    reply(
      status,
      { 'content-type': 'application/x-amz-json-1.0' },
      JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: 'no' }),
    );
  const rows: Row[] = [
    [
      '400 ProvisionedThroughputExceededException',
      dynamoError(400, 'ProvisionedThroughputExceededException'),
      { kind: 'throttle' },
    ],
    ['400 RequestLimitExceeded', dynamoError(400, 'RequestLimitExceeded'), { kind: 'throttle' }],
    ['400 ValidationException', dynamoError(400, 'ValidationException'), { kind: 'final' }],
    ['500 InternalServerError', dynamoError(500, 'InternalServerError'), { kind: 'transient' }],
  ];

  it.each(rows)(
    'an error of the DynamoDB client is classified by its response: %s',
    async (_shape, answer, expected) => {
      server.answerWith(answer);
      const client = new DynamoDBClient({ ...clientConfig(answer), endpoint: server.endpoint });
      const error = await failureOf(client.send(new ScanCommand({ TableName: 'x' })));
      client.destroy();
      expect(classify(error)).toEqual(expected);
    },
  );
});

describe('an error of fetch', () => {
  const rows: Row[] = [
    ['a connection reset', reset, { kind: 'transient' }],
    ['a body that is cut off', cutOffChunked, { kind: 'transient' }],
    ['JSON cut short', reply(200, json, '{"items":['), { kind: 'transient' }],
    ['HTML in place of JSON', reply(200, html, HTML), { kind: 'transient' }],
    ['an attempt timed out', silence, { kind: 'transient' }],
    ['an answer that is not HTTP', garbage, { kind: 'final' }],
  ];

  it.each(rows)('an error of fetch is classified by its cause: %s', async (_shape, answer, expected) => {
    server.answerWith(answer);
    const request = async () => {
      const response = await fetch(server.endpoint, { signal: AbortSignal.timeout(timeLimitFor(answer)) });
      return response.json();
    };
    expect(classify(await failureOf(request()))).toEqual(expected);
  });

  it('TLS to a port that speaks plain HTTP is final', async () => {
    const error = await failureOf(fetch(server.endpoint.replace('http', 'https')));
    expect(classify(error)).toEqual({ kind: 'final' });
  });

  it('an abort by a controller of the fetcher is final', async () => {
    server.answerWith(silence);
    const controller = new AbortController();
    const request = fetch(server.endpoint, { signal: controller.signal });
    controller.abort();
    expect(classify(await failureOf(request))).toEqual({ kind: 'final' });
  });

  it('a refused connection is a transient fault', async () => {
    const closed = await startScriptedServer();
    await closed.close();
    expect(classify(await failureOf(fetch(closed.endpoint)))).toEqual({ kind: 'transient' });
  });

  it('a thrown Response with status 429 is a throttle', () => {
    const response = new Response('', { status: 429, headers: { 'Retry-After': '7' } });
    expect(classify(response)).toEqual({ kind: 'throttle', retryAfterMs: 7000 });
  });
});

/** An error whose model has the trait `retryable` and does not call it a throttle. */
function modelled(name: string, httpStatusCode: number): Error {
  const error = new ConnectServiceException({
    name,
    message: 'no',
    $fault: 'client',
    $metadata: { httpStatusCode },
  });
  return Object.assign(error, { $retryable: {} });
}

describe('an error of any client', () => {
  const node = (code: string) => Object.assign(new Error(code), { code });
  const named = (name: string, more: object = {}) => Object.assign(new Error('no'), { name, ...more });
  const rows: (readonly [shape: string, error: unknown, expected: Classification])[] = [
    ['a name and nothing else (a mock)', named('ThrottlingException'), { kind: 'throttle' }],
    ['a name as code (SDK v2)', node('ThrottlingException'), { kind: 'throttle' }],
    [
      'a throttle that its model only calls retryable (31 errors of 30 services)',
      modelled('ThrottlingException', 400),
      { kind: 'throttle' },
    ],
    [
      'a throttled request that is only retryable',
      modelled('ThrottledRequestException', 429),
      { kind: 'throttle' },
    ],
    ['too many requests, only retryable', modelled('TooManyRequestException', 429), { kind: 'throttle' }],
    ['a conflict that is retryable', modelled('ConflictException', 409), { kind: 'transient' }],
    ['a limit that is retryable', modelled('QueryLimitExceededException', 500), { kind: 'transient' }],
    ['$retryable with throttling', named('Odd', { $retryable: { throttling: true } }), { kind: 'throttle' }],
    ['$retryable without', named('Odd', { $retryable: {}, status: 400 }), { kind: 'transient' }],
    [
      'a LimitExceededException whose model calls it a throttle',
      named('LimitExceededException', { $retryable: { throttling: true } }),
      { kind: 'throttle' },
    ],
    ['$fault server, without a status', named('Odd', { $fault: 'server' }), { kind: 'transient' }],
    [
      '403 for a clock that the SDK has corrected',
      named('RequestTimeTooSkewed', { $metadata: { httpStatusCode: 403, clockSkewCorrected: true } }),
      { kind: 'transient' },
    ],
    [
      '403 for a wrong signature',
      named('SignatureDoesNotMatch', { $metadata: { httpStatusCode: 403 } }),
      { kind: 'final' },
    ],
    ['no local address left', node('EADDRNOTAVAIL'), { kind: 'transient' }],
    ['no file handle left', node('EMFILE'), { kind: 'transient' }],
    ['a TLS handshake that was garbled', node('EPROTO'), { kind: 'transient' }],
    [
      'a garbled TLS record by its code',
      node('ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC'),
      { kind: 'transient' },
    ],
    ['a garbled TLS record by its alert', node('ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC'), { kind: 'transient' }],
    [
      'a garbled TLS record by its message',
      new Error('4058:error:1408F119:SSL routines:ssl3_get_record:decryption failed or bad record mac'),
      { kind: 'transient' },
    ],
    ['a DNS server that fails', node('ESERVFAIL'), { kind: 'transient' }],
    ['a host that is down', node('EHOSTDOWN'), { kind: 'transient' }],
    ['a stream refused by an HTTP/2 server', node('ERR_HTTP2_SERVER_REFUSED_STREAM'), { kind: 'transient' }],
    ['axios without a network', named('AxiosError', { code: 'ERR_NETWORK' }), { kind: 'transient' }],
    ['an abort in Node', node('ABORT_ERR'), { kind: 'final' }],
    ['an abort in axios', named('CanceledError', { code: 'ERR_CANCELED' }), { kind: 'final' }],
    ['an abort in got', named('CancelError', { code: 'ERR_CANCELED' }), { kind: 'final' }],
    [
      'an abort wrapped in another error',
      new Error('cannot load', { cause: new DOMException('stopped', 'AbortError') }),
      { kind: 'final' },
    ],
    ['a timeout of the fetcher', new DOMException('too slow', 'TimeoutError'), { kind: 'transient' }],
    ['a DNS server out of reach', node('EAI_AGAIN'), { kind: 'transient' }],
    ['a name DNS does not know', node('ENOTFOUND'), { kind: 'transient' }],
    ['a broken pipe', node('EPIPE'), { kind: 'transient' }],
    ['a host out of reach', node('EHOSTUNREACH'), { kind: 'transient' }],
    ['undici without headers in time', node('UND_ERR_HEADERS_TIMEOUT'), { kind: 'transient' }],
    ['a stream that ended early', node('ERR_STREAM_PREMATURE_CLOSE'), { kind: 'transient' }],
    ['a certificate that has expired', node('CERT_HAS_EXPIRED'), { kind: 'final' }],
    [
      'fetch failed for a certificate',
      new TypeError('fetch failed', { cause: node('DEPTH_ZERO_SELF_SIGNED_CERT') }),
      { kind: 'final' },
    ],
    ['fetch in Chrome, offline', new TypeError('Failed to fetch'), { kind: 'transient' }],
    [
      'the SDK in Chrome, a body cut short',
      Object.assign(new TypeError('network error\n  Deserialization error: to see the raw response, …'), {
        $metadata: { httpStatusCode: 200 },
      }),
      { kind: 'transient' },
    ],
    [
      'a mistake in the code',
      new TypeError("Cannot read properties of undefined (reading 'x')"),
      { kind: 'final' },
    ],
    [
      'a SyntaxError that is not about JSON',
      new SyntaxError('Invalid regular expression'),
      { kind: 'final' },
    ],
    [
      'a cause three levels down',
      new Error('a', { cause: new Error('b', { cause: node('ECONNRESET') }) }),
      { kind: 'transient' },
    ],
    ['only a status of 408', { status: 408 }, { kind: 'transient' }],
    ['only a status of 425', { status: 425 }, { kind: 'transient' }],
    [
      'axios',
      named('AxiosError', { response: { status: 429, headers: { 'retry-after': '3' } } }),
      { kind: 'throttle', retryAfterMs: 3000 },
    ],
    ['got', named('HTTPError', { response: { statusCode: 503, headers: {} } }), { kind: 'transient' }],
    [
      '403 with Retry-After (GitHub)',
      named('HttpError', { status: 403, response: { headers: { 'retry-after': '60' } } }),
      { kind: 'throttle', retryAfterMs: 60_000 },
    ],
    [
      '403 with the words of a throttle (GitHub, secondary)',
      named('HttpError', { status: 403, message: 'You have exceeded a secondary rate limit' }),
      { kind: 'throttle' },
    ],
    ['403 with other words', named('HttpError', { status: 403 }), { kind: 'final' }],
    [
      '400 with words about a rate far after, as in an input that it repeats',
      named('HttpError', { status: 400, message: `bad input: ${'x'.repeat(2000)} rate exceeded` }),
      { kind: 'final' },
    ],
    [
      '400 about a parameter that is a rate',
      named('InvalidRateLimitException', { status: 400 }),
      { kind: 'final' },
    ],
    [
      'Slack',
      named('x', { code: 'slack_webapi_rate_limited_error', retryAfter: 30 }),
      { kind: 'throttle', retryAfterMs: 30_000 },
    ],
    [
      'Stripe',
      named('Error', { type: 'StripeRateLimitError', statusCode: 429, headers: { 'retry-after': '2' } }),
      { kind: 'throttle', retryAfterMs: 2000 },
    ],
    ['Notion', named('APIResponseError', { code: 'rate_limited' }), { kind: 'throttle' }],
    ['googleapis, with the status as code', named('GaxiosError', { code: 503 }), { kind: 'transient' }],
    ['OAuth', named('ResponseBodyError', { code: 'slow_down', status: 400 }), { kind: 'throttle' }],
    [
      'axios with the 403 of a throttled Google API',
      named('AxiosError', { status: 403, response: { status: 403, data: google403('rateLimitExceeded') } }),
      { kind: 'throttle' },
    ],
    [
      'axios with the 403 of a missing permission',
      named('AxiosError', { status: 403, response: { status: 403, data: google403('forbidden') } }),
      { kind: 'final' },
    ],
    [
      'got with a body that is text',
      named('HTTPError', {
        response: { statusCode: 403, body: JSON.stringify(google403('rateLimitExceeded')) },
      }),
      { kind: 'throttle' },
    ],
    [
      "fetch with GitHub's words about its secondary limit",
      named('Error', { status: 403, body: { message: 'You have exceeded a secondary rate limit.' } }),
      { kind: 'throttle' },
    ],
    [
      'Azure with a body that is text',
      named('RestError', {
        statusCode: 403,
        response: { status: 403, bodyAsText: '{"error":{"code":"TooManyRequests"}}' },
      }),
      { kind: 'throttle' },
    ],
    [
      "Meta's 400 for too many requests",
      named('AxiosError', {
        response: {
          status: 400,
          data: {
            error: { message: '(#4) Application request limit reached', type: 'OAuthException', code: 4 },
          },
        },
      }),
      { kind: 'throttle' },
    ],
    [
      "Salesforce's list of errors",
      named('FetchError', {
        statusCode: 403,
        data: [{ message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }],
      }),
      { kind: 'throttle' },
    ],
    [
      'a 400 about a parameter that is a rate',
      named('AxiosError', {
        response: {
          status: 400,
          data: { error: { code: 'invalid_parameter', message: 'at most 5 per second' } },
        },
      }),
      { kind: 'final' },
    ],
    [
      "Slack's 200 for too many requests",
      named('Error', { code: 'slack_webapi_platform_error', data: { ok: false, error: 'ratelimited' } }),
      { kind: 'throttle' },
    ],
    [
      "Slack's 200 for a wrong token",
      named('Error', { code: 'slack_webapi_platform_error', data: { ok: false, error: 'invalid_auth' } }),
      { kind: 'final' },
    ],
    [
      'graphql-request with a throttle of Shopify',
      named('Error', {
        response: { status: 200, errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }] },
      }),
      { kind: 'throttle' },
    ],
    [
      'graphql-request with a server error',
      named('Error', {
        response: { status: 200, errors: [{ message: 'no', extensions: { code: 'INTERNAL_SERVER_ERROR' } }] },
      }),
      { kind: 'transient' },
    ],
    [
      'graphql-request without permission',
      named('Error', {
        response: { status: 200, errors: [{ message: 'no', extensions: { code: 'FORBIDDEN' } }] },
      }),
      { kind: 'final' },
    ],
    [
      'octokit with a throttle of GraphQL',
      named('GraphqlResponseError', {
        errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }],
      }),
      { kind: 'throttle' },
    ],
    [
      'octokit with a throttle of another GraphQL server',
      named('GraphqlResponseError', { errors: [{ message: 'no', extensions: { code: 'THROTTLED' } }] }),
      { kind: 'throttle' },
    ],
    [
      'urql',
      named('CombinedError', { graphQLErrors: [{ message: 'no', extensions: { code: 'RATE_LIMITED' } }] }),
      { kind: 'throttle' },
    ],
    [
      'an error with data of its own and a lost connection as its cause',
      Object.assign(new Error('no', { cause: node('ECONNRESET') }), { data: { error: { message: 'no' } } }),
      { kind: 'transient' },
    ],
    ['a body of gzip that is garbled', node('Z_DATA_ERROR'), { kind: 'transient' }],
    ['a body of gzip that is cut short', node('Z_BUF_ERROR'), { kind: 'transient' }],
    [
      'axios with a body cut short',
      named('AxiosError', {
        code: 'ERR_BAD_RESPONSE',
        message: 'stream has been aborted',
        response: { status: 200 },
      }),
      { kind: 'transient' },
    ],
    [
      'Azure with a body cut short',
      named('RestError', { code: 'PARSE_ERROR', message: 'Error reading response as text: aborted' }),
      { kind: 'transient' },
    ],
    ['Stripe without a connection', named('Error', { type: 'StripeConnectionError' }), { kind: 'transient' }],
    ['OpenAI after its timeout', new Error('Request timed out.'), { kind: 'transient' }],
    ['Notion after its timeout', named('RequestTimeoutError'), { kind: 'transient' }],
    ['a string', 'ThrottlingException', { kind: 'final' }],
    ['nothing', undefined, { kind: 'final' }],
  ];

  it.each(rows)('an error is classified by its shape: %s', (_shape, error, expected) => {
    expect(classify(error)).toEqual(expected);
  });

  it.each([
    [1, 'final'],
    [2, 'transient'],
    [3, 'final'],
    [4, 'transient'],
    [5, 'final'],
    [7, 'final'],
    [8, 'throttle'],
    [9, 'final'],
    [10, 'transient'],
    [12, 'final'],
    [13, 'transient'],
    [14, 'transient'],
    [16, 'final'],
  ])('an error of gRPC is classified by its status: %i', (code, kind) => {
    const error = Object.assign(new Error('no'), { code, details: 'no', metadata: {} });
    expect(classify(error)).toEqual({ kind });
  });

  it('an answer that is larger than the limit of a gRPC client is not a throttle', () => {
    const text = 'Received message larger than max (5000000 vs 4194304)';
    const error = Object.assign(new Error(`8 RESOURCE_EXHAUSTED: ${text}`), { code: 8, details: text });
    expect(classify(error)).toEqual({ kind: 'final' });
  });

  it('a small number as a code means nothing outside of gRPC', () => {
    expect(classify(new DOMException('no', 'NotFoundError'))).toEqual({ kind: 'final' });
    expect(classify(named('Error', { code: 14 }))).toEqual({ kind: 'final' });
  });

  it('the body of a response is not read where it would be a getter of its class', () => {
    class OddResponse {
      readonly status = 403;
      get data(): never {
        throw new Error('data does not exist');
      }
    }
    expect(classify(named('Error', { response: new OddResponse() }))).toEqual({ kind: 'final' });
  });

  it('an error whose causes never end is final and does not hang', () => {
    class Endless extends Error {
      override get cause() {
        return new Endless();
      }
    }
    expect(classify(new Endless())).toEqual({ kind: 'final' });
  });

  // A pattern that backtracks over a million characters would take hours.
  it.each<[what: string, error: unknown, kind: string]>([
    ['the message', named('Unknown', { status: 400, message: 'rate '.repeat(200_000) }), 'final'],
    ['the name', named('too_many_'.repeat(100_000)), 'final'],
    ['a Retry-After', { status: 429, headers: { 'retry-after': '1'.repeat(1_000_000) } }, 'throttle'],
    ['a list of quotas', { status: 403, headers: { ratelimit: 'r='.repeat(500_000) } }, 'final'],
    [
      'the name of a header',
      { status: 403, headers: { [`ratelimit${'-a'.repeat(500_000)}`]: '0' } },
      'final',
    ],
  ])('an error is classified in no time, however long is %s', (_what, error, kind) => {
    expect(classify(error)).toEqual({ kind });
  });

  it('an error that is its own cause is final and does not hang', () => {
    const ring: Error & { cause?: unknown } = new Error('ring');
    ring.cause = ring;
    expect(classify(ring)).toEqual({ kind: 'final' });
  });

  it('a LimitExceededException is a throttle if the caller says so', () => {
    const error = named('LimitExceededException', { $metadata: { httpStatusCode: 400 } });
    expect(classify(error, { limitExceeded: 'throttle' })).toEqual({ kind: 'throttle' });
  });
});

/** A body of a Google API. */
function google403(reason: string) {
  const message = `a message about ${reason}`;
  return { error: { code: 403, message, errors: [{ domain: 'usageLimits', reason, message }] } };
}

function clientConfig(answer: Answer) {
  return {
    region: 'eu-central-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
    requestHandler: { requestTimeout: timeLimitFor(answer), throwOnRequestTimeout: true },
  };
}

/** Milliseconds. Only a request that is never answered may run out of time, however busy the machine is. */
function timeLimitFor(answer: Answer): number {
  return answer === silence ? 200 : 30_000;
}

function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.fail('the request succeeded'),
    (error: unknown) => error,
  );
}

it('classify refuses a limitExceeded that is misspelt, and ignores the index of Array.map', () => {
  const options = { limitExceeded: 'trottle' } as never;
  expect(() => classify(new Error('x'), options)).toThrow(
    expect.objectContaining({
      code: 'ERR_INVALID_ARGUMENT',
      message: `limitExceeded must be 'throttle' or 'final', received "trottle"`,
    }),
  );
  expect([new Error('x')].map(classify as never)).toEqual([{ kind: 'final' }]);
});
