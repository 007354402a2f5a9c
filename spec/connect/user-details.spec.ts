import { ConnectClient, DescribeUserCommand, SearchUsersCommand, type User } from '@aws-sdk/client-connect';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { plan, type UserDetails, userDetails } from '../../lib/connect/index.js';
import { USER_FIELD_NAMES } from '../../lib/connect/user-fields.js';
import type { Listing } from '../../lib/listing/listing.js';
import type { Sandbox } from '../../lib/sandbox/index.js';
import { leapingClock } from '../support/leaping-clock.js';
import { sandboxFor } from '../support/sandbox-for.js';
import { clientFor, requestsOf, usersAt } from './sandbox-users.js';

const NAMED = ['Id', 'RoutingProfileName', 'SecurityProfileNames'] as const;

async function details(sandbox: Sandbox, ...[options]: readonly [Parameters<typeof userDetails>[2]?]) {
  return userDetails(
    clientFor(sandbox),
    { InstanceId: sandbox.instanceId },
    { pace: false, ...options },
  ).toArray();
}

describe('userDetails', () => {
  it('5,000 users with the names of their profiles take 12 requests', async () => {
    const sandbox = await sandboxFor({ users: 5_000 });
    const rows = await details(sandbox, { fields: NAMED });
    expect(new Set(rows.map(({ Id }) => Id)).size).toBe(5_000);
    expect(rows.every(({ RoutingProfileName }) => /Tier|Specialist/.test(RoutingProfileName ?? ''))).toBe(
      true,
    );
    expect(requestsOf(sandbox)).toEqual({ SearchUsers: 10, ListRoutingProfiles: 1, ListSecurityProfiles: 1 });
  });

  it.each([
    ['and at most 16 requests while the quota is learned', {}, 16, 1.2],
    ['and 12 requests with a known quota', { learn: false }, 12, 1.05],
  ])('5,000 users with names come at a quota of 2/s, %s', async (_what, pace, most, overBound) => {
    const clock = leapingClock();
    const sandbox = await sandboxFor({ users: 5_000, ratePerSecond: 2, burst: 5, clock });
    const rows = userDetails(
      clientFor(sandbox),
      { InstanceId: sandbox.instanceId },
      { fields: NAMED, clock, pace },
    );
    expect(await rows.toArray()).toHaveLength(5_000);
    expect(sandbox.stats().requests).toBeLessThanOrEqual(most);
    // 10 SearchUsers, of which a burst of 5 needs no wait.
    const boundMs = ((10 - 5) / 2) * 1000;
    expect(clock.now() / boundMs).toBeLessThanOrEqual(overBound);
  });

  it('each way has the same values as DescribeUser, in the same units', async () => {
    const sandbox = await sandboxFor({ users: 60 });
    const described = await usersAt(sandbox);
    const fields = ['Id', 'FirstName', 'AfterContactWorkTimeLimit', 'SecurityProfileIds', 'Tags'] as const;
    const expected = described.map(({ Id, IdentityInfo, PhoneConfig, SecurityProfileIds, Tags }: User) => ({
      Id,
      FirstName: IdentityInfo?.FirstName,
      AfterContactWorkTimeLimit: PhoneConfig?.AfterContactWorkTimeLimit,
      SecurityProfileIds,
      Tags,
    }));
    expect(await details(sandbox, { fields, via: 'search' })).toEqual(expected);
    expect(await details(sandbox, { fields, via: 'describe' })).toEqual(expected);
    expect(expected.some(({ AfterContactWorkTimeLimit }) => AfterContactWorkTimeLimit === 30)).toBe(true);
  });

  it('e-mail addresses take a DescribeUser per user, and names still one listing each', async () => {
    const sandbox = await sandboxFor({ users: 30 });
    const rows = await details(sandbox, { fields: ['Username', 'Email', 'RoutingProfileName'] });
    expect(rows.filter(({ Email }) => Email !== undefined).length).toBeGreaterThan(20);
    expect(rows.every(({ RoutingProfileName }) => RoutingProfileName !== undefined)).toBe(true);
    expect(requestsOf(sandbox)).toEqual({ ListUsers: 1, DescribeUser: 30, ListRoutingProfiles: 1 });
  });

  it('what ListUsers has is read from it alone', async () => {
    const sandbox = await sandboxFor({ users: 1_500 });
    const rows = await details(sandbox, { fields: ['Username', 'LastModifiedTime'] });
    expect(rows).toEqual(
      [...sandbox.directory.users()].map(({ Username, LastModifiedTime }) => ({
        Username,
        LastModifiedTime,
      })),
    );
    expect(requestsOf(sandbox)).toEqual({ ListUsers: 2 });
  });

  it('a hierarchy path leads from the top level to the group of the user', async () => {
    const sandbox = await sandboxFor({ users: 40 });
    const rows = await details(sandbox, {
      fields: ['HierarchyGroupId', 'HierarchyGroupName', 'HierarchyPath'],
    });
    for (const { HierarchyGroupId, HierarchyGroupName, HierarchyPath } of rows) {
      if (HierarchyGroupId === undefined)
        expect([HierarchyGroupName, HierarchyPath]).toEqual([undefined, undefined]);
      else expect(HierarchyPath).toEqual([HierarchyGroupName?.split(' – ')[0], HierarchyGroupName]);
    }
    expect(rows.some(({ HierarchyGroupId }) => HierarchyGroupId === undefined)).toBe(true);
    expect(requestsOf(sandbox)).toEqual({ SearchUsers: 1, SearchUserHierarchyGroups: 1 });
  });

  it('each traversal lists the names again, and counts those requests as its own', async () => {
    const sandbox = await sandboxFor({ users: 1_200 });
    const rows = userDetails(
      clientFor(sandbox),
      { InstanceId: sandbox.instanceId },
      { fields: NAMED, pace: false },
    );
    for (const round of [1, 2]) {
      const walk = rows.open();
      for await (const _ of walk);
      expect(walk.stats.attempts).toBe(5);
      expect(requestsOf(sandbox)['ListRoutingProfiles']).toBe(round);
    }
  });

  it('requests of DescribeUser count in the stats of the traversal', async () => {
    const sandbox = await sandboxFor({ users: 7 });
    const walk = userDetails(
      clientFor(sandbox),
      { InstanceId: sandbox.instanceId },
      { fields: ['Email'], pace: false },
    ).open();
    for await (const _ of walk);
    expect(walk.stats.attempts).toBe(8);
  });

  it('rows have the chosen members and no others', async () => {
    const sandbox = await sandboxFor({ users: 3 });
    for (const via of ['search', 'describe'] as const) {
      const rows = await details(sandbox, { fields: ['Username', 'HierarchyGroupName'], via });
      expect(rows.map((row) => Object.keys(row))).toEqual(
        [0, 1, 2].map(() => ['Username', 'HierarchyGroupName']),
      );
    }
  });

  it('a user deleted between the list and its DescribeUser is a row that says so', async () => {
    const sandbox = await sandboxFor({ users: 12 });
    const { directory } = sandbox;
    const [, second] = directory.users();
    const last = [...directory.users()].at(-1);
    const rows: UserDetails<'Username' | 'Email'>[] = [];
    const listing = userDetails(
      clientFor(sandbox),
      { InstanceId: sandbox.instanceId },
      { fields: ['Username', 'Email'], pace: false },
    );
    for await (const row of listing) {
      if (rows.length === 0) directory.remove(last?.Id ?? '');
      rows.push(row);
    }
    expect(rows).toHaveLength(12);
    expect(rows.at(-1)).toEqual({ Username: last?.Username, Email: undefined, Vanished: true });
    expect(rows[1]).toEqual(expect.objectContaining({ Username: second?.Username }));
    expect(rows.filter(({ Vanished }) => Vanished)).toHaveLength(1);
  });

  it('an instance that is deleted in the middle is an error, and not a list of vanished users', async () => {
    const sandbox = await sandboxFor({ users: 40 });
    const listing = userDetails(
      clientFor(sandbox),
      { InstanceId: sandbox.instanceId },
      { fields: ['Email'], pace: false },
    );
    const walk = async () => {
      for await (const _ of listing) sandbox.instances[0]?.delete();
    };
    await expect(walk()).rejects.toMatchObject({
      code: 'ERR_REQUEST_FAILED',
      message: expect.stringContaining('ListUsers'),
      cause: { name: 'ResourceNotFoundException' },
    });
  });

  it('a run that stops resumes after the last row, each way', async () => {
    const sandbox = await sandboxFor({ users: 700 });
    const all = [...sandbox.directory.users()].map(({ Username }) => Username);
    for (const fields of [
      ['Username', 'LastName'],
      ['Username', 'LastModifiedTime'],
    ] as const) {
      const listing = userDetails(
        clientFor(sandbox),
        { InstanceId: sandbox.instanceId },
        { fields, pace: false },
      );
      const walk = listing.open();
      const seen: unknown[] = [];
      for await (const { Username } of walk) {
        if (seen.length === 610) break;
        seen.push(Username);
      }
      for await (const { Username } of listing.open({ from: walk.cursor })) seen.push(Username);
      expect(seen).toEqual(all);
    }
  });

  it('users are resumed by their identity, although the rows have no identifier', async () => {
    const sandbox = await sandboxFor({ users: 20 });
    const fields = ['RoutingProfileName'] as const;
    const listing = userDetails(
      clientFor(sandbox),
      { InstanceId: sandbox.instanceId },
      { fields, pace: false },
    );
    const walk = listing.open();
    let count = 0;
    for await (const _ of walk) if (++count === 8) break;
    sandbox.directory.insert({}, 'start');
    for await (const _ of listing.open({ from: walk.cursor })) count++;
    // The row at which the loop was left comes again, and the new user comes too.
    expect(count).toBe(8 + 14);
  });

  it('a cursor of one way does not open another', async () => {
    const sandbox = await sandboxFor({ users: 3 });
    const client = clientFor(sandbox);
    const listing = (options: object) => userDetails(client, { InstanceId: sandbox.instanceId }, options);
    const { cursor } = listing({ fields: ['Username'], via: 'search' }).open();
    const mismatch = expect.objectContaining({
      code: 'ERR_CURSOR_MISMATCH',
      message: expect.stringContaining('via'),
    });
    for (const via of ['list', 'describe'])
      expect(() => listing({ fields: ['Username'], via }).open({ from: cursor })).toThrow(mismatch);
    expect(() => listing({ fields: ['Username', 'Tags'] }).open({ from: cursor })).toThrow(
      expect.objectContaining({ code: 'ERR_CURSOR_MISMATCH' }),
    );
    listing({ fields: ['Username', 'Username'], via: 'search' }).open({ from: cursor });
  });

  it('a profile that is not in the list of the instance stays an id, without a name', async () => {
    const client = new ConnectClient({ region: 'eu-central-1' });
    mockClient(client)
      .onAnyCommand()
      .resolves({ SecurityProfileSummaryList: [{ Id: 's1', Name: 'Agent' }], RoutingProfileSummaryList: [] })
      .on(SearchUsersCommand)
      .resolves({
        Users: [
          { Id: 'u', RoutingProfileId: 'r9', SecurityProfileIds: ['s1', 's9'], HierarchyGroupId: 'h9' },
        ],
      });
    const fields = ['RoutingProfileId', 'RoutingProfileName', 'SecurityProfileNames'] as const;
    expect(await userDetails(client, { InstanceId: 'i' }, { fields, pace: false }).toArray()).toEqual([
      { RoutingProfileId: 'r9', RoutingProfileName: undefined, SecurityProfileNames: ['Agent', 's9'] },
    ]);
  });

  it('a DescribeUser that answers without a user is an error, and not a user without details', async () => {
    const client = new ConnectClient({ region: 'eu-central-1' });
    mockClient(client)
      .onAnyCommand()
      .resolves({ UserSummaryList: [{ Id: 'u' }] })
      .on(DescribeUserCommand)
      .resolves({});
    const options = { fields: ['Email'], pace: false, retry: false } as const;
    await expect(userDetails(client, { InstanceId: 'i' }, options).toArray()).rejects.toMatchObject({
      code: 'ERR_PAGE_INVALID',
    });
  });

  it('the plan says how many requests a traversal sends', async () => {
    const sandbox = await sandboxFor({ users: 1_234 });
    const fields = ['Username', 'SecurityProfileNames'] as const;
    await details(sandbox, { fields });
    expect(requestsOf(sandbox)).toEqual(plan(fields, 1_234).requests);
  });

  it('an abort ends a traversal while its names are listed', async () => {
    const sandbox = await sandboxFor({ users: 3 });
    const reason = new Error('enough');
    sandbox.inject({ kind: 'hang' }, { operation: 'ListRoutingProfiles' });
    const controller = new AbortController();
    const rows = userDetails(
      clientFor(sandbox),
      { InstanceId: sandbox.instanceId },
      { fields: NAMED, pace: false },
    );
    const next = rows.open({ signal: controller.signal }).next();
    controller.abort(reason);
    await expect(next).rejects.toBe(reason);
  });

  it('a traversal that failed while its names were listed lists them again', async () => {
    const sandbox = await sandboxFor({ users: 3 });
    sandbox.inject({ kind: 'server-error' }, { operation: 'ListRoutingProfiles' });
    const walk = userDetails(
      clientFor(sandbox),
      { InstanceId: sandbox.instanceId },
      { fields: NAMED, pace: false, retry: false },
    ).open();
    await expect(walk.next()).rejects.toMatchObject({ code: 'ERR_REQUEST_FAILED' });
    expect((await walk.next()).value?.RoutingProfileName).toEqual(expect.any(String));
  });

  it('the type of a row has the chosen fields only', () => {
    const client = new ConnectClient({ region: 'eu-central-1' });
    const some = userDetails(client, { InstanceId: 'i' }, { fields: ['Username', 'SecurityProfileNames'] });
    expectTypeOf(some).toEqualTypeOf<Listing<UserDetails<'Username' | 'SecurityProfileNames'>>>();
    // @ts-expect-error it was not chosen
    some.map(({ Email }) => Email);
    // @ts-expect-error SearchUsers, which is the default, does not have it
    userDetails(client, { InstanceId: 'i' }).map(({ Email }) => Email);
    // @ts-expect-error not a client
    expect(() => userDetails({}, { InstanceId: 'i' })).toThrow('client must be');
  });
});

