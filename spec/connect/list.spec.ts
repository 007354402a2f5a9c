import * as connect from '@aws-sdk/client-connect';
import {
  ConnectClient,
  DescribeUserCommand,
  ListQueuesCommand,
  ListUsersCommand,
  SearchContactsCommand,
} from '@aws-sdk/client-connect';
import { IAMClient, ListUsersCommand as ListIamUsersCommand } from '@aws-sdk/client-iam';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import * as connectRoom from '../../lib/connect/index.js';
import { type ConnectOperation, list, operations } from '../../lib/connect/index.js';
import type { Listing } from '../../lib/index.js';
import { type Sandbox, startSandbox } from '../../lib/sandbox/index.js';
import { readPagedOperations } from '../../scripts/read-connect-client.js';
import { leapingClock } from '../support/leaping-clock.js';
import { inputOf, parentIds } from './input-of.js';

type AnyCommand = new (input: object) => InstanceType<typeof ListUsersCommand>;

const commandOf = (name: string) => Reflect.get(connect, `${name}Command`) as AnyCommand;
const listAny = (...args: unknown[]) => Reflect.apply(list, undefined, args) as Listing<object>;
const paged = readPagedOperations();

describe('every paged operation over HTTP', () => {
  let sandbox: Sandbox;
  let client: ConnectClient;
  let parents: Record<string, string>;
  beforeAll(async () => {
    sandbox = await startSandbox({ users: 120, ratePerSecond: Number.POSITIVE_INFINITY });
    client = new ConnectClient(sandbox.clientConfig);
    parents = await parentIds(client, sandbox.instanceId);
  });
  afterAll(async () => {
    client.destroy();
    await sandbox.close();
  });

  it.each(paged)('$name is drained with every item that the pages have, each once', async (operation) => {
    const { name, itemsKey, maxPageSize } = operation;
    const Command = commandOf(name);
    const input = inputOf(operation, sandbox.instanceId, parents);
    const pageSize = maxPageSize && Math.min(maxPageSize, 60);
    const expected: unknown[] = [];
    let NextToken: string | undefined;
    do {
      const page: object = await client.send(new Command({ ...input, MaxResults: pageSize, NextToken }));
      expected.push(...(Reflect.get(page, itemsKey) as unknown[]));
      NextToken = (page as { NextToken?: string }).NextToken;
    } while (NextToken);

    const walk = listAny(client, Command, input, { pageSize, pace: false }).open();
    const items: unknown[] = [];
    for await (const item of walk) items.push(item);
    expect(items).toEqual(expected);
    expect(new Set(items.map((item) => JSON.stringify(item))).size).toBe(items.length);
    expect(items.length).toBeGreaterThan(0);
    expect(walk.end).toMatchObject({ reason: 'exhausted' });
  });
});

it('list asks every operation for the largest page it has', async () => {
  const client = new ConnectClient({ region: 'eu-central-1' });
  const mock = mockClient(client);
  mock.onAnyCommand().resolves({});
  const table: Readonly<Record<string, ConnectOperation>> = operations;
  for (const operation of paged) {
    mock.resetHistory();
    await listAny(client, commandOf(operation.name), inputOf(operation, 'i-1'), { pace: false }).toArray();
    const [call] = mock.calls();
    expect(Reflect.get(Object(call?.args[0].input), 'MaxResults'), operation.name).toBe(
      table[operation.name]?.maxPageSize,
    );
  }
});

it('list keeps to the quota of an operation without being configured', async () => {
  const clock = leapingClock();
  await using sandbox = await startSandbox({ ratePerSecond: 0.5, burst: 1, clock });
  const client = new ConnectClient(sandbox.clientConfig);
  const TimeRange = { Type: 'INITIATION_TIMESTAMP', StartTime: new Date(0), EndTime: new Date(1) } as const;
  const contacts = list(
    client,
    SearchContactsCommand,
    { InstanceId: sandbox.instanceId, TimeRange },
    { pageSize: 10, pace: { learn: false }, clock },
  );
  expect(await contacts.toArray()).toHaveLength(120);
  const { requests, throttles } = sandbox.stats();
  expect({ requests, throttles }).toEqual({ requests: 12, throttles: 0 });
  expect(clock.now()).toBeGreaterThanOrEqual(((12 - 1) / 0.5) * 1000);
  client.destroy();
});

it.each<[string, () => unknown]>([
  ['list', () => list(new IAMClient({}) as never, ListUsersCommand as never, {} as never)],
  ['listUsers', () => connectRoom.listUsers(new IAMClient({}) as never, { InstanceId: 'i-1' })],
  ['instances', () => connectRoom.instances(new IAMClient({}) as never)],
])('%s with the client of another service names the service', (_, act) => {
  expect(act).toThrow(
    /^the client and the command must be of Amazon Connect; paginate lists other services, received "IAM\.List/,
  );
});

it('list has the type of the items of the command', () => {
  const client = new ConnectClient({ region: 'eu-central-1' });
  const queues = list(client, ListQueuesCommand, { InstanceId: 'i-1' });
  expectTypeOf(queues).toEqualTypeOf<Listing<connect.QueueSummary>>();
  // @ts-expect-error: the client of another service
  expect(() => list(new IAMClient({}), ListIamUsersCommand, {})).toThrow('received "IAM.ListUsers"');
});

it.each<[string, string, unknown[]]>([
  [
    'an operation that is not paged',
    'ERR_NOT_PAGED',
    [DescribeUserCommand, { InstanceId: 'i', UserId: 'u' }],
  ],
  [
    'a page above the largest',
    'a whole number from 1 to 1000',
    [ListUsersCommand, { InstanceId: 'i' }, { pageSize: 1001 }],
  ],
  [
    'MaxResults above the largest',
    'a whole number from 1 to 100',
    [SearchContactsCommand, { MaxResults: 101 }],
  ],
  ['an unknown option', 'maxItems', [ListUsersCommand, { InstanceId: 'i' }, { maxItems: 1 }]],
  ['a command that is none', 'command', ['ListUsers', {}]],
])('list refuses %s before anything is sent', (_what, named, args) => {
  const client = new ConnectClient({ region: 'eu-central-1' });
  const mock = mockClient(client);
  const message = (() => {
    try {
      listAny(client, ...args);
      return '';
    } catch (error) {
      return `${Reflect.get(Object(error), 'code')} ${error}`;
    }
  })();
  expect(message).toContain(named);
  expect(mock.calls()).toHaveLength(0);
});
