import { ListUsersCommand, paginateListUsers } from '@aws-sdk/client-connect';
import { expect, it } from 'vitest';
import type { Fault } from '../../lib/sandbox/index.js';
import { failureOf, start, walkPages } from './client.js';

// The error the SDK reports for each; it calls every lost connection a TimeoutError.
it.each<[Fault, { name: string; status?: number; message?: unknown }]>([
  [{ kind: 'throttle' }, { name: 'ThrottlingException', status: 429, message: 'Rate exceeded' }],
  [{ kind: 'throttle-unnamed' }, { name: 'Unknown', status: 429 }],
  [{ kind: 'throttle-html' }, { name: 'SyntaxError', status: 429 }],
  [{ kind: 'server-error' }, { name: 'InternalServiceException', status: 500 }],
  [
    { kind: 'server-error', status: 503 },
    { name: 'ServiceUnavailableException', status: 503 },
  ],
  [
    { kind: 'error', status: 403, name: 'AccessDeniedException' },
    { name: 'AccessDeniedException', status: 403 },
  ],
  [{ kind: 'reset' }, { name: 'TimeoutError', message: expect.stringContaining('ECONNRESET') }],
  [
    { kind: 'reset', at: 'headers' },
    { name: 'TimeoutError', message: 'socket hang up' },
  ],
  [{ kind: 'truncated' }, { name: 'Error', message: expect.stringContaining('aborted') }],
  [{ kind: 'invalid-json' }, { name: 'SyntaxError', status: 200 }],
])('an injected fault hits only the next request: %o', async (fault, expected) => {
  const { sandbox, client, InstanceId } = await start();
  sandbox.inject(fault);
  expect(await failureOf(client.send(new ListUsersCommand({ InstanceId })))).toMatchObject(expected);
  expect((await client.send(new ListUsersCommand({ InstanceId }))).UserSummaryList).toHaveLength(100);
  const { served, requests, throttles, failures, log } = sandbox.stats();
  expect([requests, served, throttles + failures]).toEqual([2, 1, 1]);
  expect(log.map((request) => request.fault)).toEqual([fault.kind, undefined]);
});

it('a throttle fault can send Retry-After in seconds, as a date or in milliseconds', async () => {
  const { sandbox, InstanceId } = await start();
  const headers = [];
  for (const fault of [
    { kind: 'throttle', retryAfter: 30 },
    { kind: 'throttle', retryAfter: new Date(Date.UTC(2030, 0, 1)) },
    { kind: 'throttle', retryAfterMs: 1500 },
  ] as const) {
    sandbox.inject(fault);
    const response = await fetch(`${sandbox.endpoint}/users-summary/${InstanceId}`);
    headers.push(response.headers.get('retry-after') ?? response.headers.get('x-amz-retry-after'));
  }
  expect(headers).toEqual(['30', 'Tue, 01 Jan 2030 00:00:00 GMT', '1500']);
});

it('a hanging request ends when the client gives up or the sandbox is closed', async () => {
  const { sandbox, client, InstanceId } = await start();
  sandbox.inject({ kind: 'hang' }, { times: 2 });
  const giveUp = new AbortController();
  const first = failureOf(client.send(new ListUsersCommand({ InstanceId }), { abortSignal: giveUp.signal }));
  const second = failureOf(client.send(new ListUsersCommand({ InstanceId })));
  await expect.poll(() => sandbox.stats().requests).toBe(2);
  giveUp.abort();
  expect(await first).toMatchObject({ name: 'AbortError' });
  await sandbox.close();
  expect(await second).toMatchObject({ message: 'socket hang up' });
});

it('a repeated token sends a listing around in a cycle', async () => {
  for (const [distance, expected] of [
    [1, [0, 1, 1, 1, 1]],
    [2, [0, 1, 2, 1, 2]],
  ] as const) {
    const bed = await start({ faults: [{ kind: 'repeated-token', distance, times: 10 }] });
    const firsts = Array.from(bed.sandbox.directory.users(), ({ Id }) => Id).filter(
      (_, place) => place % 10 === 0,
    );
    const pages = [];
    for await (const page of paginateListUsers(
      { client: bed.client, pageSize: 10 },
      { InstanceId: bed.InstanceId },
    )) {
      if (pages.push(firsts.indexOf(page.UserSummaryList?.[0]?.Id ?? '')) === 5) break;
    }
    expect(pages).toEqual(expected);
  }
});

