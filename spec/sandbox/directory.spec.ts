import {
  DescribeRoutingProfileCommand,
  DescribeUserCommand,
  SearchUsersCommand,
} from '@aws-sdk/client-connect';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createAccount } from '../../lib/sandbox/account.js';
import { listUsers } from '../../lib/sandbox/list-users.js';
import { leapingClock } from '../support/leaping-clock.js';
import { failureOf, start, walkPages } from './client.js';

const ids = (users: readonly { readonly Id?: string | undefined }[]) => users.map(({ Id }) => Id);

it('the sandbox inserts a user at the end, at the start or after another user', async () => {
  const bed = await start({ users: 3 });
  const { directory } = bed.sandbox;
  const [first, second, third] = directory.users();
  const last = directory.insert({ Username: 'last@acme.com' });
  const zeroth = directory.insert({ Username: 'zeroth@acme.com' }, 'start');
  const between = directory.insert({}, { after: first?.Id ?? '' });
  const expected = [zeroth, first, between, second, third, last];
  expect((await walkPages(bed, 2)).flat()).toEqual(expected);
  expect(directory.size).toBe(6);
  const { User } = await bed.client.send(
    new DescribeUserCommand({ InstanceId: bed.InstanceId, UserId: last.Id }),
  );
  expect(User).toMatchObject({ ...last, Username: 'last@acme.com' });
});

it('the sandbox changes the fields of a user, again and again, in every operation that has them', async () => {
  const bed = await start({ users: 3 });
  const { client, InstanceId, sandbox } = bed;
  const [first, second] = sandbox.directory.users();
  const UserId = second?.Id ?? '';
  sandbox.directory.update(UserId, { LastName: 'Newlywed' });
  const changed = sandbox.directory.update(UserId, { RoutingProfileName: 'Tasks – Specialist' });
  sandbox.directory.rename(first?.Id ?? '', 'renamed@acme.com');
  const { User } = await client.send(new DescribeUserCommand({ InstanceId, UserId }));
  expect(User).toMatchObject({ ...changed, IdentityInfo: { LastName: 'Newlywed' } });
  const { Users } = await client.send(new SearchUsersCommand({ InstanceId }));
  expect(Users?.[1]).toMatchObject({ IdentityInfo: { LastName: 'Newlywed' } });
  expect(Users?.[0]).toMatchObject({ Username: 'renamed@acme.com' });
  const { RoutingProfile } = await client.send(
    new DescribeRoutingProfileCommand({ InstanceId, RoutingProfileId: User?.RoutingProfileId }),
  );
  expect(RoutingProfile?.Name).toBe('Tasks – Specialist');
  for (const [id, edit] of [
    ['no-such-user', { LastName: 'x' }],
    [UserId, { Email: 'x@acme.com' }],
    [UserId, { LastName: 1 }],
    [UserId, { RoutingProfileName: 'No such profile' }],
  ]) {
    const update = () => Reflect.apply(sandbox.directory.update, undefined, [id, edit]);
    expect(update).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }));
  }
});

it('the sandbox no longer lists or describes a removed user', async () => {
  const bed = await start({ users: 5 });
  const { directory } = bed.sandbox;
  const guest = directory.insert();
  const [, second, third] = directory.users();
  for (const user of [guest, second]) directory.remove(user?.Id ?? '');
  const listed = (await walkPages(bed, 2)).flat();
  expect(listed).toHaveLength(4);
  expect(ids(listed)).not.toContain(second?.Id);
  expect(listed[1]).toEqual(third);
  const gone = bed.client.send(new DescribeUserCommand({ InstanceId: bed.InstanceId, UserId: second?.Id }));
  expect(await failureOf(gone)).toMatchObject({ name: 'ResourceNotFoundException' });
  expect(() => directory.remove(second?.Id ?? '')).toThrow(/id must be the Id of a user/);
});

