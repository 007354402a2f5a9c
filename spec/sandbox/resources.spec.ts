import {
  type ConnectClient,
  DescribeHoursOfOperationCommand,
  DescribeQueueCommand,
  DescribeRoutingProfileCommand,
  DescribeSecurityProfileCommand,
  DescribeUserCommand,
  DescribeUserHierarchyGroupCommand,
  DescribeUserHierarchyStructureCommand,
  ListPhoneNumbersCommand,
  ListPhoneNumbersV2Command,
  ListPromptsCommand,
  ListQueuesCommand,
  ListRoutingProfilesCommand,
  ListSecurityProfilesCommand,
  ListUserHierarchyGroupsCommand,
  type Queue,
  SearchContactFlowsCommand,
  SearchHoursOfOperationsCommand,
  SearchPromptsCommand,
  SearchQueuesCommand,
  type SearchQueuesCommandInput,
  SearchRoutingProfilesCommand,
  SearchSecurityProfilesCommand,
  SearchUserHierarchyGroupsCommand,
  SearchUsersCommand,
  type SearchUsersCommandInput,
  type StringComparisonType,
  type User,
} from '@aws-sdk/client-connect';
import { expect, it } from 'vitest';
import { list } from '../../lib/connect/index.js';
import { failureOf, start } from './client.js';

const fast = { pace: false } as const;

it('the Search and the Describe of a resource agree with its List', async () => {
  const { client, InstanceId } = await start();
  const listed = await list(client, ListQueuesCommand, { InstanceId }, fast).toArray();
  const found = await list(client, SearchQueuesCommand, { InstanceId }, { ...fast, pageSize: 10 }).toArray();
  expect(found.map(({ QueueId, QueueArn, Name }) => [QueueId, QueueArn, Name])).toEqual(
    listed.map(({ Id, Arn, Name }) => [Id, Arn, Name]),
  );
  const { Queue } = await client.send(new DescribeQueueCommand({ InstanceId, QueueId: listed[7]?.Id }));
  expect(Queue).toEqual(found[7]);
  const HoursOfOperationId = Queue?.HoursOfOperationId;
  const { HoursOfOperation } = await client.send(
    new DescribeHoursOfOperationCommand({ InstanceId, HoursOfOperationId }),
  );
  const [hours] = await list(client, SearchHoursOfOperationsCommand, { InstanceId }, fast)
    .filter((one) => one.HoursOfOperationId === HoursOfOperationId)
    .toArray();
  expect(HoursOfOperation).toEqual(hours);
});

it('the ids in the details of a user are those of its profiles and its hierarchy group', async () => {
  const { client, InstanceId, sandbox } = await start({ users: 40 });
  const users = await detailsOf(client, InstanceId, [...sandbox.directory.users()]);
  const routing = new Map(
    (await list(client, ListRoutingProfilesCommand, { InstanceId }, fast).toArray()).map((one) => [
      one.Id,
      one.Name,
    ]),
  );
  const security = new Map(
    (await list(client, ListSecurityProfilesCommand, { InstanceId }, fast).toArray()).map((one) => [
      one.Id,
      one.Name,
    ]),
  );
  for (const { RoutingProfileId = '', SecurityProfileIds = [] } of users) {
    const { RoutingProfile } = await client.send(
      new DescribeRoutingProfileCommand({ InstanceId, RoutingProfileId }),
    );
    expect(RoutingProfile?.Name).toBe(routing.get(RoutingProfileId));
    for (const SecurityProfileId of SecurityProfileIds) {
      const { SecurityProfile } = await client.send(
        new DescribeSecurityProfileCommand({ InstanceId, SecurityProfileId }),
      );
      expect(SecurityProfile?.SecurityProfileName).toBe(security.get(SecurityProfileId));
    }
  }
  expect(users.some(({ SecurityProfileIds }) => SecurityProfileIds?.length === 2)).toBe(true);
  const names = await list(client, SearchSecurityProfilesCommand, { InstanceId }, fast).toArray();
  expect(names.map((one) => one.SecurityProfileName)).toEqual([...security.values()]);
  const profiles = await list(client, SearchRoutingProfilesCommand, { InstanceId }, fast).toArray();
  expect(profiles.map((one) => one.Name)).toEqual([...routing.values()]);
});

