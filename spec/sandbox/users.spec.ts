import { DescribeUserCommand, ListUsersCommand } from '@aws-sdk/client-connect';
import { expect, it } from 'vitest';
import { createIds } from '../../lib/sandbox/ids.js';
import { fullName, NAME_COUNT } from '../../lib/sandbox/user-names.js';
import { refusal, start, walkPages } from './client.js';

it('gives the same users for the same seed, and others for another', async () => {
  const [a, b, c] = await Promise.all([start({ seed: 7 }), start({ seed: 7 }), start({ seed: 8 })]);
  const [usersA, usersB, usersC] = await Promise.all([a, b, c].map((bed) => walkPages(bed, 500)));
  expect(usersB).toEqual(usersA);
  expect(a.InstanceId).toBe(b.InstanceId);
  expect(usersC?.[0]?.[0]?.Id).not.toBe(usersA?.[0]?.[0]?.Id);
});

it('keeps the first users when there are more of them', async () => {
  const [few, many] = await Promise.all([start({ users: 10 }), start({ users: 10_000 })]);
  const { client, InstanceId } = many;
  const { UserSummaryList } = await client.send(new ListUsersCommand({ InstanceId, MaxResults: 10 }));
  expect(UserSummaryList).toEqual([...few.sandbox.directory.users()]);
});

it('has unique Ids and user names, some of them not ASCII, and leaves out optional fields now and then', async () => {
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

it('has no two full names that look alike in ASCII', () => {
  const names = Array.from({ length: NAME_COUNT }, (_, n) => fullName(n));
  expect(new Set(names.map(({ given, family }) => `${given.ascii}.${family.ascii}`)).size).toBe(NAME_COUNT);
  expect(
    names.filter(({ given, family }) => !/^[a-z-]+$/.test(given.ascii) || !/^[a-z-]+$/.test(family.ascii)),
  ).toEqual([]);
});

it('sends a user through the wire as the directory has it', async () => {
  const bed = await start({ users: 300 });
  expect((await walkPages(bed, 100)).flat()).toEqual([...bed.sandbox.directory.users()]);
});

it('finds any of a million users by Id, the last one too', async () => {
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

it('answers ResourceNotFoundException for an Id it did not make', async () => {
  const { client, InstanceId, sandbox } = await start({ users: 10 });
  const tenth = createIds(1).of('user', 10);
  const otherSeed = createIds(2).of('user', 3);
  const queue = createIds(1).of('queue', 3);
  for (const UserId of [tenth, otherSeed, queue, 'nobody', sandbox.instanceId]) {
    expect(await refusal(client.send(new DescribeUserCommand({ InstanceId, UserId })))).toMatchObject({
      name: 'ResourceNotFoundException',
      status: 404,
    });
  }
});
