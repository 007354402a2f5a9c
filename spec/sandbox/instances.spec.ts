import {
  DescribeUserCommand,
  ListInstancesCommand,
  ListQueuesCommand,
  ListUsersCommand,
  SearchUsersCommand,
} from '@aws-sdk/client-connect';
import { expect, it } from 'vitest';
import { list, listUsers } from '../../lib/connect/index.js';
import { startSandbox } from '../../lib/sandbox/index.js';
import { leapingClock } from '../support/leaping-clock.js';
import { failureOf, start } from './client.js';

it('each instance has its own users, with the names of the others and different ids', async () => {
  const { client, sandbox } = await start({ users: [30, 20] });
  const [first, second] = sandbox.instances;
  const [ours, copies] = await Promise.all(
    [first, second].map((one) => listUsers(client, { InstanceId: one?.id ?? '' }).toArray()),
  );
  expect(ours).toEqual([...sandbox.directory.users()]);
  expect(copies).toEqual([...(second?.directory.users() ?? [])]);
  expect(copies?.map(({ Username }) => Username)).toEqual(ours?.slice(0, 20).map(({ Username }) => Username));
  expect(copies?.filter(({ Id }) => ours?.some((one) => one.Id === Id))).toEqual([]);
  expect(copies?.[0]?.Arn).toContain(second?.arn);
  const UserId = copies?.[0]?.Id;
  const { User } = await client.send(new DescribeUserCommand({ InstanceId: second?.id, UserId }));
  expect(User?.Username).toBe(copies?.[0]?.Username);
  const elsewhere = new DescribeUserCommand({ InstanceId: first?.id, UserId });
  expect(await failureOf(client.send(elsewhere))).toMatchObject({ name: 'ResourceNotFoundException' });
});

it('the ids of a resource differ from instance to instance, and its names do not', async () => {
  const { client, sandbox } = await start();
  const [ours = [], theirs = []] = await Promise.all(
    sandbox.instances
      .slice(0, 2)
      .map(({ id }) => list(client, ListQueuesCommand, { InstanceId: id }).toArray()),
  );
  expect(theirs.map(({ Name }) => Name)).toEqual(ours.map(({ Name }) => Name));
  expect(new Set([...ours, ...theirs].map(({ Id }) => Id)).size).toBe(2 * ours.length);
});

it('all instances share the quota of an operation', async () => {
  const { client, sandbox } = await start({
    users: [1, 1],
    ratePerSecond: 2,
    burst: 5,
    clock: leapingClock(),
  });
  const [first, second] = sandbox.instances;
  const send = (InstanceId = '') => client.send(new ListUsersCommand({ InstanceId }));
  for (let n = 0; n < 5; n++) await send(n % 2 === 0 ? first?.id : second?.id);
  expect(await failureOf(send(second?.id))).toMatchObject({ name: 'ThrottlingException', status: 429 });
  await client.send(new SearchUsersCommand({ InstanceId: first?.id }));
});

it('an instance that is deleted in the middle of a listing is no longer listed and answers 404', async () => {
  const { client, sandbox } = await start({ users: [0, 2500] });
  const [, second] = sandbox.instances;
  const InstanceId = second?.id ?? '';
  const walk = listUsers(client, { InstanceId }).open();
  await walk.next();
  second?.delete();
  const rest = (async () => {
    for await (const _ of walk);
  })();
  await expect(rest).rejects.toMatchObject({
    code: 'ERR_REQUEST_FAILED',
    cause: { name: 'ResourceNotFoundException' },
  });
  expect(walk.end).toMatchObject({ reason: 'failed' });
  const { InstanceSummaryList = [] } = await client.send(new ListInstancesCommand({}));
  expect(InstanceSummaryList.map(({ Id }) => Id)).not.toContain(InstanceId);
});

it('an operation that is denied answers 403 every time, and the others work', async () => {
  const { client, sandbox, InstanceId } = await start();
  sandbox.inject({ kind: 'access-denied' }, { operation: 'ListQueues' });
  for (let n = 0; n < 2; n++) {
    expect(await failureOf(client.send(new ListQueuesCommand({ InstanceId })))).toMatchObject({
      name: 'AccessDeniedException',
      status: 403,
      message: expect.stringContaining('not authorized to perform: connect:ListQueues'),
    });
  }
  await client.send(new ListUsersCommand({ InstanceId }));
});

it('a token is rejected with InvalidToken once its lifetime is over, and accepted until then', async () => {
  const clock = leapingClock();
  const { client, InstanceId } = await start({ tokenLifetimeMs: 1000, clock });
  const { NextToken } = await client.send(new ListUsersCommand({ InstanceId, MaxResults: 1 }));
  await clock.sleep(999);
  const { UserSummaryList } = await client.send(new ListUsersCommand({ InstanceId, NextToken }));
  expect(UserSummaryList).toHaveLength(100);
  await clock.sleep(1);
  expect(await failureOf(client.send(new ListUsersCommand({ InstanceId, NextToken })))).toMatchObject({
    name: 'InvalidToken',
    status: 400,
  });
});

it('a resumed listing whose token has expired starts over if it may', async () => {
  const clock = leapingClock();
  const { client, InstanceId } = await start({ users: 30, tokenLifetimeMs: 1000, clock });
  const options = { pageSize: 10, pace: false } as const;
  const walk = listUsers(client, { InstanceId }, options).open();
  for (let n = 0; n < 15; n++) await walk.next();
  const from = walk.cursor;
  await walk.return();
  await clock.sleep(1000);
  const again = listUsers(client, { InstanceId }, options).open({ from });
  await expect(again.next()).rejects.toMatchObject({ code: 'ERR_TOKEN_REJECTED' });
  const restarted = listUsers(client, { InstanceId }, { ...options, onTokenRejected: 'restart' });
  const users = [];
  for await (const user of restarted.open({ from })) users.push(user);
  expect(users).toHaveLength(30);
});

it('each operation has its documented quota, or the one that the options say', async () => {
  const clock = leapingClock();
  await using documented = await startSandbox({ clock });
  await using own = await startSandbox({ clock, quotas: { ListUsers: { ratePerSecond: 10, burst: 20 } } });
  const accepted = async (sandbox: typeof own, path: string, body?: object) => {
    const url = sandbox.endpoint + path.replace('ID', sandbox.instanceId);
    const request = body ? { method: 'POST', body: JSON.stringify(body) } : {};
    for (let n = 0; ; n++) if ((await fetch(url, request)).status === 429) return n;
  };
  expect(await accepted(documented, '/users-summary/ID')).toBe(5);
  expect(await accepted(documented, '/search-contacts', {})).toBe(1);
  expect(await accepted(documented, '/instance/ID/integration-associations')).toBe(50);
  expect(await accepted(own, '/users-summary/ID')).toBe(20);
  expect(await accepted(own, '/queues-summary/ID')).toBe(5);
});

it.each<[string, object]>([
  ['users must be a whole number from 0 to 2147483648, or a list', { users: [1, -1] }],
  ['users must be', { users: Array(13).fill(1) }],
  ['a name in quotas must be an operation of the sandbox', { quotas: { ListUser: {} } }],
  ['quotas.ListUsers.burst must be a whole number of at least 1', { quotas: { ListUsers: { burst: 0 } } }],
  ['quotas.ListUsers must be an object', { quotas: { ListUsers: { rate: 1 } } }],
  ['tokenLifetimeMs must be a number of milliseconds above 0', { tokenLifetimeMs: 0 }],
])('startSandbox refuses a bad option: %s', async (message, options) => {
  await expect(startSandbox(options)).rejects.toThrow(message);
});
