import { ConnectClient, type InstanceSummary } from '@aws-sdk/client-connect';
import { afterAll, beforeAll, expect, expectTypeOf, it } from 'vitest';
import { instances } from '../../lib/connect/index.js';
import type { Listing } from '../../lib/index.js';
import { type Sandbox, startSandbox } from '../../lib/sandbox/index.js';

let sandbox: Sandbox;
let client: ConnectClient;
beforeAll(async () => {
  sandbox = await startSandbox({ users: 1 });
  client = new ConnectClient(sandbox.clientConfig);
});
afterAll(async () => {
  client.destroy();
  await sandbox.close();
});

it('instances lists every instance of the account with id, ARN, alias and status, 10 per request', async () => {
  const listing = instances(client);
  expectTypeOf(listing).toEqualTypeOf<Listing<InstanceSummary>>();
  const all = await listing.toArray();
  expect(all.map(({ Id, Arn, InstanceAlias }) => [Id, Arn, InstanceAlias])).toEqual(
    sandbox.instances.map(({ id, arn, alias }) => [id, arn, alias]),
  );
  expect(new Set(all.map(({ InstanceStatus }) => InstanceStatus))).toEqual(
    new Set(['ACTIVE', 'CREATION_IN_PROGRESS']),
  );
  expect(sandbox.stats().requests).toBe(2);
});

it('instances resumes after the instance it stopped at', async () => {
  const walk = instances(client, { pageSize: 4 }).open();
  const ids: (string | undefined)[] = [];
  for await (const { Id } of walk) {
    if (ids.length === 6) break;
    ids.push(Id);
  }
  for await (const { Id } of instances(client).open({ from: walk.cursor })) ids.push(Id);
  expect(ids).toEqual(sandbox.instances.map(({ id }) => id));
});

it.each<[string, string, unknown[]]>([
  ['a missing client', 'client', []],
  ['an unknown option', 'maxItems', [{ maxItems: 1 }]],
  ['a page size above 10', 'a whole number from 1 to 10', [{ pageSize: 11 }]],
])('instances refuses %s before anything is sent', (_what, named, options) => {
  const args = named === 'client' ? [] : [client, ...options];
  expect(() => Reflect.apply(instances, undefined, args)).toThrow(
    expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT', message: expect.stringContaining(named) }),
  );
});
