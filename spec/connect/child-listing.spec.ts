import * as connect from '@aws-sdk/client-connect';
import {
  ConnectClient,
  ListQueueQuickConnectsCommand,
  ListQueuesCommand,
  ListSecurityProfilesCommand,
} from '@aws-sdk/client-connect';
import { expect, it, onTestFinished } from 'vitest';
import { childListing } from '../../lib/connect/backup/child-listing.js';
import { CHILD_RESOURCES } from '../../lib/connect/backup/child-resources.js';
import { list } from '../../lib/connect/index.js';
import { INSTANCE_RESOURCES } from '../../lib/connect/resources/instance-resources.js';
import { readPagedOperations } from '../../scripts/read-connect-client.js';
import { sandboxFor } from '../support/sandbox-for.js';

it('the lists of all parents are one listing, each row with the id of its parent', async () => {
  const { client, InstanceId, queues, open } = await start();
  const expected: object[] = [];
  for (const QueueId of queues) {
    const own = list(client, ListQueueQuickConnectsCommand, { InstanceId, QueueId }, { pace: false });
    for (const row of await own.toArray()) expected.push({ QueueId, ...row });
  }
  expect(await open('ListQueueQuickConnects', queues).toArray()).toEqual(expected);
  expect(expected).toHaveLength(120 + 35 * 2);
  expect(await open('ListQueueQuickConnects', []).toArray()).toEqual([]);
});

it('a cursor within the rows of a parent resumes there, and requests no earlier parent again', async () => {
  const { sandbox, queues, open } = await start();
  const all = await open('ListQueueQuickConnects', queues).toArray();
  const { requests } = sandbox.stats();
  for (const [stop, left] of [
    // On the second page of the first queue, and at the second row of the eleventh.
    [110, 36],
    [120 + 9 * 2 + 1, 26],
  ] as const) {
    const first = open('ListQueueQuickConnects', queues).open();
    for (let n = 0; n < stop; n++) await first.next();
    const before = sandbox.stats().requests;
    const rest: unknown[] = [];
    for await (const row of open('ListQueueQuickConnects', queues).open({ from: first.cursor }))
      rest.push(row);
    expect(rest).toEqual(all.slice(stop - 1));
    expect(sandbox.stats().requests - before).toBe(left);
  }
  expect(requests).toBeGreaterThan(37);
});

it('other parents are another listing', async () => {
  const { queues, open } = await start();
  const walk = open('ListQueueQuickConnects', queues).open();
  await walk.next();
  const others = open('ListQueueQuickConnects', queues.slice(1));
  expect(() => others.open({ from: walk.cursor })).toThrow('parents differs');
});

it('a row that is a text is a value', async () => {
  const { client, InstanceId, open } = await start();
  const [profile] = await list(
    client,
    ListSecurityProfilesCommand,
    { InstanceId },
    { pace: false },
  ).toArray();
  const SecurityProfileId = profile?.Id ?? '';
  const [row] = await open('ListSecurityProfilePermissions', [SecurityProfileId]).toArray();
  expect(row).toEqual({ SecurityProfileId, value: 'Item 1' });
});

it('a parent that was deleted has no rows, and a deleted instance is an error', async () => {
  const { sandbox, queues, open } = await start();
  const all = await open('ListQueueQuickConnects', queues).toArray();
  const gone = { kind: 'error', status: 404, name: 'ResourceNotFoundException' } as const;
  sandbox.inject(gone, { operation: 'ListQueueQuickConnects', afterRequests: 5 });
  const rows = await open('ListQueueQuickConnects', queues).toArray();
  expect(rows).toEqual(all.filter((row) => Reflect.get(row, 'QueueId') !== queues[4]));
  sandbox.instances[0]?.delete();
  await expect(open('ListQueueQuickConnects', queues).toArray()).rejects.toMatchObject({
    cause: { name: 'ResourceNotFoundException' },
  });
});

it.each([
  { queues: 1, message: 'those of 2 of 3 queues could not be read: 2 without an id' },
  { queues: 0, message: 'those of 2 of 2 queues could not be read: 2 without an id' },
])(
  'parents without an id are counted in a partial end, next to $queues that have one',
  async ({ queues: count, message }) => {
    const { queues, open } = await start();
    const walk = open('ListQueueEmailAddresses', queues.slice(0, count), 2).open();
    for await (const row of walk) expect(row).toMatchObject({ QueueId: queues[0] });
    expect(walk.end).toMatchObject({
      reason: 'partial',
      error: { code: 'ERR_LISTING_INCOMPLETE', message },
    });
  },
);