describe('the arguments of userDetails', () => {
  const client = new ConnectClient({ region: 'eu-central-1' });
  const mock = mockClient(client);
  const input = { InstanceId: 'i' };

  it.each([
    ['an unknown field', 'did you mean Username?', [client, input, { fields: ['UserName'] }]],
    [
      'a way that lacks a field',
      'have no Email, Mobile; leave',
      [client, input, { fields: ['Email', 'Mobile'], via: 'search' }],
    ],
    ['an unknown way', 'via must be', [client, input, { via: 'scan' }]],
    ['a missing InstanceId', 'InstanceId must be', [client, {}]],
    ['a missing client', 'client must be', [undefined, input]],
    ['a page size that SearchUsers does not have', 'from 1 to 500', [client, input, { pageSize: 501 }]],
    [
      'an option of paginate that makes no sense',
      'unknown option "key"',
      [client, input, { key: () => 'x' }],
    ],
    ['an unknown option', 'unknown option "field"', [client, input, { field: ['Email'] }]],
    ['fields that are not a list', 'fields must be a list', [client, input, { fields: 'Email' }]],
  ])('userDetails refuses %s before anything is sent', (_what, message, args) => {
    expect(() => Reflect.apply(userDetails, undefined, args)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT', message: expect.stringContaining(message) }),
    );
    expect(mock.calls()).toHaveLength(0);
  });

  it('the message about an unknown field lists all of them', () => {
    expect(() => Reflect.apply(userDetails, undefined, [client, input, { fields: ['x'] }])).toThrow(
      USER_FIELD_NAMES.join(', '),
    );
  });
});