it('the hierarchy has sites, and teams within them', async () => {
  const { client, InstanceId } = await start();
  const { HierarchyStructure } = await client.send(new DescribeUserHierarchyStructureCommand({ InstanceId }));
  expect([HierarchyStructure?.LevelOne?.Name, HierarchyStructure?.LevelTwo?.Name]).toEqual(['Site', 'Team']);
  const groups = await list(client, SearchUserHierarchyGroupsCommand, { InstanceId }, fast).toArray();
  const listed = await list(client, ListUserHierarchyGroupsCommand, { InstanceId }, fast).toArray();
  expect(groups.map(({ Id }) => Id)).toEqual(listed.map(({ Id }) => Id));
  const team = groups.find(({ Name }) => Name === 'Kraków – Blue Team');
  expect(team?.LevelId).toBe(HierarchyStructure?.LevelTwo?.Id);
  expect(team?.HierarchyPath?.LevelOne?.Name).toBe('Kraków');
  expect(team?.HierarchyPath?.LevelTwo?.Id).toBe(team?.Id);
  const site = groups.find(({ Id }) => Id === team?.HierarchyPath?.LevelOne?.Id);
  expect(site?.LevelId).toBe(HierarchyStructure?.LevelOne?.Id);
  const described = await client.send(
    new DescribeUserHierarchyGroupCommand({ InstanceId, HierarchyGroupId: team?.Id }),
  );
  expect(described.HierarchyGroup).toEqual(team);
});

it('SearchUsers filters by hierarchy group, with the groups below it or without, and by tags', async () => {
  const { client, InstanceId, sandbox } = await start({ users: 300 });
  const users = await detailsOf(client, InstanceId, [...sandbox.directory.users()]);
  const groups = await list(client, SearchUserHierarchyGroupsCommand, { InstanceId }, fast).toArray();
  const site = groups.find(({ Name }) => Name === 'Manila')?.Id ?? '';
  const teams = groups
    .filter(({ HierarchyPath }) => HierarchyPath?.LevelOne?.Id === site)
    .map(({ Id }) => Id);
  const search = async (input: Omit<SearchUsersCommandInput, 'InstanceId'>) =>
    (await list(client, SearchUsersCommand, { InstanceId, ...input }, fast).toArray()).map(({ Id }) => Id);
  const expected = (test: (user: User) => boolean) => users.filter(test).map(({ Id }) => Id);
  const within = (user: User) => teams.includes(user.HierarchyGroupId);
  const below = { Value: site, HierarchyGroupMatchType: 'WITH_CHILD_GROUPS' } as const;
  const tag = { TagKey: 'site', TagValue: 'Lisbon' };

  expect(expected(within).length).toBeGreaterThan(10);
  expect(await search({ SearchCriteria: { HierarchyGroupCondition: below } })).toEqual(expected(within));
  const exact = { ...below, HierarchyGroupMatchType: 'EXACT' } as const;
  expect(await search({ SearchCriteria: { HierarchyGroupCondition: exact } })).toEqual([]);
  expect(
    await search({
      SearchFilter: {
        UserAttributeFilter: { AndCondition: { TagConditions: [tag], HierarchyGroupCondition: below } },
      },
    }),
  ).toEqual(expected((user) => within(user) && user.Tags?.['site'] === 'Lisbon'));
  expect(
    await search({
      SearchFilter: {
        UserAttributeFilter: { OrConditions: [{ TagConditions: [tag] }, { HierarchyGroupCondition: below }] },
      },
    }),
  ).toEqual(expected((user) => within(user) || user.Tags?.['site'] === 'Lisbon'));
  const ListCondition = { TargetListType: 'PROFICIENCIES' as const, Conditions: [] };
  expect(await search({ SearchCriteria: { ListCondition } })).toEqual([]);
});