it('renaming a user keeps its position and updates its modification time', async () => {
  const bed = await start({ users: 5 });
  const { directory } = bed.sandbox;
  const before = [...directory.users()];
  const renamed = directory.rename(before[2]?.Id ?? '', 'ada@acme.com');
  expect((await walkPages(bed, 5)).flat()).toEqual(before.with(2, renamed));
  expect(renamed.Username).toBe('ada@acme.com');
  expect(renamed.LastModifiedTime?.getTime()).toBeGreaterThan(before[2]?.LastModifiedTime?.getTime() ?? 0);
  expect(() => directory.rename('unknown', 'x')).toThrow(/id must be the Id of a user/);
});

const accountOf = (users: number, userTokens: 'key' | 'offset') =>
  createAccount({
    seed: 1,
    users: [users],
    userTokens,
    tokenLifetimeMs: Number.POSITIVE_INFINITY,
    clock: leapingClock(),
  });

it('with key tokens, no change between pages makes a listing lose or repeat a user who stays', () => {
  const change = fc.record({
    kind: fc.constantFrom('insert', 'remove', 'rename'),
    place: fc.constantFrom('start', 'end', 'after'),
    pick: fc.nat(1000),
  });
  fc.assert(
    fc.property(
      fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 12 }),
      fc.integer({ min: 1, max: 7 }),
      (rounds, limit) => {
        const account = accountOf(20, 'key');
        const [instance] = account.instances;
        const directory = instance?.directory ?? expect.fail();
        const call = { account, instance, input: {}, limit };
        const staying = new Set(ids([...directory.users()]));
        const seen: unknown[] = [];
        let page = listUsers({ ...call, after: undefined });
        for (let round = 0; ; round++) {
          seen.push(...page.items.map((user) => ('Id' in user ? user.Id : undefined)));
          if (page.next === undefined) break;
          for (const { kind, place, pick } of rounds[round] ?? []) {
            const users = [...directory.users()];
            const id = users[pick % users.length]?.Id ?? '';
            if (kind === 'insert')
              directory.insert({}, place === 'after' ? { after: id } : place === 'end' ? 'end' : 'start');
            else if (kind === 'rename') directory.rename(id, `renamed-${pick}`);
            else if (users.length > 1) {
              directory.remove(id);
              staying.delete(id);
            }
          }
          page = listUsers({ ...call, after: page.next });
        }
        expect(new Set(seen).size).toBe(seen.length);
        expect(seen).toEqual(expect.arrayContaining([...staying]));
      },
    ),
  );
});

it('the directory finds the position of an offset even after users were inserted and removed', () => {
  const action = fc.tuple(fc.constantFrom('start', 'end', 'after', 'remove'), fc.nat(1000));
  fc.assert(
    fc.property(fc.array(action, { maxLength: 30 }), fc.nat(40), (actions, offset) => {
      const directory = accountOf(10, 'offset').instances[0]?.directory ?? expect.fail();
      for (const [kind, pick] of actions) {
        const users = [...directory.users()];
        const id = users[pick % users.length]?.Id ?? '';
        if (kind === 'start' || kind === 'end') directory.insert({}, kind);
        else if (users.length === 0) continue;
        else if (kind === 'remove') directory.remove(id);
        else directory.insert({}, { after: id });
      }
      const all = [...directory.users()];
      const rest = [...directory.keysAfter(directory.keyAt(Math.min(offset, all.length)))];
      expect(rest.map((key) => directory.summary(key).Id)).toEqual(ids(all).slice(offset));
    }),
  );
});

it('with offset tokens, a listing repeats a user after an insert and skips one after a removal', async () => {
  const inserted = await start({ users: 6, tokens: 'offset' });
  const twice = (
    await walkPages(inserted, 2, (page) => page === 1 && inserted.sandbox.directory.insert({}, 'start'))
  ).flat();
  expect(ids(twice).filter((id, place) => ids(twice).indexOf(id) !== place)).toEqual([twice[1]?.Id]);

  const removed = await start({ users: 6, tokens: 'offset' });
  const all = [...removed.sandbox.directory.users()];
  const left = (
    await walkPages(removed, 2, (page) => page === 1 && removed.sandbox.directory.remove(all[0]?.Id ?? ''))
  ).flat();
  expect(all.filter(({ Id }) => !ids(left).includes(Id))).toEqual([all[2]]);
});
