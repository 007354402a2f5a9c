import * as connect from '@aws-sdk/client-connect';
import {
  ConnectClient,
  DescribeRoutingProfileCommand,
  ListEntitySecurityProfilesCommand,
  ListRoutingProfileManualAssignmentQueuesCommand,
  ListRoutingProfileQueuesCommand,
  SearchRoutingProfilesCommand,
  SearchUsersCommand,
} from '@aws-sdk/client-connect';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ConnectOperation, list, operations } from '../../lib/connect/index.js';
import type { Listing } from '../../lib/index.js';
import { type Sandbox, startSandbox } from '../../lib/sandbox/index.js';
import { type PagedOperation, readPagedOperations } from '../../scripts/read-connect-client.js';
import { idMembers, inputOf, parentIds } from '../connect/input-of.js';
import { failureOf } from './client.js';

type AnyCommand = new (input: object) => InstanceType<typeof connect.ListUsersCommand>;
type Row = Readonly<Record<string, unknown>>;

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';
const fast = { pace: false } as const;
const table: Readonly<Record<string, ConnectOperation>> = operations;
const paged = readPagedOperations();
const commandOf = (name: string) => Reflect.get(connect, `${name}Command`) as AnyCommand;
const listAny = (...args: unknown[]) => Reflect.apply(list, undefined, args) as Listing<Row>;

let sandbox: Sandbox;
let client: ConnectClient;
let parents: Record<string, string>;
let ids: Map<string, ReadonlySet<unknown>>;
beforeAll(async () => {
  sandbox = await startSandbox({ users: 20, ratePerSecond: Number.POSITIVE_INFINITY });
  client = new ConnectClient({ ...sandbox.clientConfig, maxAttempts: 1 });
  parents = await parentIds(client, sandbox.instanceId);
  ids = new Map();
  for (const [member, listing] of idMembers()) {
    const rows = await rowsOf(listing);
    ids.set(member, new Set(rows.map((row) => row[member] ?? row['Id'])));
  }
});
afterAll(async () => {
  client.destroy();
  await sandbox.close();
});

const searched = paged.filter(
  ({ name }) => name.startsWith('List') && paged.some((one) => one.name === table[name]?.search),
);

it.each(searched)('$name and its search have the same resources with the same values', async ({ name }) => {
  const { search = '' } = table[name] ?? {};
  const listed = await rowsOf(name);
  const found = new Map((await rowsOf(search)).map((row) => [keyOf(row), row]));
  expect(listed.length).toBeGreaterThan(0);
  // A List that belongs to one parent has some of what the search has for all of them.
  if (table[name]?.ofInstance) expect([...found.keys()].sort()).toEqual(listed.map(keyOf).sort());
  for (const row of listed) {
    const other = found.get(keyOf(row));
    expect(plainOf(row)).toMatchObject(shared(plainOf(row), plainOf(other ?? {})));
    expect(other).toBeDefined();
  }
});

it.each(paged)('every id of a resource in the rows of $name is one that its list has', async ({ name }) => {
  for (const row of await rowsOf(name)) {
    for (const [member, value] of Object.entries(row)) {
      for (const known of ids.keys()) {
        if (member === known || member === `Associated${known}s`)
          for (const id of [value].flat()) expect(ids.get(known)).toContain(id);
      }
    }
  }
});

const ofParents = paged.flatMap((operation) => {
  const members = operation.input.members.filter(({ isRequired }) => isRequired);
  return members
    .filter(({ name }) => idMembers().has(name))
    .map(({ name: member }) => ({ name: operation.name, member, operation }));
});

it.each(ofParents)('$name of an unknown $member is a ResourceNotFoundException', async (one) => {
  const { name, member, operation } = one;
  const input = inputOf(operation, sandbox.instanceId, parents);
  for (const unknown of ['x', UNKNOWN_ID, sandbox.instanceId]) {
    const command = new (commandOf(name))({ ...input, [member]: unknown });
    expect(await failureOf(client.send(command))).toMatchObject({
      name: 'ResourceNotFoundException',
      status: 404,
    });
  }
});

it('thirty operations list the parts of a resource', () => {
  expect(ofParents).toHaveLength(30);
});

it('a list of the parts of a deleted user is a ResourceNotFoundException', async () => {
  const { Id: UserId } = sandbox.directory.insert({ Username: 'leaver@acme.com' });
  const { instanceId: InstanceId } = sandbox;
  const proficiencies = () =>
    client.send(new connect.ListUserProficienciesCommand({ InstanceId, UserId, MaxResults: 1 }));
  expect((await proficiencies()).UserProficiencyList).toHaveLength(1);
  sandbox.directory.remove(UserId);
  expect(await failureOf(proficiencies())).toMatchObject({ name: 'ResourceNotFoundException' });
});

it('the queues of a routing profile are those that its search and its description have', async () => {
  const { instanceId: InstanceId } = sandbox;
  const profiles = await list(client, SearchRoutingProfilesCommand, { InstanceId }, fast).toArray();
  expect(profiles).toHaveLength(12);
  for (const profile of profiles) {
    const { RoutingProfileId = '', AssociatedQueueIds = [], AssociatedManualAssignmentQueueIds } = profile;
    const input = { InstanceId, RoutingProfileId };
    const queues = await list(client, ListRoutingProfileQueuesCommand, input, fast).toArray();
    const manual = await list(client, ListRoutingProfileManualAssignmentQueuesCommand, input, fast).toArray();
    expect([...new Set(queues.map(({ QueueId }) => QueueId))]).toEqual(AssociatedQueueIds);
    expect([...new Set(manual.map(({ QueueId }) => QueueId))]).toEqual(AssociatedManualAssignmentQueueIds);
    expect(profile.NumberOfAssociatedQueues).toBe(AssociatedQueueIds.length);
    const { RoutingProfile } = await client.send(new DescribeRoutingProfileCommand(input));
    expect(RoutingProfile).toMatchObject({ AssociatedQueueIds, AssociatedManualAssignmentQueueIds });
  }
});

it('the security profiles of a user as an entity are those of the user', async () => {
  const { instanceId: InstanceId } = sandbox;
  for (const { Arn: EntityArn, SecurityProfileIds } of await list(
    client,
    SearchUsersCommand,
    { InstanceId },
    fast,
  ).toArray()) {
    const input = { InstanceId, EntityArn, EntityType: 'USER' } as const;
    const rows = await list(client, ListEntitySecurityProfilesCommand, input, fast).toArray();
    expect(rows.map(({ Id }) => Id)).toEqual(SecurityProfileIds);
  }
});

function rowsOf(name: string): Promise<Row[]> {
  const operation = paged.find((one) => one.name === name) as PagedOperation;
  const input = inputOf(operation, sandbox.instanceId, parents);
  return listAny(client, commandOf(name), input, fast).toArray();
}

/** The id of a row, under its own name or that of its kind, or what names it where it has none. */
function keyOf(row: Row): string {
  const [, id] = Object.entries(row).find(([name]) => /^Id$|Id$/.test(name) && name !== 'InstanceId') ?? [];
  return String(row['Id'] ?? id ?? row['Name'] ?? JSON.stringify(row));
}

/** The members that are not objects. */
function plainOf(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => typeof value !== 'object'));
}

/** What one of two rows has of the members of both. */
function shared(one: Row, other: Row): Row {
  return Object.fromEntries(Object.entries(other).filter(([name]) => one[name] !== undefined));
}