it('SearchUsers has the fields of DescribeUser but e-mail, mobile and modification, and milliseconds', async () => {
  const { client, InstanceId, sandbox } = await start({ users: 100 });
  const users = await detailsOf(client, InstanceId, [...sandbox.directory.users()]);
  const rows = await list(client, SearchUsersCommand, { InstanceId }, fast).toArray();
  expect(rows).toEqual(
    users.map(({ LastModifiedTime: _, LastModifiedRegion: __, IdentityInfo, PhoneConfig, ...user }) => ({
      ...user,
      IdentityInfo: { FirstName: IdentityInfo?.FirstName, LastName: IdentityInfo?.LastName },
      PhoneConfig: {
        ...PhoneConfig,
        AfterContactWorkTimeLimit: (PhoneConfig?.AfterContactWorkTimeLimit ?? 0) * 1000,
      },
    })),
  );
  expect(users.some(({ IdentityInfo }) => IdentityInfo?.SecondaryEmail)).toBe(true);
  for (const { PhoneConfig, ...user } of users) {
    const { AutoAccept, AfterContactWorkTimeLimit, PersistentConnection, PhoneType } = PhoneConfig ?? {};
    expect(user.AutoAcceptConfigs).toMatchObject([{ Channel: 'VOICE', AutoAccept }]);
    expect(user.AfterContactWorkConfigs).toMatchObject([
      { Channel: 'VOICE', AfterContactWorkConfig: { AfterContactWorkTimeLimit } },
    ]);
    expect(user.PhoneNumberConfigs).toMatchObject([{ Channel: 'VOICE', PhoneType }]);
    expect(user.PersistentConnectionConfigs).toEqual([{ Channel: 'VOICE', PersistentConnection }]);
  }
});

it('the phone numbers of an instance are filtered by type and country, and the account has those of all instances', async () => {
  const { client, InstanceId, sandbox } = await start();
  const ours = await list(client, ListPhoneNumbersCommand, { InstanceId }, fast).toArray();
  const german = await list(
    client,
    ListPhoneNumbersCommand,
    { InstanceId, PhoneNumberCountryCodes: ['DE'], PhoneNumberTypes: ['DID'] },
    fast,
  ).toArray();
  expect(german).toEqual(
    ours.filter((one) => one.PhoneNumberCountryCode === 'DE' && one.PhoneNumberType === 'DID'),
  );
  expect(german.length).toBeGreaterThan(1);
  const all = await list(client, ListPhoneNumbersV2Command, {}, { ...fast, pageSize: 50 }).toArray();
  expect(all).toHaveLength(ours.length * sandbox.instances.length);
  const mine = { TargetArn: sandbox.instances[0]?.arn, PhoneNumberPrefix: '+44' };
  const british = await list(client, ListPhoneNumbersV2Command, mine, fast).toArray();
  expect(british.map(({ PhoneNumberId }) => PhoneNumberId)).toEqual(
    ours.filter((one) => one.PhoneNumber?.startsWith('+44')).map(({ Id }) => Id),
  );
});

it('a search of resources takes names, ids, descriptions and tags, and conditions within conditions', async () => {
  const { client, InstanceId } = await start();
  const queues = await list(client, SearchQueuesCommand, { InstanceId }, fast).toArray();
  const named = (Value: string, ComparisonType: StringComparisonType = 'CONTAINS', FieldName = 'name') => ({
    StringCondition: { FieldName, Value, ComparisonType },
  });
  const search = (input: Omit<SearchQueuesCommandInput, 'InstanceId'>) =>
    list(client, SearchQueuesCommand, { InstanceId, ...input }, fast).toArray();
  const expected = (test: (queue: Queue) => boolean) => queues.filter(test);

  expect(await search({ SearchCriteria: named('night desk', 'STARTS_WITH') })).toEqual(
    expected(({ Name }) => Name?.startsWith('Night Desk') === true),
  );
  expect(await search({ SearchCriteria: named(queues[3]?.QueueId ?? '', 'EXACT', 'resourceID') })).toEqual([
    queues[3],
  ]);
  const AndConditions = [
    { OrConditions: [named('Español'), named('Français')] },
    named('sales', 'CONTAINS', 'description'),
  ];
  expect(await search({ SearchCriteria: { AndConditions } })).toEqual(
    expected(({ Name }) => /^Sales – (Español|Français)$/.test(Name ?? '')),
  );
  expect(await search({ SearchCriteria: { QueueTypeCondition: 'STANDARD' } })).toEqual(queues);
  const TagCondition = { TagKey: 'site', TagValue: 'Tulsa' };
  const inTulsa = await search({ SearchFilter: { TagFilter: { TagCondition } } });
  expect(inTulsa).toEqual(expected(({ Tags }) => Tags?.['site'] === 'Tulsa'));
  expect(inTulsa.length).toBeGreaterThan(1);
  const { ApproximateTotalCount } = await client.send(
    new SearchQueuesCommand({ InstanceId, MaxResults: 1, SearchFilter: { TagFilter: { TagCondition } } }),
  );
  expect(ApproximateTotalCount).toBe(inTulsa.length);
});

