import { ConnectClient } from '@aws-sdk/client-connect';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { expect, it, onTestFinished } from 'vitest';
import { count, operations } from '../../lib/connect/index.js';
import { INSTANCE_RESOURCES } from '../../lib/connect/resources/instance-resources.js';
import type { Sandbox } from '../../lib/sandbox/index.js';
import { startAwsService } from '../support/aws-service.js';
import { sandboxFor } from '../support/sandbox-for.js';

it('count counts every list of an instance, one request for each 1,000 users, next to the quotas of the account', async () => {
  const { sandbox, client, InstanceId } = await start(2_345);
  const service = await startAwsService(({ json }) =>
    json['NextToken'] === undefined
      ? {
          Quotas: [
            quota('L-9A46857E', 2_000, '*'),
            quota('L-19A87C94', 400, sandbox.instances[0]?.arn),
            quota('L-19A87C94', 60),
            quota('L-D3E7BE26', 700, 'arn:aws:connect:us-east-1:111122223333:instance/another'),
          ],
          NextToken: 'two',
        }
      : { Quotas: [quota('L-F325A715', undefined), quota('L-6402A996', 70)] },
  );
  const quotas = new ServiceQuotasClient(service.clientConfig);
  const counts = await count(client, { InstanceId }, { pace: false, quotas });
  expect(counts).toMatchObject({ InstanceId, complete: true, quotasError: undefined });
  const of = (name: string) => counts.resources.find(({ resource }) => resource === name);
  expect(of('users')).toMatchObject({ count: 2_345, quota: 2_000, quotaFrom: 'account' });
  expect(of('queues')).toMatchObject({ count: 36, quota: 400, quotaFrom: 'instance' });
  expect(of('routing-profiles')).toMatchObject({ count: 12, quota: 500, quotaFrom: 'default' });
  expect(of('security-profiles')).toMatchObject({ count: 6, quota: 100, quotaFrom: 'default' });
  expect(of('agent-statuses')).toMatchObject({ quota: 50, quotaFrom: 'default' });
  expect(of('evaluation-forms')).toMatchObject({ count: 12, quota: 400, quotaFrom: 'default' });
  // Its quota is not documented, but known for the account.
  expect(of('workspaces')).toMatchObject({ count: 12, quota: 70, quotaFrom: 'account' });
  for (const name of ['views', 'notifications', 'rules'])
    expect(of(name)).toMatchObject({ count: expect.any(Number), quota: undefined, quotaFrom: undefined });
  expect(counts.resources.every(({ error }) => error === undefined)).toBe(true);
  expect(sandbox.stats().operations.ListUsers.requests).toBe(3);
  expect(service.requests.map(({ json }) => json['QuotaAppliedAtLevel'])).toEqual(['ALL', 'ALL']);
});

it('count has all lists that need no more than the instance, each once, except records of what happened', () => {
  const listed = INSTANCE_RESOURCES.map(({ operation }) => operation);
  expect(new Set(listed).size).toBe(listed.length);
  const ofInstance = Object.entries(operations)
    .filter(([name, one]) => name.startsWith('List') && 'ofInstance' in one)
    .map(([name]) => name);
  expect(ofInstance.filter((name) => !listed.includes(name))).toEqual([
    'ListPhoneNumbers',
    'ListTestCaseExecutions',
  ]);
});

it('the queues of agents do not count against the quota of queues', async () => {
  const service = await startAwsService(({ path, parameters }) => {
    const isQueues = path.startsWith('/queues-summary/');
    const isOfAgents = parameters['queueTypes'] !== 'STANDARD';
    const queues = [{ Id: 'q-1' }, ...(isOfAgents ? [{ Id: 'agent/u-1' }, { Id: 'agent/u-2' }] : [])];
    return isQueues ? { QueueSummaryList: queues } : {};
  });
  const client = new ConnectClient(service.clientConfig);
  const { resources } = await count(client, { InstanceId: 'i-1' }, { pace: false, quotas: false });
  expect(resources.find(({ resource }) => resource === 'queues')).toMatchObject({ count: 1, quota: 100 });
});

