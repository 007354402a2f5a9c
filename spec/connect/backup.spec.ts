import { readdir, readFile, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { ConnectClient } from '@aws-sdk/client-connect';
import { expect, it, onTestFinished } from 'vitest';
import { type BackupReceipt, backup, diff, operations, planBackup } from '../../lib/connect/index.js';
import { verifyReceipt } from '../../lib/node/index.js';
import { newFolder, sandboxFor } from '../support/sandbox-for.js';

it('a backup has every list of an instance with its details, one receipt, and no checkpoint at its end', async () => {
  const { client, InstanceId, folder, sandbox } = await start(1_200);
  const receipt = await backup(client, { InstanceId }, folder, { pace: false });
  expect(receipt).toMatchObject({ InstanceId, complete: true });
  expectPlanned(receipt, sandbox.stats().operations);
  const names = receipt.resources.map(({ resource }) => `${resource}.ndjson`);
  expect((await readdir(folder)).sort()).toEqual([...names, 'receipt.json'].sort());
  expect(await json(folder, 'receipt.json')).toEqual(receipt);
  for (const one of receipt.resources) {
    expect(one).toMatchObject({ complete: true, receipt: { complete: true } });
    expect(await verifyReceipt(one.receipt)).toMatchObject({ matches: true });
  }
  // Every paged operation is backed up, or named. The second version and the search have the items of two.
  const named = [
    ...receipt.resources.flatMap(({ operation, details = operation }) => [operation, details]),
    ...receipt.notIncluded.map(({ operation }) => operation),
  ];
  const covered = ['ListHoursOfOperationOverrides', 'ListPhoneNumbers'];
  expect([...new Set([...named, ...covered])].sort()).toEqual(Object.keys(operations));
  expect(receipt.notIncluded).toContainEqual({
    operation: 'ListUserProficiencies',
    reason: expect.stringContaining('--per-user'),
  });
  expect(receipt.resources.find(({ resource }) => resource === 'queue-quick-connects')).toMatchObject({
    operation: 'ListQueueQuickConnects',
    parents: 'queues',
    // 36 queues, of which the first has two pages.
    receipt: { written: 120 + 35 * 2, requests: 37 },
  });
  const quickConnects = await rows(folder, 'queue-quick-connects');
  expect([...new Set(quickConnects.map(({ QueueId }) => QueueId))]).toEqual(
    (await rows(folder, 'queues')).map(({ Id }) => Id),
  );
  const storage = await rows(folder, 'instance-storage-configs');
  expect(new Set(storage.map(({ ResourceType }) => ResourceType))).toContain('CALL_RECORDINGS');
  const users = await rows(folder, 'users');
  expect(users.map(({ Id }) => Id)).toEqual([...sandbox.directory.users()].map(({ Id }) => Id));
  expect(users[0]).toMatchObject({
    LastModifiedTime: expect.any(String),
    SecurityProfileNames: [expect.any(String)],
    RoutingProfileName: expect.any(String),
  });
  // Details that a list does not have.
  expect((await rows(folder, 'queues'))[0]).toMatchObject({
    QueueType: 'STANDARD',
    HoursOfOperationId: expect.any(String),
  });
  const differences: unknown[] = [];
  const [, gone] = sandbox.directory.users();
  sandbox.directory.remove(gone?.Id ?? '');
  for await (const one of diff(join(folder, 'users.ndjson'), { client, InstanceId })) differences.push(one);
  expect(differences).toMatchObject([{ type: 'removed', key: gone?.Username }]);
});

it('a backup that was cut off continues where it was, and lists nothing again that was done', async () => {
  const { client, InstanceId, folder, sandbox } = await cutOffBackup();
  const checkpoint = await json(folder, 'checkpoint.json');
  const done = Object.keys(Object(checkpoint['done']));
  expect(done).toContain('queues');
  expect(done).not.toContain('users');
  const queues = sandbox.stats().operations.ListQueues.requests;
  const receipt = await backup(client, { InstanceId }, folder, { pace: false });
  expect(receipt).toMatchObject({ complete: true, startedAt: checkpoint['startedAt'] });
  expect(sandbox.stats().operations.ListQueues.requests).toBe(queues);
  const ids = (await rows(folder, 'users')).map(({ Id }) => Id);
  expect(ids).toEqual([...sandbox.directory.users()].map(({ Id }) => Id));
});

it('a backup that is continued lists again whose files were removed or changed since', async () => {
  const { client, InstanceId, folder } = await cutOffBackup();
  const { done } = (await json(folder, 'checkpoint.json')) as { done: Record<string, unknown> };
  const [removed = '', cut = ''] = Object.keys(done);
  const before = await Promise.all([rows(folder, removed), rows(folder, cut)]);
  await rm(join(folder, `${removed}.ndjson`));
  await truncate(join(folder, `${cut}.ndjson`), 10);
  const receipt = await backup(client, { InstanceId }, folder, { pace: false });
  expect(receipt.complete).toBe(true);
  expect(await Promise.all([rows(folder, removed), rows(folder, cut)])).toEqual(before);
  for (const one of receipt.resources) {
    expect(await verifyReceipt(one.receipt)).toMatchObject({ matches: true });
  }
});

it('a list or a search that is denied, or finds nothing, is reported, and the rest is backed up', async () => {
  const { client, InstanceId, folder, sandbox } = await start(10);
  sandbox.inject({ kind: 'access-denied' }, { operation: 'ListHoursOfOperations' });
  sandbox.inject({ kind: 'access-denied' }, { operation: 'SearchQueues' });
  sandbox.inject({ kind: 'empty-answer' }, { operation: 'SearchQuickConnects' });
  const options = { pace: false, perUser: true } as const;
  const { complete, resources, notIncluded } = await backup(client, { InstanceId }, folder, options);
  expect(complete).toBe(false);
  const denied = { error: { name: 'AccessDeniedException', code: 'ERR_REQUEST_FAILED' } };
  expect(resources.filter((one) => !one.complete)).toMatchObject([
    { resource: 'child-hours-of-operations', ...denied },
    { resource: 'hours-of-operations', ...denied },
    { resource: 'queues', detailsError: { name: 'AccessDeniedException' }, receipt: { complete: true } },
    {
      resource: 'quick-connects',
      detailsError: { message: expect.stringMatching(/^SearchQuickConnects found none of them; check/) },
      receipt: { complete: true },
    },
  ]);
  expect(await readdir(folder)).not.toContain('hours-of-operations.ndjson');
  expect(await rows(folder, 'queues')).toHaveLength(36);
  expect(notIncluded.map(({ operation }) => operation)).not.toContain('ListUserProficiencies');
  const proficient = (await rows(folder, 'user-proficiencies')).map(({ UserId }) => UserId);
  expect(new Set(proficient)).toEqual(new Set([...sandbox.directory.users()].map(({ Id }) => Id)));
});

it('a parent that may not be read is missing in its list alone, and the next backup starts each list over', async () => {
  const { client, InstanceId, folder, sandbox } = await start(2_100);
  const once = { afterRequests: 2, times: 1 } as const;
  sandbox.inject({ kind: 'access-denied' }, { operation: 'ListSecurityProfilePermissions', ...once });
  sandbox.inject({ kind: 'access-denied' }, { operation: 'ListUsers', ...once });
  const { complete, resources } = await backup(client, { InstanceId }, folder, { pace: false });
  expect(complete).toBe(false);
  const incomplete = resources.filter((one) => !one.complete);
  expect(incomplete).toMatchObject([
    {
      resource: 'security-profile-permissions',
      receipt: {
        end: 'partial',
        complete: false,
        missing: expect.stringMatching(
          /^those of 1 of 6 security profiles could not be read: \S+ \(AccessDen/,
        ),
      },
    },
    { resource: 'users', error: { name: 'AccessDeniedException' } },
  ]);
  expect(await verifyReceipt(incomplete[0]?.receipt)).toMatchObject({ matches: true, complete: false });
  const profiles = async () => {
    const permissions = await rows(folder, 'security-profile-permissions');
    return new Set(permissions.map(({ SecurityProfileId }) => SecurityProfileId)).size;
  };
  expect(await profiles()).toBe(5);
  expect((await readdir(folder)).filter((name) => name.endsWith('.spool'))).toEqual([]);
  // A user of the page that was read before the other was denied.
  const [first] = sandbox.directory.users();
  sandbox.directory.remove(first?.Id ?? '');
  expect(await backup(client, { InstanceId }, folder, { pace: false })).toMatchObject({ complete: true });
  expect(await profiles()).toBe(6);
  const ids = (await rows(folder, 'users')).map(({ Id }) => Id);
  expect(ids).toEqual([...sandbox.directory.users()].map(({ Id }) => Id));
});

it('rows that a search leaves out are in the file and counted, and parents without an id are missing in their lists', async () => {
  const { client, InstanceId, folder } = await start(10);
  // Agents have queues that SearchQueues does not have, and a row may lack its id.
  const others = [
    { Id: 'agent-1', Name: 'agent', QueueType: 'AGENT' },
    { Name: 'nameless', QueueType: 'STANDARD' },
  ];
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (call) => {
        const result = await next(call);
        const { output } = result;
        if (commandName !== 'ListQueuesCommand' || !('QueueSummaryList' in output)) return result;
        const { QueueSummaryList = [] } = output;
        return { ...result, output: { ...output, QueueSummaryList: [...QueueSummaryList, ...others] } };
      },
    { step: 'initialize' },
  );
  const { complete, resources } = await backup(client, { InstanceId }, folder, { pace: false });
  expect(complete).toBe(false);
  const counted = resources.filter(({ withoutDetails }) => withoutDetails !== undefined);
  expect(counted).toMatchObject([{ resource: 'queues', withoutDetails: 2, complete: true }]);
  expect((await rows(folder, 'queues')).slice(-2)).toEqual(others);
  const missing = 'those of 1 of 37 queues could not be read: 1 without an id';
  expect(resources.filter((one) => !one.complete)).toMatchObject([
    { resource: 'queue-email-addresses', receipt: { end: 'partial', missing } },
    { resource: 'queue-quick-connects', receipt: { end: 'partial', missing } },
  ]);
});

it('an instance that does not exist is an error before anything is written', async () => {
  const { client, folder } = await start(1);
  const InstanceId = '00000000-0000-4000-8000-000000000000';
  const into = join(folder, 'new');
  await expect(backup(client, { InstanceId }, into, { pace: false })).rejects.toMatchObject({
    cause: { name: 'ResourceNotFoundException' },
  });
  expect(await readdir(folder)).toEqual([]);
});

it('backup refuses wrong arguments', async () => {
  const { client, folder } = await start(1);
  for (const wrong of [
    [{}, { InstanceId: 'i' }, folder],
    [client, {}, folder],
    [client, { InstanceId: 'i' }, ''],
    [client, { InstanceId: 'i' }, folder, { resume: true }],
    [client, { InstanceId: 'i' }, folder, { perUser: 'yes' }],
  ])
    await expect(Reflect.apply(backup, undefined, wrong)).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
    });
});