it('profiles, hierarchy groups and resources from the model are searched by the fields that they have', async () => {
  const { client, InstanceId } = await start();
  const condition = (FieldName: string, Value: string) => ({
    StringCondition: { FieldName, Value, ComparisonType: 'EXACT' as const },
  });
  const [admin] = await list(
    client,
    SearchSecurityProfilesCommand,
    { InstanceId, SearchCriteria: condition('name', 'admin') },
    fast,
  ).toArray();
  expect(admin?.SecurityProfileName).toBe('Admin');
  expect(admin).not.toHaveProperty('LastModifiedTime');
  const [routing] = await list(client, SearchRoutingProfilesCommand, { InstanceId }, fast).toArray();
  const queueId = routing?.AssociatedQueueIds?.[1] ?? '';
  const withQueue = { InstanceId, SearchCriteria: condition('associatedQueueIds', queueId) };
  const routings = await list(client, SearchRoutingProfilesCommand, withQueue, fast).toArray();
  expect(routings).toContainEqual(routing);
  expect(routings.every(({ AssociatedQueueIds }) => AssociatedQueueIds?.includes(queueId))).toBe(true);
  const groups = await list(client, SearchUserHierarchyGroupsCommand, { InstanceId }, fast).toArray();
  const site = groups.find(({ Name }) => Name === 'Lisbon')?.Id ?? '';
  const teams = { InstanceId, SearchCriteria: condition('parentId', site) };
  expect(await list(client, SearchUserHierarchyGroupsCommand, teams, fast).toArray()).toEqual(
    groups.filter(({ Id, HierarchyPath }) => HierarchyPath?.LevelOne?.Id === site && Id !== site),
  );
  const prompts = await list(client, ListPromptsCommand, { InstanceId }, fast).toArray();
  const prompt = { InstanceId, SearchCriteria: condition('resourceID', prompts[5]?.Id ?? '') };
  expect(await list(client, SearchPromptsCommand, prompt, fast).toArray()).toMatchObject([
    { PromptId: prompts[5]?.Id, Name: prompts[5]?.Name },
  ]);
});

it('a resource of another instance or kind is not found, and conditions that are not supported are rejected', async () => {
  const { client, InstanceId, sandbox } = await start();
  const other = sandbox.instances[1]?.id;
  const [queue] = await list(client, ListQueuesCommand, { InstanceId: other ?? '' }, fast).toArray();
  const elsewhere = new DescribeQueueCommand({ InstanceId, QueueId: queue?.Id });
  expect(await failureOf(client.send(elsewhere))).toMatchObject({ name: 'ResourceNotFoundException' });
  const asProfile = new DescribeRoutingProfileCommand({ InstanceId: other, RoutingProfileId: queue?.Id });
  expect(await failureOf(client.send(asProfile))).toMatchObject({ name: 'ResourceNotFoundException' });
  const byShoes = { FieldName: 'shoeSize', Value: '44', ComparisonType: 'EXACT' } as const;
  const failures = await Promise.all([
    failureOf(
      client.send(new SearchQueuesCommand({ InstanceId, SearchCriteria: { StringCondition: byShoes } })),
    ),
    failureOf(
      client.send(
        new SearchContactFlowsCommand({ InstanceId, SearchCriteria: { TypeCondition: 'AGENT_HOLD' } }),
      ),
    ),
  ]);
  expect(failures).toMatchObject([
    {
      name: 'InvalidParameterException',
      message: 'SearchCriteria.StringCondition.FieldName is not a field that can be searched',
    },
    { name: 'InvalidParameterException', message: 'SearchCriteria.TypeCondition is not supported' },
  ]);
});

async function detailsOf(
  client: ConnectClient,
  InstanceId: string,
  users: readonly { readonly Id: string }[],
): Promise<User[]> {
  const answers = await Promise.all(
    users.map(({ Id }) => client.send(new DescribeUserCommand({ InstanceId, UserId: Id }))),
  );
  return answers.flatMap(({ User }) => User ?? []);
}
