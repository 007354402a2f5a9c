import { DescribeUserCommand, ListUsersCommand } from '@aws-sdk/client-connect';
import { expect, it } from 'vitest';
import { createIds } from '../../lib/sandbox/ids.js';
import { fullName, NAME_COUNT } from '../../lib/sandbox/user-names.js';
import { failureOf, start, walkPages } from './client.js';

it('the same seed gives the same users and another seed gives others', async () => {
  const [a, b, c] = await Promise.all([start({ seed: 7 }), start({ seed: 7 }), start({ seed: 8 })]);
  const [usersA, usersB, usersC] = await Promise.all([a, b, c].map((bed) => walkPages(bed, 500)));
  expect(usersB).toEqual(usersA);
  expect(a.InstanceId).toBe(b.InstanceId);
  expect(usersC?.[0]?.[0]?.Id).not.toBe(usersA?.[0]?.[0]?.Id);
});

it('a larger directory starts with the users of a smaller one', async () => {
  const [few, many] = await Promise.all([start({ users: 10 }), start({ users: 10_000 })]);
  const { client, InstanceId } = many;
  const { UserSummaryList } = await client.send(new ListUsersCommand({ InstanceId, MaxResults: 10 }));
  expect(UserSummaryList).toEqual([...few.sandbox.directory.users()]);
});

it('Ids and user names are unique, some names are not ASCII, and optional members are sometimes missing', async () => {
  const bed = await start({ users: 20_000 });
  const users = [...bed.sandbox.directory.users()];
  expect(new Set(users.map(({ Id }) => Id)).size).toBe(20_000);
  expect(new Set(users.map(({ Username }) => Username)).size).toBe(20_000);
  expect(
    users.every(
      ({ Id, Arn, Username }) => Arn.endsWith(`:instance/${bed.InstanceId}/agent/${Id}`) && Username,
    ),
  ).toBe(true);
  const share = (holds: (user: (typeof users)[number]) => boolean) =>
    users.filter(holds).length / users.length;
  expect(share(({ LastModifiedTime }) => LastModifiedTime === undefined)).toBeCloseTo(1 / 16, 1);
  expect(share(({ LastModifiedRegion }) => LastModifiedRegion === undefined)).toBeGreaterThan(1 / 16);
  expect(share(({ Username }) => /[^\x20-\x7e]/.test(Username))).toBeCloseTo(0.03, 1);
  expect(share(({ Username }) => /[^\x20-\x7e]/.test(Username))).toBeGreaterThan(0);
});

it('no two full names have the same ASCII form', () => {
  const names = Array.from({ length: NAME_COUNT }, (_, n) => fullName(n));
  expect(new Set(names.map(({ given, family }) => `${given.ascii}.${family.ascii}`)).size).toBe(NAME_COUNT);
  expect(
    names.filter(({ given, family }) => !/^[a-z-]+$/.test(given.ascii) || !/^[a-z-]+$/.test(family.ascii)),
  ).toEqual([]);
});

it('users arrive at the client exactly as they are in the directory', async () => {
  const bed = await start({ users: 300 });
  expect((await walkPages(bed, 100)).flat()).toEqual([...bed.sandbox.directory.users()]);
});

it('DescribeUser finds any of a million users by Id, including the last', async () => {
  const { client, InstanceId, sandbox } = await start({ users: 1_000_000 });
  for (const index of [0, 524_288, 999_999]) {
    const UserId = createIds(1).of('user', index);
    const { User } = await client.send(new DescribeUserCommand({ InstanceId, UserId }));
    expect(User).toMatchObject({
      ...sandbox.directory.find(UserId),
      Id: UserId,
      RoutingProfileId: expect.any(String),
    });
  }
  expect(sandbox.directory.size).toBe(1_000_000);
});

it('an Id that belongs to no user is a ResourceNotFoundException', async () => {
  const { client, InstanceId, sandbox } = await start({ users: 10 });
  const tenth = createIds(1).of('user', 10);
  const otherSeed = createIds(2).of('user', 3);
  const queue = createIds(1).of('queue', 3);
  for (const UserId of [tenth, otherSeed, queue, 'unknown', sandbox.instanceId]) {
    expect(await failureOf(client.send(new DescribeUserCommand({ InstanceId, UserId })))).toMatchObject({
      name: 'ResourceNotFoundException',
      status: 404,
    });
  }
});