/** The plan for what an instance has counts the requests that were sent, but for the further pages of some parents. */
function expectPlanned(
  { resources }: BackupReceipt,
  sent: Readonly<Record<string, { readonly requests: number }>>,
): void {
  const own = resources.filter(({ parents }) => parents === undefined);
  const counts = Object.fromEntries(own.map(({ resource, receipt }) => [resource, receipt?.written ?? 0]));
  const { requests, totalRequests } = planBackup(counts);
  const ofParents = new Set(resources.filter(({ parents }) => parents).map(({ operation }) => operation));
  for (const [operation, planned] of Object.entries(requests)) {
    const { requests: actual = 0 } = sent[operation] ?? {};
    if (ofParents.has(operation)) expect(actual, operation).toBeGreaterThanOrEqual(planned);
    // The names of 500 hierarchy groups are planned, which the sandbox does not have.
    else if (operation === 'SearchUserHierarchyGroups') expect(planned - actual).toBe(4);
    else expect(actual, operation).toBe(planned);
  }
  expect(totalRequests).toBe(Object.values(requests).reduce((sum, one) => sum + one, 0));
}

/** A backup whose lists are done that do not depend on the users. */
async function cutOffBackup() {
  const started = await start(2_100);
  const { client, InstanceId, folder, sandbox } = started;
  const abort = new AbortController();
  // The second page of the users never comes, so that the lists after them are not begun.
  sandbox.inject({ kind: 'hang' }, { operation: 'ListUsers', afterRequests: 2 });
  const cutOff = backup(client, { InstanceId }, folder, { pace: false, signal: abort.signal });
  while (sandbox.stats().operations.ListUsers.requests < 3) await new Promise(setImmediate);
  abort.abort(new Error('cut off'));
  await expect(cutOff).rejects.toThrow('cut off');
  return started;
}

async function start(users: number) {
  const sandbox = await sandboxFor({ users });
  const client = new ConnectClient({ ...sandbox.clientConfig, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  return { sandbox, client, InstanceId: sandbox.instanceId, folder: await newFolder() };
}

async function json(folder: string, name: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(folder, name), 'utf8'));
}

async function rows(folder: string, resource: string): Promise<Record<string, unknown>[]> {
  const text = await readFile(join(folder, `${resource}.ndjson`), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}
