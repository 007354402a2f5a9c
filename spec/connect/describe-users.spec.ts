import {
  ListQueuesCommand,
  ListUsersCommand,
  SearchUsersCommand,
  type UserSummary,
} from '@aws-sdk/client-connect';
import { describe, expect, it } from 'vitest';
import { paginate } from '../../lib/aws/paginate.js';
import {
  describeUsers,
  inRoutingProfile,
  list,
  listUsers,
  userDetails,
  usernameMatches,
} from '../../lib/connect/index.js';
import type { FailedItem } from '../../lib/core/failed-item.js';
import { fromPages } from '../../lib/from-pages.js';
import { createPacers } from '../../lib/pace/pacers.js';
import { leapingClock } from '../support/leaping-clock.js';
import { sandboxFor } from '../support/sandbox-for.js';
import { clientFor, requestsOf, usersAt } from './sandbox-users.js';

const FIELDS = ['Id', 'Username', 'Email', 'RoutingProfileName'] as const;

describe('describeUsers', () => {
  it('the users that operators let through are described one by one, in their order', async () => {
    const sandbox = await sandboxFor({ users: 200 });
    const users = listUsers(clientFor(sandbox), { InstanceId: sandbox.instanceId }, { pace: false });
    const some = users.filter(({ Username }) => Username?.endsWith('@acme.de') === true).take(9);
    const rows = await describeUsers(some, { fields: FIELDS }).toArray();
    expect(rows.map(({ Username }) => Username)).toEqual(
      [...sandbox.directory.users()]
        .map(({ Username }) => Username)
        .filter((name) => name.endsWith('@acme.de'))
        .slice(0, 9),
    );
    expect(rows.every(({ Email, Username }) => Email === Username)).toBe(true);
    expect(requestsOf(sandbox)).toEqual({ ListUsers: 1, DescribeUser: 9, ListRoutingProfiles: 1 });
  });

  it('without fields, everything about a user is there', async () => {
    const sandbox = await sandboxFor({ users: 1 });
    const users = listUsers(clientFor(sandbox), { InstanceId: sandbox.instanceId }, { pace: false });
    const [row] = await describeUsers(users).toArray();
    const [described] = await usersAt(sandbox);
    expect(row).toMatchObject({
      Id: described?.Id,
      Tags: described?.Tags,
      AfterContactWorkTimeLimit: described?.PhoneConfig?.AfterContactWorkTimeLimit,
      LastModifiedTime: described?.LastModifiedTime,
      SecurityProfileNames: [expect.any(String)],
    });
  });

  it('a user who is gone is a row that says so, with what the listing knew', async () => {
    const sandbox = await sandboxFor({ users: 3 });
    const users = listUsers(clientFor(sandbox), { InstanceId: sandbox.instanceId }, { pace: false });
    const [first] = sandbox.directory.users();
    const rows = await describeUsers(
      users.tap(({ Id = '' }) => Id === first?.Id && sandbox.directory.remove(Id)),
      { fields: FIELDS },
    ).toArray();
    expect(rows[0]).toEqual({
      Id: first?.Id,
      Username: first?.Username,
      Email: undefined,
      RoutingProfileName: undefined,
      Vanished: true,
    });
    expect(rows.map(({ Vanished }) => Vanished)).toEqual([true, undefined, undefined]);
  });

  it('the rows of userDetails can be filtered first and described then', async () => {
    const sandbox = await sandboxFor({ users: 600 });
    const client = clientFor(sandbox);
    const fields = ['Id', 'SecurityProfileNames'] as const;
    const admins = userDetails(client, { InstanceId: sandbox.instanceId }, { fields, pace: false })
      .filter(({ SecurityProfileNames }) => SecurityProfileNames?.includes('Admin') ?? false)
      .take(4);
    const rows = await describeUsers(admins, { fields: ['Mobile', 'SecurityProfileNames'] }).toArray();
    expect(rows).toHaveLength(4);
    expect(rows.every(({ SecurityProfileNames }) => SecurityProfileNames?.includes('Admin'))).toBe(true);
    expect(requestsOf(sandbox)).toMatchObject({ DescribeUser: 4 });
  });

  it('the ready filters take the rows of userDetails, and describeUsers what is left', async () => {
    const sandbox = await sandboxFor({ users: 50 });
    const [{ RoutingProfileId: profile = '' } = {}] = await usersAt(sandbox);
    const fields = ['Id', 'Username', 'RoutingProfileId'] as const;
    const some = userDetails(clientFor(sandbox), { InstanceId: sandbox.instanceId }, { fields, pace: false })
      .filter(inRoutingProfile(profile))
      .filter(usernameMatches('*@acme.*'));
    const rows = await describeUsers(some, { fields: ['Email', 'RoutingProfileId'] }).toArray();
    expect(new Set(rows.map(({ RoutingProfileId }) => RoutingProfileId))).toEqual(new Set([profile]));
    expect(sandbox.stats().operations.DescribeUser.requests).toBe(rows.length);
  });

  it('users from paginate and from list are described, too', async () => {
    const sandbox = await sandboxFor({ users: 2 });
    const client = clientFor(sandbox);
    const { instanceId: InstanceId } = sandbox;
    const listings = [
      paginate(client, ListUsersCommand, { InstanceId }),
      list(client, SearchUsersCommand, { InstanceId }),
    ];
    for (const listing of listings)
      expect(await describeUsers(listing, { fields: ['Email'] }).toArray()).toHaveLength(2);
  });

  it('ids from any source are described with a client and an instance', async () => {
    const sandbox = await sandboxFor({ users: 2 });
    const ids = [...sandbox.directory.users()].map(({ Id }) => ({ Id })).reverse();
    const rows = fromPages(async () => ({ items: ids, next: undefined }));
    const described = describeUsers(rows, {
      client: clientFor(sandbox),
      InstanceId: sandbox.instanceId,
      fields: ['Id'],
    });
    expect(await described.toArray()).toEqual(ids);
  });

  it('a traversal that stops resumes at the row it stopped at, and describes no earlier user again', async () => {
    const sandbox = await sandboxFor({ users: 30 });
    const users = listUsers(clientFor(sandbox), { InstanceId: sandbox.instanceId }, { pace: false });
    const described = describeUsers(users, { fields: ['Id'] });
    const walk = described.open();
    const seen: unknown[] = [];
    for await (const { Id } of walk) {
      if (seen.length === 20) break;
      seen.push(Id);
    }
    for await (const { Id } of described.open({ from: walk.cursor })) seen.push(Id);
    expect(seen).toEqual([...sandbox.directory.users()].map(({ Id }) => Id));
    // Those in progress when the loop was left are sent again.
    expect(sandbox.stats().operations.DescribeUser.requests).toBeLessThanOrEqual(30 + 8);
  });

  it('throttles of DescribeUser slow the run down and lose no user', async () => {
    const clock = leapingClock();
    const sandbox = await sandboxFor({
      users: 60,
      quotas: { DescribeUser: { ratePerSecond: 1, burst: 1 } },
      clock,
    });
    const users = listUsers(clientFor(sandbox), { InstanceId: sandbox.instanceId }, { clock });
    const rows = await describeUsers(users, { fields: ['Id'] }).toArray();
    expect(rows).toHaveLength(60);
    expect(rows.some(({ Vanished }) => Vanished)).toBe(false);
    expect(sandbox.stats().operations.DescribeUser.throttles).toBeGreaterThan(0);
  });

  it('requests take the pacers and the clock of the listing', async () => {
    const clock = leapingClock();
    const sandbox = await sandboxFor({ users: 30, clock });
    const pacers = createPacers({ ratePerSecond: 2, burst: 5, clock });
    const client = clientFor(sandbox);
    const users = listUsers(client, { InstanceId: sandbox.instanceId }, { pacers, clock });
    await describeUsers(users, { fields: ['Id'], pace: { learn: false } }).toArray();
    expect(clock.now()).toBeGreaterThanOrEqual(((30 - 5) / 2) * 1000);
  });

  it('missing permissions are an error that names the operation', async () => {
    const sandbox = await sandboxFor({ users: 2 });
    sandbox.inject({ kind: 'access-denied' }, { operation: 'DescribeUser' });
    const users = listUsers(clientFor(sandbox), { InstanceId: sandbox.instanceId }, { pace: false });
    await expect(describeUsers(users, { fields: ['Id'] }).toArray()).rejects.toMatchObject({
      code: 'ERR_REQUEST_FAILED',
      message: expect.stringContaining('DescribeUser'),
    });
  });

  it('with tolerate, a user whose DescribeUser fails is handed over as it was listed, and the others are described', async () => {
    const sandbox = await sandboxFor({ users: 4 });
    sandbox.inject(
      { kind: 'error', status: 400, name: 'InvalidRequestException' },
      { operation: 'DescribeUser', afterRequests: 2 },
    );
    const users = listUsers(clientFor(sandbox), { InstanceId: sandbox.instanceId }, { pace: false });
    const failed: FailedItem<UserSummary>[] = [];
    const tolerate = { count: 1, onFailed: (one: FailedItem<UserSummary>) => void failed.push(one) };
    const rows = await describeUsers(users, { fields: ['Id'], tolerate }).toArray();
    expect(rows).toHaveLength(3);
    expect(failed).toMatchObject([
      { item: { Username: expect.any(String) }, error: { name: 'InvalidRequestException' } },
    ]);
    const ids = [...rows.map(({ Id }) => Id), failed[0]?.item.Id];
    expect(ids.toSorted()).toEqual([...sandbox.directory.users()].map(({ Id }) => Id).toSorted());
  });

  it('a cursor after a failed user resumes describeUsers, and its chain says mapAsync', async () => {
    const sandbox = await sandboxFor({ users: 4 });
    sandbox.inject(
      { kind: 'error', status: 400, name: 'InvalidRequestException' },
      { operation: 'DescribeUser' },
    );
    const users = listUsers(clientFor(sandbox), { InstanceId: sandbox.instanceId }, { pace: false });
    const described = describeUsers(users, { fields: ['Id'], tolerate: { count: 1, onFailed: () => {} } });
    const walk = described.open();
    await walk.next();
    expect(walk.cursorAfter).toMatchObject({
      chain: ['mapAsync:describeUsers'],
      counts: { '0.mapAsync:describeUsers.failed': 1 },
    });
    const rest: unknown[] = [];
    for await (const { Id } of described.open({ from: walk.cursorAfter })) rest.push(Id);
    expect(rest).toHaveLength(2);
  });

  it.each([
    ['the names of profiles cannot be listed', 'InternalServiceException', 500, 'ListRoutingProfiles'],
    ['the instance is gone', 'ResourceNotFoundException', 404, undefined],
    ['DescribeUser is refused', 'AccessDeniedException', 403, 'DescribeUser'],
  ] as const)('tolerate does not take for a failed user that %s', async (_what, name, status, operation) => {
    const sandbox = await sandboxFor({ users: 4 });
    const users = listUsers(clientFor(sandbox), { InstanceId: sandbox.instanceId }, { pace: false });
    const fault = { kind: 'error', status, name } as const;
    const failed: unknown[] = [];
    const tolerate = { count: 4, onFailed: (one: unknown) => void failed.push(one) };
    const rows = describeUsers(
      users.tap(() => sandbox.inject(fault, { times: 99, ...(operation && { operation }) })),
      { fields: ['Id', 'RoutingProfileName'], tolerate, retry: { maxAttempts: 1 } },
    );
    await expect(rows.toArray()).rejects.toMatchObject({ cause: { name } });
    expect(failed).toEqual([]);
  });

  it('a user who vanished is recognised even if the credentials may not list users', async () => {
    const sandbox = await sandboxFor({ users: 2 });
    const [gone, there] = [...sandbox.directory.users()].map(({ Id }) => ({ Id }));
    sandbox.directory.remove(gone?.Id ?? '');
    sandbox.inject({ kind: 'access-denied' }, { operation: 'ListUsers' });
    const rows = fromPages(async () => ({ items: [gone ?? {}, there ?? {}], next: undefined }));
    const target = { client: clientFor(sandbox), InstanceId: sandbox.instanceId, pace: false } as const;
    expect(await describeUsers(rows, { ...target, fields: ['Id'] }).toArray()).toEqual([
      { ...gone, Vanished: true },
      there,
    ]);
  });

  it('an item without an Id is an error that says so', async () => {
    const sandbox = await sandboxFor({ users: 2 });
    const users = listUsers(clientFor(sandbox), { InstanceId: sandbox.instanceId }, { pace: false });
    await expect(describeUsers(users.map(() => ({}))).toArray()).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      message: expect.stringContaining('a user with an Id'),
    });
  });

  it('describeUsers refuses what does not show whose users it has, and options that are not valid', async () => {
    const sandbox = await sandboxFor();
    const client = clientFor(sandbox);
    const { instanceId: InstanceId } = sandbox;
    const users = listUsers(client, { InstanceId });
    const refused: readonly (readonly [readonly unknown[], string])[] = [
      [[list(client, ListQueuesCommand, { InstanceId })], 'pass client and InstanceId'],
      [[fromPages(async () => ({ items: [{ Id: 'x' }], next: undefined }))], 'pass client and InstanceId'],
      [[], 'listing must be a listing'],
      [[[{ Id: 'x' }], { client, InstanceId }], 'listing must be a listing'],
      [[users, { fields: ['Mail'] }], 'did you mean Email?'],
      [[users, { tolerate: {} }], 'tolerate must be an object with count or share'],
      [[users, { feilds: ['Email'] }], 'unknown option "feilds"'],
      [[users, { client: {}, InstanceId }], 'client must be'],
      [[users, { client, InstanceId: '' }], 'InstanceId must be'],
    ];
    for (const [args, message] of refused)
      expect(() => Reflect.apply(describeUsers, undefined, args)).toThrow(
        expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT', message: expect.stringContaining(message) }),
      );
    expect(sandbox.stats().requests).toBe(0);
  });
});
