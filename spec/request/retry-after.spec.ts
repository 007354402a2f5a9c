import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { classify } from '../../lib/request/classify.js';
import { reply, startScriptedServer } from './scripted-server.js';

let server: Awaited<ReturnType<typeof startScriptedServer>>;
beforeAll(async () => {
  server = await startScriptedServer();
});
afterAll(() => server.close());

const date = 'Fri, 27 Nov 2026 12:00:00 GMT';
const now = Date.parse(date);
/** This many seconds after the server's date, in seconds since 1970. */
const epoch = (seconds: number) => String(now / 1000 + seconds);
const spent = { 'x-ratelimit-remaining': '0' };

/** A real answer with these headers and the server's date. */
function answered(status: number, headers: Record<string, string>): Promise<Response> {
  server.answerWith(reply(status, { date, ...headers }, '{}'));
  return fetch(server.endpoint);
}

describe('the wait that a throttled answer asks for', () => {
  it.each<[what: string, headers: Record<string, string>, ms: number | undefined]>([
    ['seconds', { 'retry-after': '30' }, 30_000],
    ['decimals', { 'retry-after': '2.5' }, 2500],
    ['0', { 'retry-after': '0' }, 0],
    ['a date of HTTP', { 'retry-after': 'Fri, 27 Nov 2026 12:01:30 GMT' }, 90_000],
    ['a date of RFC 850', { 'retry-after': 'Friday, 27-Nov-26 12:01:30 GMT' }, 90_000],
    ['a date of C, which has no zone', { 'retry-after': 'Fri Nov 27 12:01:30 2026' }, 90_000],
    ['a date of ISO 8601', { 'retry-after': '2026-11-27T12:01:30Z' }, 90_000],
    ['a date that has passed', { 'retry-after': 'Fri, 27 Nov 2026 11:00:00 GMT' }, 0],
    ['an epoch in seconds', { 'retry-after': epoch(20) }, 20_000],
    ['a duration', { 'retry-after': '1m30s' }, 90_000],
    ['seconds sent twice', { 'retry-after': '5, 7' }, 7000],
    ['milliseconds', { 'retry-after-ms': '1500', 'retry-after': '2' }, 1500],
    ["gRPC's milliseconds", { 'grpc-retry-pushback-ms': '250' }, 250],
    ["Azure's milliseconds", { 'x-ms-retry-after-ms': '250' }, 250],
    ['a duration with spaces', { 'retry-after': '1m 30s' }, 90_000],
    ['a duration with its unit spelt out', { 'retry-after': '5 seconds' }, 5000],
    ['an exponent', { 'retry-after': '1e1' }, 10_000],
    ['an exponent without end', { 'retry-after': '1e999' }, undefined],
    ['a number without its zero', { 'retry-after': '.5' }, 500],
    ['a number in quotes', { 'retry-after': '"5"' }, 5000],
    ['a date in another zone', { 'retry-after': 'Fri, 27 Nov 2026 13:01:30 +0100' }, 90_000],
    ['a date in an American zone', { 'retry-after': 'Fri, 27 Nov 2026 07:01:30 EST' }, 90_000],
    ['a date without seconds', { 'retry-after': '2026-11-27T12:01Z' }, 60_000],
    ['an epoch in milliseconds as a wait', { 'retry-after': String(now + 1234) }, 1234],
    ['an epoch in microseconds', { 'retry-after': `${now + 1250}000` }, 1250],
    ['an epoch in nanoseconds', { 'retry-after': `${now + 1000}000000` }, 1000],
    ['milliseconds sent twice', { 'retry-after-ms': '1500, 1700' }, 1700],
    ['seconds if the milliseconds are none', { 'retry-after-ms': '5s', 'retry-after': '7' }, 7000],
    ['another name of the header', { 'x-ratelimit-retry-after': '3' }, 3000],
    ['one more name of the header', { 'retry-after-seconds': '3' }, 3000],
    ['nothing that is known', { 'retry-after': 'in 5 minutes' }, undefined],
    ['a negative number', { 'retry-after': '-5' }, undefined],
    ['an epoch in seconds with a spent quota', { ...spent, 'x-ratelimit-reset': epoch(40) }, 40_000],
    ['an epoch in milliseconds', { ...spent, 'x-ratelimit-reset': String(now + 1234) }, 1234],
    ['a number of seconds', { ...spent, 'x-ratelimit-reset': '12' }, 12_000],
    ['a date', { ...spent, 'x-ratelimit-reset': '2026-11-27T12:00:09Z' }, 9000],
    ["Twitter's spelling", { 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': epoch(5) }, 5000],
    ["Discord's decimals", { ...spent, 'x-ratelimit-reset-after': '1.25' }, 1250],
    ['a reset without what remains', { 'x-ratelimit-reset': '3' }, 3000],
    ['a reset while some remains', { 'x-ratelimit-remaining': '14', 'x-ratelimit-reset': '3' }, undefined],
    ['a reset in milliseconds', { ...spent, 'x-ratelimit-reset-ms': '1500' }, 1500],
    ['a reset of an overdrawn quota', { 'x-ratelimit-remaining': '-1', 'x-ratelimit-reset': '3' }, 3000],
    ['a reset of half a token', { 'x-ratelimit-remaining': '0.5', 'x-ratelimit-reset': '3' }, 3000],
    ['a reset with an unreadable rest', { 'x-ratelimit-remaining': '', 'x-ratelimit-reset': '3' }, 3000],
    ['a reset that has passed', { ...spent, 'x-ratelimit-reset': epoch(-60) }, 0],
    [
      "OpenAI's durations, of the quota that is spent",
      {
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '1m30s',
        'x-ratelimit-remaining-tokens': '149984',
        'x-ratelimit-reset-tokens': '6m0s',
      },
      90_000,
    ],
    [
      "OpenAI's milliseconds",
      { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '6ms' },
      6,
    ],
    [
      'the longest of two spent quotas',
      {
        'x-ratelimit-requests-remaining': '0',
        'x-ratelimit-requests-reset': '2',
        'x-ratelimit-tokens-remaining': '0',
        'x-ratelimit-tokens-reset': '4.172s',
      },
      4172,
    ],
    ['the early IETF fields', { 'ratelimit-remaining': '0', 'ratelimit-reset': '8' }, 8000],
    ['the IETF field, draft 7', { ratelimit: 'limit=100, remaining=0, reset=7' }, 7000],
    ['the IETF field, draft 8', { ratelimit: '"default";r=0;t=30' }, 30_000],
    ['the IETF field in another order', { ratelimit: 'default;t=9;w=60;r=0' }, 9000],
    ['the IETF field with two quotas', { ratelimit: '"burst";r=0;t=2, "daily";r=99;t=3600' }, 2000],
    ['the IETF field with quota left', { ratelimit: '"default";r=5;t=30' }, undefined],
    ['Retry-After before all others', { ...spent, 'x-ratelimit-reset': '99', 'retry-after': '4' }, 4000],
  ])('the wait that a throttled answer asks for is read from %s', async (_what, headers, ms) => {
    const response = await answered(429, headers);
    expect(classify(response)).toEqual(
      ms === undefined ? { kind: 'throttle' } : { kind: 'throttle', retryAfterMs: ms },
    );
  });
});

it.each([
  'Fri, 27 Nov 2026 12:01:30',
  'Fri Nov 27 12:01:30 2026',
  '2026-11-27T12:01:30',
  '2026-11-27 12:01:30',
])('a date without a zone is read as UTC wherever the program runs: %s', (value) => {
  const { TZ } = process.env;
  try {
    process.env['TZ'] = 'America/Los_Angeles';
    const error = { status: 429, headers: { date, 'retry-after': value } };
    expect(classify(error)).toEqual({ kind: 'throttle', retryAfterMs: 90_000 });
  } finally {
    if (TZ === undefined) delete process.env['TZ'];
    else process.env['TZ'] = TZ;
  }
});

describe('the wait is found in', () => {
  class AxiosHeaders {
    'Retry-After' = '3';
    [Symbol.iterator]() {
      return Object.entries(this)[Symbol.iterator]();
    }
  }
  const plain = { 'retry-after': '3' };
  const error = (members: object) => Object.assign(new Error('no'), members);

  it.each<[client: string, error: unknown]>([
    ['an error with a response', error({ response: new Response('', { status: 429, headers: plain }) })],
    [
      'a cause that is a response',
      new Error('no', { cause: new Response('', { status: 429, headers: plain }) }),
    ],
    [
      'the response in the cause of an error with a status',
      Object.assign(new Error('no', { cause: new Response('', { status: 429, headers: plain }) }), {
        status: 429,
      }),
    ],
    ['axios', error({ response: { status: 429, headers: new AxiosHeaders() } })],
    ['axios, older', error({ response: { status: 429, headers: { 'Retry-After': '3' } } })],
    ['gaxios', error({ status: 429, response: { status: 429, headers: new Headers(plain) } })],
    ['got', error({ response: { statusCode: 429, headers: plain } })],
    ['octokit', error({ status: 403, response: { status: 403, headers: plain } })],
    ['Stripe', error({ statusCode: 429, headers: plain })],
    ['OpenAI', error({ status: 429, headers: new Headers(plain) })],
    ['Slack', error({ code: 'slack_webapi_rate_limited_error', retryAfter: 3 })],
    ['the AWS SDK', error({ name: 'ThrottlingException', $response: { headers: plain } })],
    ['a Map', error({ status: 429, headers: new Map([['Retry-After', '3']]) })],
    ['gRPC', error({ code: 8, details: '', metadata: { getMap: () => plain } })],
    ['Discord', error({ response: { status: 429, data: { message: 'no', retry_after: 3 } } })],
    [
      'Telegram',
      error({ response: { statusCode: 429, body: '{"ok":false,"parameters":{"retry_after":3}}' } }),
    ],
    [
      'Google',
      error({
        status: 429,
        response: { data: { error: { code: 429, details: [{}, { retryDelay: '3s' }] } } },
      }),
    ],
    ['lists of values', error({ status: 429, headers: { 'retry-after': ['3'] } })],
  ])('the wait is found in the errors of %s', (_client, thrown) => {
    expect(classify(thrown)).toEqual({ kind: 'throttle', retryAfterMs: 3000 });
  });
});

describe('a spent quota', () => {
  it('a spent quota makes a 403 a throttle', async () => {
    const response = await answered(403, { ...spent, 'x-ratelimit-reset': epoch(60) });
    expect(classify(response)).toEqual({ kind: 'throttle', retryAfterMs: 60_000 });
  });

  it('a spent quota makes a GraphQL error without a status a throttle', () => {
    const error = Object.assign(new Error('no'), { headers: { ...spent, 'x-ratelimit-reset': '60' } });
    expect(classify(error)).toEqual({ kind: 'throttle', retryAfterMs: 60_000 });
  });

  it('a spent quota does not delay the retry of a server error', async () => {
    const response = await answered(500, { ...spent, 'x-ratelimit-reset': epoch(60) });
    expect(classify(response)).toEqual({ kind: 'transient' });
  });

  it('an empty quota header does not mean a spent quota', async () => {
    const response = await answered(403, { 'x-ratelimit-remaining': '', 'x-ratelimit-reset': '60' });
    expect(classify(response)).toEqual({ kind: 'final' });
  });

  it.each([401, 404, 422])('a spent quota does not make a %i a throttle', async (status) => {
    expect(classify(await answered(status, { ...spent, 'retry-after': '5' }))).toEqual({ kind: 'final' });
  });
});
