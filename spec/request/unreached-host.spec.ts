import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { ConnectClient } from '@aws-sdk/client-connect';
import { describe, expect, it } from 'vitest';
import { describeError } from '../../lib/cli/describe-error.js';
import { listUsers } from '../../lib/connect/list-users.js';
import { PageturnError } from '../../lib/core/errors.js';
import { fromPages } from '../../lib/from-pages.js';
import { classify } from '../../lib/request/classify.js';

/** A port of this machine on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const named = (name: string, message: string, fields: object = {}) =>
  Object.assign(new Error(message), { name, ...fields });
const refused = (address: string) =>
  named('Error', `connect ECONNREFUSED ${address}:1`, { code: 'ECONNREFUSED', address, port: 1 });
/** What `fetch` throws for a host at whose addresses nothing answers, and what Promise.any throws. */
const bothRefused = new AggregateError([refused('::1'), refused('127.0.0.1')]);

const ERRORS: readonly (readonly [string, unknown, string])[] = [
  ['an error of a socket', refused('127.0.0.1'), 'ECONNREFUSED'],
  ['an error of DNS', named('Error', 'getaddrinfo ENOTFOUND x', { code: 'ENOTFOUND' }), 'ENOTFOUND'],
  [
    'a fetch with a cause',
    new TypeError('fetch failed', { cause: refused('::1') }),
    'TypeError (ECONNREFUSED)',
  ],
  [
    'a fetch to two addresses',
    new TypeError('fetch failed', { cause: bothRefused }),
    'TypeError (ECONNREFUSED)',
  ],
  ['an aggregate of errors', bothRefused, 'AggregateError (ECONNREFUSED)'],
  [
    'a fetch with a bad certificate',
    new TypeError('fetch failed', { cause: named('Error', 'expired', { code: 'CERT_HAS_EXPIRED' }) }),
    'TypeError (CERT_HAS_EXPIRED)',
  ],
  [
    'a status with a code',
    named('HttpError', 'no', { code: 'ERR_BAD_RESPONSE', status: 502 }),
    'HttpError (ERR_BAD_RESPONSE, HTTP 502)',
  ],
  ['an error whose code is a name of the service', named('Odd', 'no', { code: 'user-7@example.com' }), 'Odd'],
  ['an error whose code is long', named('Odd', 'no', { code: 'A'.repeat(61) }), 'Odd'],
  ['an error whose causes are a ring', ring(), 'Odd'],
  ['an error with no usable code', named('Odd', 'no', { code: 7 }), 'Odd'],
];

function ring(): Error {
  const error = named('Odd', 'no');
  return Object.assign(error, { cause: Object.assign(new Error('inner'), { cause: error }) });
}

describe('the message of a failed request', () => {
  it.each(ERRORS)('the message of a failed request names what happened to %s', async (_what, error, name) => {
    const list = fromPages(() => Promise.reject(error), { retry: { maxAttempts: 1 } });
    const failure = await list.toArray().catch((thrown: PageturnError) => thrown);
    expect(failure).toMatchObject({
      message: expect.stringMatching(new RegExp(`: ${name.replace(/[()]/g, '\\$&')}$`)),
    });
    const page = fromPages(async () => ({ items: [1], next: undefined }));
    await expect(page.mapAsync(() => Promise.reject(error)).toArray()).rejects.toMatchObject({
      message: expect.stringMatching(new RegExp(`mapAsync failed: ${name.replace(/[()]/g, '\\$&')}$`)),
    });
  });

  it('the message of a fetch to a port where nothing listens names ECONNREFUSED', async () => {
    const url = `http://localhost:${await closedPort()}/`;
    const list = fromPages(
      async () => {
        await fetch(url);
        return { items: [], next: undefined };
      },
      { retry: { maxAttempts: 1 } },
    );
    await expect(list.toArray()).rejects.toMatchObject({
      code: 'ERR_RETRY_EXHAUSTED',
      message: expect.stringContaining('TypeError (ECONNREFUSED)'),
    });
  });

  it('the message of an SDK request to a port where nothing listens names ECONNREFUSED', async () => {
    const client = new ConnectClient({
      region: 'eu-central-1',
      endpoint: `http://localhost:${await closedPort()}`,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    const users = listUsers(client, { InstanceId: 'i' }, { retry: { maxAttempts: 1 } });
    await expect(users.toArray()).rejects.toMatchObject({ message: expect.stringContaining('ECONNREFUSED') });
    client.destroy();
  });

  it('an aggregate of refused connections is transient, as one of them is', () => {
    expect(classify(bothRefused)).toEqual({ kind: 'transient' });
    expect(classify(new AggregateError([]))).toEqual({ kind: 'final' });
  });

  it('the command line names the host and the code that caused the error of a fetch', () => {
    const cause = new TypeError('fetch failed', { cause: bothRefused });
    const error = new PageturnError('ERR_RETRY_EXHAUSTED', 'given up', { cause, attempts: 3 });
    expect(describeError(error).message).toBe(
      'gave up after 3 attempts: no response from [::1]:1: ECONNREFUSED; check --region, --endpoint-url and the network',
    );
  });
});