it.each([
  { what: 'a denied access', fault: { kind: 'access-denied' }, name: 'AccessDeniedException' },
  { what: 'a bad request', fault: refusal(400, 'InvalidRequestException'), name: 'InvalidRequestException' },
  { what: 'a conflict', fault: refusal(409, 'ResourceConflictException'), name: 'ResourceConflictException' },
] as const)(
  '$what for one parent is named in a partial end, and the rest is listed',
  async ({ fault, name }) => {
    const { sandbox, queues, open } = await start();
    const all = await open('ListQueueQuickConnects', queues).toArray();
    const rest = all.filter((row) => ![queues[4], queues[35]].includes(Reflect.get(row, 'QueueId')));
    const withFaults = (before: number) => {
      for (const parent of [4, 35].filter((one) => one >= before))
        sandbox.inject(fault, {
          operation: 'ListQueueQuickConnects',
          afterRequests: parent + (before === 0 ? 1 : -before),
          times: 1,
        });
    };
    withFaults(0);
    const walk = open('ListQueueQuickConnects', queues).open();
    const rows: unknown[] = [];
    let middle = walk.cursor;
    for await (const row of walk) {
      rows.push(row);
      if (Reflect.get(row, 'QueueId') === queues[10]) middle = walk.cursor;
    }
    expect(rows).toEqual(rest);
    const message = `those of 2 of 36 queues could not be read: ${queues[4]} (${name}), ${queues[35]} (${name})`;
    const partial = { reason: 'partial', error: { code: 'ERR_LISTING_INCOMPLETE', message } };
    expect(walk.end).toMatchObject(partial);
    // A run that was killed after the first one knows of it.
    withFaults(10);
    const resumed = open('ListQueueQuickConnects', queues).open({ from: middle });
    for await (const _row of resumed);
    expect(resumed.end).toMatchObject(partial);
  },
);

it('a listing fails after ten requests if none of its parents may be read', async () => {
  const { sandbox, queues, open } = await start();
  sandbox.inject({ kind: 'access-denied' }, { operation: 'ListQueueQuickConnects' });
  const { requests } = sandbox.stats();
  await expect(open('ListQueueQuickConnects', queues).toArray()).rejects.toMatchObject({
    code: 'ERR_REQUEST_FAILED',
    cause: { name: 'AccessDeniedException' },
  });
  expect(sandbox.stats().requests - requests).toBe(10);
  await expect(open('ListQueueQuickConnects', queues.slice(0, 2)).toArray()).rejects.toMatchObject({
    cause: { name: 'AccessDeniedException' },
  });
});

it('credentials that expire between two parents fail the listing', async () => {
  const { sandbox, queues, open } = await start();
  const expired = { kind: 'error', status: 403, name: 'ExpiredTokenException' } as const;
  sandbox.inject(expired, { operation: 'ListQueueQuickConnects', afterRequests: 5 });
  await expect(open('ListQueueQuickConnects', queues).toArray()).rejects.toMatchObject({
    cause: { name: 'ExpiredTokenException' },
  });
});

it('a cursor whose token is damaged is refused', async () => {
  const { queues, open } = await start();
  const walk = open('ListQueueQuickConnects', queues).open();
  for (let n = 0; n < 130; n++) await walk.next();
  for (const token of ['3', '{}', 'x', '{"parent":"1"}']) {
    const damaged = open('ListQueueQuickConnects', queues).open({ from: { ...walk.cursor, token } });
    await expect(damaged.next()).rejects.toMatchObject({ code: 'ERR_CURSOR_MISMATCH' });
  }
});

it('the children of a backup need no more than the instance and the parent, and their parents are backed up', () => {
  const paged = new Map(readPagedOperations().map((one) => [one.name, one.input.members]));
  const resources = new Set(INSTANCE_RESOURCES.map(({ name }) => name));
  for (const { operation, member, parents } of CHILD_RESOURCES) {
    const required = paged.get(operation)?.filter(({ isRequired }) => isRequired) ?? [];
    const names = required.map(({ name }) => name).filter((name) => name !== 'InstanceId');
    expect(names, operation).toEqual([member]);
    if ('resource' in parents) expect(resources).toContain(parents.resource);
    else expect(Object.values(Object(Reflect.get(connect, parents.enumeration)))).not.toEqual([]);
  }
});

function refusal(status: number, name: string) {
  return { kind: 'error', status, name } as const;
}

async function start() {
  const sandbox = await sandboxFor({ users: 1 });
  const { instanceId: InstanceId } = sandbox;
  const client = new ConnectClient({ ...sandbox.clientConfig, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  const queues = await list(client, ListQueuesCommand, { InstanceId }, { pace: false })
    .map(({ Id = '' }) => Id)
    .toArray();
  const open = (operation: string, parents: readonly string[], withoutId = 0) => {
    const resource = CHILD_RESOURCES.find((one) => one.operation === operation);
    if (!resource) throw new Error(`${operation} is not a child`);
    const command = Reflect.get(connect, resource.command);
    const assertInstance = async () => {
      await list(client, ListQueuesCommand, { InstanceId }, { pace: false }).take(1).toArray();
    };
    const sending = { pace: false } as const;
    const options = { client, command, InstanceId, parents, withoutId, sending, assertInstance };
    return childListing(resource, options);
  };
  return { sandbox, client, InstanceId, queues, open };
}
