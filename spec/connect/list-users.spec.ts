import { ConnectClient } from '@aws-sdk/client-connect';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listUsers } from '../../lib/connect/index.js';
import { type Sandbox, startSandbox } from '../../lib/sandbox/index.js';

const InstanceId = '11111111-2222-4333-8444-555555555555';

describe('listUsers', () => {
  let sandbox: Sandbox;
  let client: ConnectClient;
  beforeEach(async () => {
    sandbox = await startSandbox({ users: 2500, ratePerSecond: 1000, burst: 1000 });
    client = new ConnectClient(sandbox.clientConfig);
  });
  afterEach(async () => {
    client.destroy();
    await sandbox.close();
  });

  it('listUsers yields every user of the instance with 1,000 users per request', async () => {
    const users = await listUsers(client, { InstanceId: sandbox.instanceId }).toArray();
    expect(new Set(users.map(({ Id }) => Id)).size).toBe(2500);
    expect(sandbox.stats().requests).toBe(3);
  });

  it('listUsers asks for the given page size, as an option or as MaxResults', async () => {
    await listUsers(client, { InstanceId: sandbox.instanceId }, { pageSize: 500, pace: false }).toArray();
    await listUsers(client, { InstanceId: sandbox.instanceId, MaxResults: 250 }, { pace: false }).toArray();
    expect(sandbox.stats().requests).toBe(5 + 10);
  });

  it('listUsers resumes after the user it stopped at', async () => {
    const users = listUsers(client, { InstanceId: sandbox.instanceId });
    const walk = users.open();
    const seen: unknown[] = [];
    for await (const { Id } of walk) {
      if (seen.length === 1200) break;
      seen.push(Id);
    }
    for await (const { Id } of users.open({ from: walk.cursor })) seen.push(Id);
    expect(seen).toHaveLength(2500);
    expect(new Set(seen).size).toBe(2500);
  });
});

describe('the arguments of listUsers', () => {
  const client = new ConnectClient({ region: 'eu-central-1' });
  const mock = mockClient(client);

  it.each([
    ['a missing client', 'client must be an AWS SDK v3 client, passed before the input', [{ InstanceId }]],
    ['undefined for a client', 'client must be an AWS SDK v3 client', [undefined, { InstanceId }]],
    ['a missing InstanceId', 'InstanceId', [client, {}]],
    ['an empty InstanceId', 'InstanceId', [client, { InstanceId: '' }]],
    ['a blank InstanceId', 'InstanceId', [client, { InstanceId: '  ' }]],
    ['an InstanceId that is not a string', 'InstanceId', [client, { InstanceId: 7 }]],
    ['an InstanceId that is too long', 'InstanceId', [client, { InstanceId: 'x'.repeat(101) }]],
    ['a missing input', 'InstanceId', [client]],
    ['a page size of 0', 'pageSize', [client, { InstanceId }, { pageSize: 0 }]],
    ['a page size of 1,001', 'pageSize', [client, { InstanceId }, { pageSize: 1001 }]],
    ['a page size of 1.5', 'pageSize', [client, { InstanceId }, { pageSize: 1.5 }]],
    ['MaxResults of 1,001', 'pageSize', [client, { InstanceId, MaxResults: 1001 }]],
    ['a NextToken', 'input.NextToken', [client, { InstanceId, NextToken: 'A' }]],
    ['a client without send', 'client', [{}, { InstanceId }]],
    ['an unknown option', 'maxItems', [client, { InstanceId }, { maxItems: 10 }]],
  ])('listUsers refuses %s before anything is sent', (_what, named, args) => {
    expect(() => Reflect.apply(listUsers, undefined, args)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT', message: expect.stringContaining(named) }),
    );
    expect(mock.calls()).toHaveLength(0);
  });
});
