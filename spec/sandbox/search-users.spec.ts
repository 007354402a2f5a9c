import { DescribeUserCommand, SearchUsersCommand, type UserSearchCriteria } from '@aws-sdk/client-connect';
import { expect, it } from 'vitest';
import { failureOf, start } from './client.js';

const username = (
  ComparisonType: 'EXACT' | 'STARTS_WITH' | 'CONTAINS',
  Value: string,
): UserSearchCriteria => ({
  StringCondition: { FieldName: 'Username', ComparisonType, Value },
});

it('a search matches user names exactly, by prefix or by substring, combined with and or or', async () => {
  const { client, InstanceId, sandbox } = await start({ users: 6000 });
  const all = [...sandbox.directory.users()].map(({ Username }) => Username);
  const search = async (SearchCriteria: UserSearchCriteria) => {
    const answer = await client.send(new SearchUsersCommand({ InstanceId, MaxResults: 500, SearchCriteria }));
    expect(answer.ApproximateTotalCount).toBe(answer.Users?.length);
    return answer.Users?.map(({ Username }) => Username);
  };
  const chosen = all[4321] ?? '';
  expect(await search(username('EXACT', chosen.toUpperCase()))).toEqual([chosen]);
  expect(await search(username('STARTS_WITH', 'zofia.'))).toEqual(
    all.filter((name) => name.startsWith('zofia.')),
  );
  expect(await search(username('CONTAINS', 'tanaka'))).toEqual(all.filter((name) => name.includes('tanaka')));
  expect(
    await search({ AndConditions: [username('CONTAINS', 'tanaka'), username('STARTS_WITH', 'sakura')] }),
  ).toEqual(all.filter((name) => name.startsWith('sakura.tanaka')));
  expect(
    await search({ OrConditions: [username('EXACT', all[1] ?? ''), username('EXACT', all[0] ?? '')] }),
  ).toEqual(all.slice(0, 2));
});

it('a search without criteria pages through all users, 500 per page, with the total on each page', async () => {
  const { client, InstanceId, sandbox } = await start({ users: 1200 });
  const ids: (string | undefined)[] = [];
  let NextToken: string | undefined;
  do {
    const answer = await client.send(new SearchUsersCommand({ InstanceId, MaxResults: 500, NextToken }));
    expect(answer.ApproximateTotalCount).toBe(1200);
    ids.push(...(answer.Users ?? []).map(({ Id }) => Id));
    NextToken = answer.NextToken;
  } while (NextToken);
  expect(ids).toEqual([...sandbox.directory.users()].map(({ Id }) => Id));
});

it('search results omit some members of DescribeUser and give the after-contact time in milliseconds', async () => {
  const { client, InstanceId } = await start();
  const { Users = [] } = await client.send(new SearchUsersCommand({ InstanceId, MaxResults: 20 }));
  for (const row of Users) {
    const { User } = await client.send(new DescribeUserCommand({ InstanceId, UserId: row.Id }));
    expect(row.IdentityInfo).toEqual({
      FirstName: User?.IdentityInfo?.FirstName,
      LastName: User?.IdentityInfo?.LastName,
    });
    expect(row).not.toHaveProperty('LastModifiedTime');
    expect(row.PhoneConfig?.AfterContactWorkTimeLimit).toBe(
      (User?.PhoneConfig?.AfterContactWorkTimeLimit ?? 0) * 1000,
    );
    expect(row.RoutingProfileId).toBe(User?.RoutingProfileId);
  }
});

it('a search matches tags and hierarchy groups', async () => {
  const { client, InstanceId } = await start();
  const { Users: tagged = [] } = await client.send(
    new SearchUsersCommand({
      InstanceId,
      MaxResults: 500,
      SearchFilter: { TagFilter: { TagCondition: { TagKey: 'site', TagValue: 'Lisbon' } } },
    }),
  );
  expect(new Set(tagged.map(({ Tags }) => Tags?.['site']))).toEqual(new Set(['Lisbon']));
  const Value = tagged.find(({ HierarchyGroupId }) => HierarchyGroupId)?.HierarchyGroupId;
  const { Users: grouped = [] } = await client.send(
    new SearchUsersCommand({
      InstanceId,
      SearchCriteria: { HierarchyGroupCondition: { Value, HierarchyGroupMatchType: 'EXACT' } },
    }),
  );
  expect(new Set(grouped.map(({ HierarchyGroupId }) => HierarchyGroupId))).toEqual(new Set([Value]));
});

it('a search rejects unsupported criteria and names them', async () => {
  const { client, InstanceId } = await start();
  const messages = await Promise.all(
    [
      username('CONTAINS', 'x'),
      username('CONTAINS', 'x'.repeat(26)),
      { StringCondition: { FieldName: 'ShoeSize', ComparisonType: 'EXACT', Value: '44' } } as const,
      { ListCondition: { TargetListType: 'PROFICIENCIES' } } as const,
    ].map((SearchCriteria) => failureOf(client.send(new SearchUsersCommand({ InstanceId, SearchCriteria })))),
  );
  expect(messages.map(({ name }) => name)).toEqual(
    Array.from({ length: 4 }, () => 'InvalidParameterException'),
  );
  expect(messages.map(({ message }) => message.split(' ')[0])).toEqual([
    'SearchCriteria.StringCondition.Value',
    'SearchCriteria.StringCondition.Value',
    'SearchCriteria.StringCondition.FieldName',
    'SearchCriteria.ListCondition.Conditions',
  ]);
});