it('a listing leaves the cycle once the repeated-token fault is used up', async () => {
  const bed = await start({ users: 50, faults: [{ kind: 'repeated-token', times: 1 }] });
  const users = (await walkPages(bed, 10)).flat();
  expect(users).toHaveLength(60);
  expect(new Set(users.map(({ Id }) => Id)).size).toBe(50);
});

it('a page without items or without a list does not lose any users', async () => {
  for (const kind of ['empty-page', 'missing-list'] as const) {
    const bed = await start({
      users: 30,
      faults: [
        { kind, operation: 'ListUsers', times: 2 },
        { kind, afterRequests: 3 },
      ],
    });
    const pages = await walkPages(bed, 10);
    expect(pages.map((page) => page.length)).toEqual([0, 0, 10, 0, 10, 10]);
    expect(pages.flat()).toEqual([...bed.sandbox.directory.users()]);
  }
  const { sandbox, InstanceId } = await start({ faults: [{ kind: 'missing-list' }] });
  const response = await fetch(`${sandbox.endpoint}/users-summary/${InstanceId}`);
  expect(Object.keys(JSON.parse(await response.text()))).toEqual(['NextToken']);
});

it('an empty answer is a 200 with an empty object or any other body', async () => {
  const { sandbox, InstanceId } = await start();
  const bodies = [];
  for (const body of [undefined, '', '{"message":"Rate exceeded"}']) {
    sandbox.inject({ kind: 'empty-answer', ...(body !== undefined && { body }) });
    const response = await fetch(`${sandbox.endpoint}/users-summary/${InstanceId}`);
    bodies.push([response.status, await response.text()]);
  }
  expect(bodies).toEqual([
    [200, '{}'],
    [200, ''],
    [200, '{"message":"Rate exceeded"}'],
  ]);
});

it('an expired-token fault waits for a request with a token and rejects it', async () => {
  const { sandbox, client, InstanceId } = await start();
  sandbox.inject({ kind: 'expired-token' }, { operation: 'ListUsers' });
  const { NextToken } = await client.send(new ListUsersCommand({ InstanceId }));
  expect(await failureOf(client.send(new ListUsersCommand({ InstanceId, NextToken })))).toEqual({
    name: 'InvalidToken',
    status: 400,
    message: 'The token has expired',
  });
  await client.send(new ListUsersCommand({ InstanceId, NextToken }));
});

it('fault rules respect their operation, afterRequests and times, and injected rules come first', async () => {
  const bed = await start({
    users: 10,
    faults: [
      { kind: 'server-error', operation: 'SearchUsers', times: 5 },
      { kind: 'throttle', operation: 'ListUsers', afterRequests: 2, times: 2 },
    ],
  });
  const { sandbox, client, InstanceId } = bed;
  sandbox.inject({ kind: 'server-error', status: 502 }, { afterRequests: 1 });
  const statuses = [];
  for (let n = 0; n < 6; n++) {
    const call = client.send(new ListUsersCommand({ InstanceId }));
    statuses.push(
      await call.then(
        () => 200,
        (error) => error.$metadata.httpStatusCode,
      ),
    );
  }
  expect(statuses).toEqual([200, 502, 429, 429, 200, 200]);
});

it('the same seed gives the same random faults', async () => {
  const run = async (seed: number) => {
    const { sandbox } = await start({ seed, faults: [{ kind: 'server-error', probability: 0.5 }] });
    for (let n = 0; n < 40; n++) await (await fetch(`${sandbox.endpoint}/instance`)).text();
    return sandbox.stats().log.map(({ status }) => status);
  };
  const [first, again, other] = await Promise.all([run(3), run(3), run(4)]);
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
  expect(new Set(first)).toEqual(new Set([200, 500]));
});
