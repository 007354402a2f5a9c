import {
  ConnectClient,
  SearchUsersCommand,
  type User,
  type UserSearchSummary,
} from '@aws-sdk/client-connect';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import {
  inRoutingProfile,
  inSecurityProfile,
  list,
  listUsers,
  missing,
  modifiedSince,
  usernameMatches,
} from '../../lib/connect/index.js';
import type { Listing } from '../../lib/index.js';
import { type Sandbox, startSandbox } from '../../lib/sandbox/index.js';

describe('the filters of users', () => {
  let sandbox: Sandbox;
  let client: ConnectClient;
  let users: ReturnType<typeof listUsers>;
  let rows: Listing<UserSearchSummary>;
  let all: UserSearchSummary[];
  beforeAll(async () => {
    sandbox = await startSandbox({ users: 300 });
    client = new ConnectClient(sandbox.clientConfig);
    const { instanceId: InstanceId } = sandbox;
    users = listUsers(client, { InstanceId }, { pace: false });
    rows = list(client, SearchUsersCommand, { InstanceId }, { pace: false });
    all = await rows.toArray();
  });
  afterAll(async () => {
    client.destroy();
    await sandbox.close();
  });
  /** The users for which the test holds; a filter that keeps all or none proves nothing. */
  const some = <T>(items: readonly T[], test: (item: T) => boolean) => {
    const kept = items.filter(test);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThan(items.length);
    return kept;
  };

  it('usernameMatches keeps the users whose name matches a pattern, whatever the case', async () => {
    const expected = some(all, ({ Username }) => /^a/i.test(Username ?? ''));
    expect(await rows.filter(usernameMatches('A*')).toArray()).toEqual(expected);
    expect(await users.filter(usernameMatches('a*')).toArray()).toHaveLength(expected.length);
    expect(usernameMatches('*')({})).toBe(false);
  });

  it('modifiedSince keeps the users that were modified at the time or later', async () => {
    const summaries = await users.toArray();
    const times = summaries.flatMap(({ LastModifiedTime }) => LastModifiedTime?.getTime() ?? []);
    const since = new Date(times.sort((a, b) => a - b)[150] ?? 0);
    const expected = some(summaries, ({ LastModifiedTime }) => (LastModifiedTime?.getTime() ?? 0) >= +since);
    expect(expected.some(({ LastModifiedTime }) => +(LastModifiedTime ?? 0) === +since)).toBe(true);
    expect(await users.filter(modifiedSince(since)).toArray()).toEqual(expected);
    expect(modifiedSince(since)({})).toBe(false);
    const filter = modifiedSince(since);
    const before = new Date(+since - 1);
    since.setTime(0);
    expect(filter({ LastModifiedTime: before })).toBe(false);
  });

  it('missing keeps the users that lack at least one of the fields', async () => {
    const expected = some(all, ({ HierarchyGroupId }) => HierarchyGroupId === undefined);
    expect(await rows.filter(missing('HierarchyGroupId')).toArray()).toEqual(expected);
    expect(await rows.filter(missing('Id', 'HierarchyGroupId')).toArray()).toEqual(expected);
    expect(await rows.filter(missing('Id')).toArray()).toEqual([]);
    const desk = some(all, ({ PhoneConfig }) => !PhoneConfig?.DeskPhoneNumber);
    expect(await rows.filter(missing('PhoneConfig.DeskPhoneNumber')).toArray()).toEqual(desk);
  });

  it.each<[string, User, boolean]>([
    ['a field that is not there', {}, true],
    ['a structure that is not there', { IdentityInfo: undefined }, true],
    ['an empty text', { IdentityInfo: { Email: '' } }, true],
    ['a text', { IdentityInfo: { Email: 'a@b.c' } }, false],
  ])('missing looks at the e-mail address: %s', (_what, user, expected) => {
    expect(missing<User>('IdentityInfo.Email')(user)).toBe(expected);
  });

  it('missing takes an empty list, an empty structure and null for missing, and false, 0 and a date not', () => {
    const lacks = (value: unknown) => missing<{ field: unknown }>('field')({ field: value });
    expect([[], {}, null, undefined, ''].map(lacks)).toEqual([true, true, true, true, true]);
    expect([['a'], { a: 1 }, false, 0, new Date(0), 'a'].map(lacks)).toEqual(Array(6).fill(false));
  });

  it('inSecurityProfile keeps the users with one of the security profiles, by id or ARN', async () => {
    const [id = ''] =
      all.find(({ SecurityProfileIds = [] }) => SecurityProfileIds.length > 1)?.SecurityProfileIds ?? [];
    const expected = some(all, ({ SecurityProfileIds = [] }) => SecurityProfileIds.includes(id));
    expect(await rows.filter(inSecurityProfile(id)).toArray()).toEqual(expected);
    const { arn } = sandbox.instances[0] ?? { arn: '' };
    expect(await rows.filter(inSecurityProfile('x', `${arn}/security-profile/${id}`)).toArray()).toEqual(
      expected,
    );
    expect(inSecurityProfile(id)({})).toBe(false);
  });

  it('inRoutingProfile keeps the users with one of the routing profiles, by id or ARN', async () => {
    const { RoutingProfileId: id = '' } = all[0] ?? {};
    const expected = some(all, ({ RoutingProfileId }) => RoutingProfileId === id);
    expect(await rows.filter(inRoutingProfile(id)).toArray()).toEqual(expected);
    const { arn } = sandbox.instances[0] ?? { arn: '' };
    expect(await rows.filter(inRoutingProfile('x', `${arn}/routing-profile/${id}`)).toArray()).toEqual(
      expected,
    );
    expect(inRoutingProfile(id)({})).toBe(false);
  });

  it('a filter compiles only for rows that can have its fields', () => {
    expectTypeOf(rows.filter(missing('Tags'))).toEqualTypeOf<Listing<UserSearchSummary>>();
    // @ts-expect-error: rows of SearchUsers have no time
    rows.filter(modifiedSince(new Date()));
    // @ts-expect-error: rows of ListUsers have no profiles
    users.filter(inSecurityProfile('a'));
    // @ts-expect-error: rows of ListUsers have no profile
    users.filter(inRoutingProfile('a'));
    // @ts-expect-error: no such field
    rows.filter(missing('Mobile'));
    // @ts-expect-error: no such field in the structure
    rows.filter(missing('PhoneConfig.Number'));
    expect(rows).toBeDefined();
  });
});

it.each<[string, string, (...args: never[]) => unknown, unknown[]]>([
  ['an empty pattern', 'pattern', usernameMatches, ['']],
  ['no pattern', 'pattern', usernameMatches, []],
  ['a text for a date', 'time', modifiedSince, ['2026-01-01']],
  ['an invalid date', 'time', modifiedSince, [new Date('x')]],
  ['no field', 'fields', missing, []],
  ['a number for a field', 'fields', missing, [1]],
  ['no security profile', 'profiles', inSecurityProfile, []],
  ['an empty routing profile', 'profiles', inRoutingProfile, ['']],
])('a filter refuses %s', (_what, named, filter, args) => {
  expect(() => Reflect.apply(filter, undefined, args)).toThrow(
    expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT', message: expect.stringContaining(named) }),
  );
});