it('a list that is denied or fails after its first page has an error and no count, and the others are counted', async () => {
  const { sandbox, client, InstanceId } = await start(1_500);
  sandbox.inject({ kind: 'access-denied' }, { operation: 'ListQueues' });
  sandbox.inject({ kind: 'expired-token' }, { operation: 'ListUsers' });
  const { clientConfig } = await startAwsService(() => ({ __type: 'AccessDeniedException' }));
  const quotas = new ServiceQuotasClient(clientConfig);
  const { complete, resources, quotasError } = await count(client, { InstanceId }, { pace: false, quotas });
  expect(complete).toBe(false);
  const failed = resources.filter(({ error }) => error);
  expect(failed).toMatchObject([
    {
      resource: 'queues',
      operation: 'ListQueues',
      count: undefined,
      quota: 100,
      quotaFrom: 'default',
      error: { code: 'ERR_REQUEST_FAILED', cause: { name: 'AccessDeniedException' } },
    },
    { resource: 'users', count: undefined, error: { code: 'ERR_TOKEN_REJECTED' } },
  ]);
  const others = resources.filter(({ error }) => !error);
  expect(others.every(({ count: items }) => typeof items === 'number')).toBe(true);
  expect(others).toContainEqual(expect.objectContaining({ resource: 'routing-profiles', count: 12 }));
  expect(quotasError).toMatchObject({ cause: { name: 'AccessDeniedException' } });
});

it('an instance that is deleted in the middle has no counts from then on', async () => {
  const { sandbox, client, InstanceId } = await start(3_000);
  const counting = count(client, { InstanceId }, { pace: false });
  while (sandbox.stats().requests < 10) await new Promise(setImmediate);
  sandbox.instances[0]?.delete();
  const { resources, complete } = await counting;
  expect(complete).toBe(false);
  expect(resources.some(({ count: items }) => items !== undefined)).toBe(true);
  for (const { count: items, error } of resources.filter(({ error: failed }) => failed)) {
    expect(items).toBeUndefined();
    expect(error).toMatchObject({ cause: { name: 'ResourceNotFoundException' } });
  }
});

it('an instance that does not exist is one error', async () => {
  const { client } = await start(1);
  const InstanceId = '00000000-0000-4000-8000-000000000000';
  await expect(count(client, { InstanceId }, { pace: false })).rejects.toMatchObject({
    code: 'ERR_REQUEST_FAILED',
    cause: { name: 'ResourceNotFoundException' },
  });
});

it('an abort ends the count', async () => {
  const { sandbox, client, InstanceId } = await start(3);
  sandbox.inject({ kind: 'hang' }, { operation: 'ListUsers' });
  const abort = new AbortController();
  const counting = count(client, { InstanceId }, { pace: false, signal: abort.signal });
  while (sandbox.stats().operations.ListUsers.requests === 0) await new Promise(setImmediate);
  abort.abort(new Error('enough'));
  await expect(counting).rejects.toThrow('enough');
});

it('count refuses wrong arguments before anything is sent', async () => {
  const { sandbox, client } = await start(1);
  const wrong = [
    count({} as never, { InstanceId: 'i' }),
    count(client, {} as never),
    count(client, { InstanceId: 'i' }, { quota: true } as never),
    count(client, { InstanceId: 'i' }, { quotas: {} } as never),
  ];
  for (const one of wrong) await expect(one).rejects.toMatchObject({ code: 'ERR_INVALID_ARGUMENT' });
  expect(sandbox.stats().requests).toBe(0);
});

async function start(
  users: number,
): Promise<{ sandbox: Sandbox; client: ConnectClient; InstanceId: string }> {
  const sandbox = await sandboxFor({ users });
  const client = new ConnectClient({ ...sandbox.clientConfig, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  return { sandbox, client, InstanceId: sandbox.instanceId };
}

function quota(QuotaCode: string, Value: number | undefined, ContextId?: string) {
  return { ServiceCode: 'connect', QuotaCode, Value, ...(ContextId && { QuotaContext: { ContextId } }) };
}
