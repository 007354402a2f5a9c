import * as connect from '@aws-sdk/client-connect';
import {
  ConnectClient,
  DescribeContactCommand,
  DescribeInstanceStorageConfigCommand,
  ListRealtimeContactAnalysisSegmentsV2Command,
  SearchContactsCommand,
} from '@aws-sdk/client-connect';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ConnectOperation, list, operations } from '../../lib/connect/index.js';
import type { Listing } from '../../lib/index.js';
import { type Sandbox, startSandbox } from '../../lib/sandbox/index.js';
import { readDescribe, readPagedOperations } from '../../scripts/read-connect-client.js';
import { inputOf, parentIds } from '../connect/input-of.js';
import { failureOf } from './client.js';

type AnyCommand = new (input: object) => InstanceType<typeof connect.ListUsersCommand>;
type Row = Readonly<Record<string, unknown>>;

const commandOf = (name: string) => Reflect.get(connect, `${name}Command`) as AnyCommand;
const listAny = (...args: unknown[]) => Reflect.apply(list, undefined, args) as Listing<Row>;
const table: Readonly<Record<string, ConnectOperation>> = operations;
const pairs = readPagedOperations().flatMap((listing) => {
  const { describe } = table[listing.name] ?? {};
  return describe === undefined ? [] : [{ listing, name: listing.name, describe }];
});

let sandbox: Sandbox;
let client: ConnectClient;
let parents: Record<string, string>;
beforeAll(async () => {
  sandbox = await startSandbox({ users: 120, ratePerSecond: Number.POSITIVE_INFINITY });
  client = new ConnectClient({ ...sandbox.clientConfig, maxAttempts: 1 });
  parents = await parentIds(client, sandbox.instanceId);
});
afterAll(async () => {
  client.destroy();
  await sandbox.close();
});

it.each(pairs)('$describe finds what $name lists, and nothing else', async ({ listing, describe }) => {
  const input = inputOf(listing, sandbox.instanceId, parents);
  const rows = await listAny(client, commandOf(listing.name), input, { pace: false }).toArray();
  const { path } = readDescribe(describe);
  const members = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const idKey = members.at(-1) ?? '';
  // DescribeInstanceStorageConfig needs a type, which the others do not have.
  const given = {
    ...Object.fromEntries(members.map((name) => [name, input[name] ?? parents[name] ?? 'x'])),
    ResourceType: 'x',
  };
  const call = async (id: unknown, row: Row = {}): Promise<Row> => {
    // A search lists the parts of all parents.
    const own = members.filter((name) => row[name] !== undefined).map((name) => [name, row[name]]);
    const Command = commandOf(describe);
    const { $metadata: _, ...output } = await client.send(
      new Command({ ...given, ...Object.fromEntries(own), [idKey]: id }),
    );
    const [details, ...others] = Object.values(output);
    return Object(typeof details === 'object' && others.length < 2 ? details : output);
  };
  for (const row of new Set([rows.at(1) ?? rows[0], rows.at(-1)])) {
    const id = row?.[idKey] ?? row?.['Id'] ?? row?.['Name'];
    expect(id).toEqual(expect.any(String));
    const found = await call(id, row);
    expect(Object.values(found)).toContain(id);
    for (const member of ['Name', 'Description', 'LastModifiedTime', 'Username', 'InstanceId']) {
      if (row?.[member] !== undefined && found[member] !== undefined)
        expect(found[member]).toEqual(row[member]);
    }
  }
  const others = describe === 'DescribeQueue' ? [...sandbox.directory.users()].slice(0, 1) : [];
  for (const unknown of [UNKNOWN_ID, ...others.map(({ Id }) => Id)]) {
    expect(await failureOf(call(unknown))).toMatchObject({ name: 'ResourceNotFoundException', status: 404 });
  }
});

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';

it('every operation that the table has for details is one of the sandbox', () => {
  const described = new Set(pairs.map(({ describe }) => describe));
  expect(described.size).toBe(35);
  for (const name of described) expect(Object.keys(sandbox.stats().operations)).toContain(name);
});

it('no union is without a member, and a time that travels as text is a time', async () => {
  const { instanceId: InstanceId } = sandbox;
  const contacts = new SearchContactsCommand({
    InstanceId,
    TimeRange: { Type: 'INITIATION_TIMESTAMP', StartTime: new Date(0), EndTime: new Date(1) },
  });
  const [contact] = (await client.send(contacts)).Contacts ?? [];
  const { Contact } = await client.send(new DescribeContactCommand({ InstanceId, ContactId: contact?.Id }));
  // The members of this union are deeper than the sandbox goes, and a union without one would be an error.
  expect(Contact?.NextContacts).toEqual([{ Type: 'Type 1' }]);
  const { Segments = [] } = await client.send(
    new ListRealtimeContactAnalysisSegmentsV2Command({
      InstanceId,
      ContactId: contact?.Id,
      OutputType: 'Raw',
      SegmentTypes: ['Transcript'],
    }),
  );
  expect(Segments[0]?.Transcript?.Time?.AbsoluteTime).toEqual(new Date('2024-09-02T07:00:00Z'));
});

it('a Describe without a member that it needs in the query string is an InvalidParameterException', async () => {
  const { endpoint, instanceId } = sandbox;
  const answer = await fetch(`${endpoint}/instance/${instanceId}/storage-config/some-id`);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toEqual({ Message: 'ResourceType is required' });
  expect(answer.headers.get('x-amzn-errortype')).toBe('InvalidParameterException');
  const other = new DescribeInstanceStorageConfigCommand({
    InstanceId: 'another',
    AssociationId: 'a',
    ResourceType: 'CALL_RECORDINGS',
  });
  expect(await failureOf(client.send(other))).toMatchObject({ name: 'ResourceNotFoundException' });
});
