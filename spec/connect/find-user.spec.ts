import { ConnectClient } from '@aws-sdk/client-connect';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findUser, listUsers, usernameIndex } from '../../lib/connect/index.js';
import { type Sandbox, startSandbox } from '../../lib/sandbox/index.js';
import { leapingClock } from '../support/leaping-clock.js';

let sandbox: Sandbox;
let client: ConnectClient;
beforeEach(async () => {
  sandbox = await startSandbox({ users: 300, ratePerSecond: 1000, burst: 1000 });
  client = new ConnectClient(sandbox.clientConfig);
});
afterEach(async () => {
  client.destroy();
  await sandbox.close();
});

const find = (name: string, options?: object) => findUser(client, sandbox.instanceId, name, options);
const nth = (n: number) => [...sandbox.directory.users()][n] ?? { Id: '', Username: '' };

describe('findUser', () => {
  it('findUser finds a user by the name in one request, with the fields of SearchUsers', async () => {
    const { Id, Username } = nth(299);
    const user = await find(Username);
    expect(user).toMatchObject({ Id, Username, RoutingProfileId: expect.any(String) });
    expect(user?.SecurityProfileIds?.length).toBeGreaterThan(0);
    expect(sandbox.stats()).toMatchObject({ requests: 1 });
  });

  it('findUser ignores case', async () => {
    const { Id, Username } = nth(7);
    expect(await find(Username.toUpperCase())).toMatchObject({ Id });
  });

  it('findUser resolves to undefined if there is no such user, after one request', async () => {
    expect(await find('no.such.user')).toBeUndefined();
    expect(await find(nth(7).Username.slice(0, -1))).toBeUndefined();
    expect(sandbox.stats().requests).toBe(2);
  });

  it.each([
    ['the same name', (name: string) => name],
    ['names that differ in case', (name: string) => name.toUpperCase()],
  ])('findUser fails with both ids if two users have %s', async (_what, change) => {
    const { Id, Username } = nth(7);
    const twin = sandbox.directory.insert({ Username: change(Username) });
    const error = await find(Username).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'ERR_AMBIGUOUS_USER',
      message: expect.stringMatching(new RegExp(`^2 users .*${Id}, ${twin.Id}`)),
    });
    expect(String(error).toLowerCase()).not.toContain(Username.toLowerCase());
  });

  it('findUser retries throttles and faults, and waits for the pacer', async () => {
    sandbox.inject({ kind: 'throttle' }, { operation: 'SearchUsers' });
    sandbox.inject({ kind: 'server-error' }, { operation: 'SearchUsers', afterRequests: 1 });
    const { Id, Username } = nth(3);
    expect(await find(Username, { clock: leapingClock() })).toMatchObject({ Id });
    expect(sandbox.stats()).toMatchObject({ requests: 3, throttles: 1 });
  });

  it('findUser rejects with the reason of an aborted signal and sends nothing', async () => {
    const signal = AbortSignal.abort(new Error('changed my mind'));
    await expect(find('a', { signal })).rejects.toThrow('changed my mind');
    expect(sandbox.stats().requests).toBe(0);
  });

  it('findUser fails with the error of the service for an instance that does not exist', async () => {
    await expect(findUser(client, 'no-such-instance', 'a')).rejects.toMatchObject({
      code: 'ERR_REQUEST_FAILED',
      cause: { name: 'ResourceNotFoundException' },
    });
  });

  it.each<[string, string, unknown[]]>([
    ['a missing client', 'client', [undefined, 'i', 'a']],
    ['a missing instance id', 'InstanceId', [undefined, 'a']],
    ['a missing user name', 'username', ['i']],
    ['a blank user name', 'username', ['i', '  ']],
    ['an unknown option', 'pageSize', ['i', 'a', { pageSize: 1 }]],
  ])('findUser refuses %s before anything is sent', async (_what, named, args) => {
    const all = named === 'client' ? args : [client, ...args];
    await expect(Reflect.apply(findUser, undefined, all)).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      message: expect.stringContaining(named),
    });
    expect(sandbox.stats().requests).toBe(0);
  });
});

it('findUser discards rows that do not have the name, and looks at every page', async () => {
  const stubbed = new ConnectClient({ region: 'eu-central-1' });
  const mock = mockClient(stubbed);
  mock
    .onAnyCommand()
    .resolvesOnce({ Users: [{ Id: '1', Username: 'li.wei2' }, { Id: '2' }], NextToken: 'A' })
    .resolvesOnce({ Users: [{ Id: '3', Username: 'Li.Wei' }], NextToken: 'B' })
    .resolvesOnce({
      Users: [
        { Id: '3', Username: 'Li.Wei' },
        { Id: '4', Username: 'li-wei' },
      ],
    });
  expect(await findUser(stubbed, 'i-1', 'li.wei', { pace: false })).toEqual({ Id: '3', Username: 'Li.Wei' });
  expect(mock.calls()).toHaveLength(3);
});

describe('usernameIndex', () => {
  it('an index finds every user of a listing by name, whatever the case', async () => {
    const index = await usernameIndex(listUsers(client, { InstanceId: sandbox.instanceId }));
    expect(index.size).toBe(300);
    for (const { Id, Username } of sandbox.directory.users()) {
      expect(index.get(Username)?.Id).toBe(Id);
      // Beyond ASCII, upper case loses letters: ı becomes I. User names of Amazon Connect are ASCII.
      if (/^[!-~]+$/.test(Username)) expect(index.get(Username.toUpperCase())?.Id).toBe(Id);
    }
    expect(index.get('no.such.user')).toBeUndefined();
    expect([index.has(nth(1).Username), index.has('no.such.user')]).toEqual([true, false]);
    expect([...index]).toHaveLength(300);
    expect(index.duplicates).toEqual([]);
    expect(sandbox.stats().requests).toBe(1);
  });

  it('an index reports users that share a name, and looking one of them up fails with both ids', async () => {
    const { Id, Username } = nth(7);
    const twin = sandbox.directory.insert({ Username: Username.toUpperCase() });
    const index = await usernameIndex(listUsers(client, { InstanceId: sandbox.instanceId }));
    expect(index.duplicates.map((users) => users.map((user) => user.Id))).toEqual([[Id, twin.Id]]);
    expect(index.size).toBe(300);
    expect([...index]).toHaveLength(301);
    expect(() => index.get(Username)).toThrow(
      expect.objectContaining({
        code: 'ERR_AMBIGUOUS_USER',
        message: expect.stringContaining(`${Id}, ${twin.Id}`),
      }),
    );
  });

  it('an index reports users without a name', async () => {
    const index = await usernameIndex([{ Id: '1' }, { Id: '2', Username: '' }, { Id: '3', Username: 'a' }]);
    expect(index.unnamed.map(({ Id }) => Id)).toEqual(['1', '2']);
    expect(index.size).toBe(1);
  });

  it('a user that is delivered twice is one user, and the later row counts', async () => {
    const index = await usernameIndex([
      { Id: '1', Username: 'a', n: 1 },
      { Id: '2', Username: 'A', n: 2 },
      { Id: '1', Username: 'a', n: 3 },
      { Id: '2', Username: 'A', n: 4 },
    ]);
    expect(index.duplicates.map((users) => users.map(({ n }) => n))).toEqual([[3, 4]]);
  });

  it('users without an id are never mistaken for each other', async () => {
    const index = await usernameIndex([{ Username: 'a' }, { Username: 'A' }]);
    expect(index.duplicates).toHaveLength(1);
  });
});
