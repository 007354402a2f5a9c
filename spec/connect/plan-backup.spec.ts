import { ConnectClient } from '@aws-sdk/client-connect';
import { expect, it, onTestFinished } from 'vitest';
import { CHILD_RESOURCES } from '../../lib/connect/backup/child-resources.js';
import { backup, count, planBackup } from '../../lib/connect/index.js';
import { newFolder, sandboxFor } from '../support/sandbox-for.js';

it('a backup is planned with the requests that it sends, by operation', async () => {
  const sandbox = await sandboxFor({ users: 2 });
  const client = new ConnectClient({ ...sandbox.clientConfig, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  const { instanceId: InstanceId } = sandbox;
  const { resources } = await count(client, { InstanceId }, { pace: false });
  const before = sandbox.stats().operations;
  await backup(client, { InstanceId }, await newFolder(), { pace: false, perUser: true });
  const after = sandbox.stats().operations;
  const counts = Object.fromEntries(resources.map((one) => [one.resource, one.count ?? 0]));
  const { requests, totalRequests } = planBackup(counts, { perUser: true });
  const parts = new Set<string>(CHILD_RESOURCES.map(({ operation }) => operation));
  for (const [operation, planned] of Object.entries(requests)) {
    const name = operation as keyof typeof after;
    const sent = after[name].requests - before[name].requests;
    // Some parents have more than a page.
    if (parts.has(operation)) expect(sent, operation).toBeGreaterThanOrEqual(planned);
    // The names of 500 hierarchy groups are planned, which the sandbox does not have.
    else if (operation === 'SearchUserHierarchyGroups') expect(planned - sent).toBe(4);
    else expect(sent, operation).toBe(planned);
  }
  expect(totalRequests).toBe(Object.values(requests).reduce((sum, one) => sum + one, 0));
});

it('what is not counted is taken at its default quota, and the slowest quota decides the time', () => {
  const { requests, durationMs, summary } = planBackup({ users: 10_000 }, { perUser: true });
  expect(requests).toMatchObject({
    // One of them asks whether the instance is there.
    ListUsers: 11,
    SearchUsers: 20,
    ListUserProficiencies: 10_000,
    ListRoutingProfileQueues: 500,
    ListContactFlowVersions: 100,
    ListInstanceStorageConfigs: 13,
    ListBots: 2,
  });
  expect(durationMs).toBe(5_000_000);
  expect(summary).toMatch(/^1\d,\d{3} requests, 83 min$/);
  expect(planBackup({ users: 10_000 }, { perUser: true, share: 0.5 }).durationMs).toBe(10_000_000);
});

it('lists that are read side by side take a quarter of their time', () => {
  const { totalRequests, durationMs } = planBackup({ users: 100 }, { ratePerSecond: 1 });
  expect(durationMs).toBe(Math.max((totalRequests * 1000) / 4, 500_000));
});

it('planBackup refuses an unknown resource, a count that is no number, and an unknown option', () => {
  for (const wrong of [
    [{ agents: 5 }],
    [{ users: -1 }],
    [{ users: 1.5 }],
    [undefined],
    [{}, { pageSize: 5 }],
    [{}, { perUser: 1 }],
    [{}, { share: 2 }],
  ])
    expect(() => Reflect.apply(planBackup, undefined, wrong)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }),
    );
});
