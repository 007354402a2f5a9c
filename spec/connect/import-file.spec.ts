import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ListRoutingProfilesCommand, ListSecurityProfilesCommand, type User } from '@aws-sdk/client-connect';
import { expect, it } from 'vitest';
import { list, userDetails } from '../../lib/connect/index.js';
import { connectImport } from '../../lib/destinations/formats/index.js';
import { file } from '../../lib/node/index.js';
import type { Sandbox } from '../../lib/sandbox/index.js';
import { newFolder, sandboxFor } from '../support/sandbox-for.js';
import { clientFor, requestsOf, usersAt } from './sandbox-users.js';

const SAML = [
  'Username',
  'FirstName',
  'LastName',
  'HierarchyGroupName',
  'RoutingProfileName',
  'SecurityProfileNames',
  'PhoneType',
  'DeskPhoneNumber',
  'PersistentConnection',
  'VoiceEnhancementMode',
] as const;

it('the users of an instance with SAML, drained into its import template, are all there as they are', async () => {
  const sandbox = await sandboxFor({ users: 60 });
  const path = join(await newFolder(), 'import.csv');
  const receipt = await userDetails(
    clientFor(sandbox),
    { InstanceId: sandbox.instanceId },
    { fields: SAML, pageSize: 50, pace: false },
  ).drainTo(file(path, { format: connectImport({ directory: 'SAML' }) }));
  expect(receipt).toMatchObject({ complete: true, written: 60, requests: 5 });
  expect(requestsOf(sandbox)).toMatchObject({ SearchUsers: 2, ListUserHierarchyGroups: 1 });

  const names = await namesAt(sandbox);
  const rows = await linesOf(path);
  expect(rows).toEqual(
    (await usersAt(sandbox)).map((user) => [
      user.IdentityInfo?.FirstName,
      user.IdentityInfo?.LastName,
      user.Username,
      rows.find(([, , login]) => login === user.Username)?.[3],
      names.get(user.RoutingProfileId ?? ''),
      user.SecurityProfileIds?.map((id) => names.get(id)).join('|'),
      '',
      user.PhoneConfig?.PhoneType === 'DESK_PHONE' ? 'desk' : 'soft',
      user.PhoneConfig?.DeskPhoneNumber ?? '',
      '',
      user.PhoneConfig?.PersistentConnection ? 'yes' : 'no',
      user.VoiceEnhancementConfigs?.[0]?.VoiceEnhancementMode === 'NONE' ? 'none' : 'isolate voice',
    ]),
  );
  expect(rows.filter(([, , , group]) => group === '')).toHaveLength(
    (await usersAt(sandbox)).filter(({ HierarchyGroupId }) => HierarchyGroupId === undefined).length,
  );
});

it('the template of an instance that manages its users has their e-mail addresses and after-contact times', async () => {
  const sandbox = await sandboxFor({ users: 25 });
  const path = join(await newFolder(), 'import.csv');
  const fields = [
    ...SAML,
    'Email',
    'SecondaryEmail',
    'Mobile',
    'AutoAccept',
    'AfterContactWorkTimeLimit',
  ] as const;
  await userDetails(clientFor(sandbox), { InstanceId: sandbox.instanceId }, { fields, pace: false }).drainTo(
    file(path, { format: connectImport({ directory: 'CONNECT_MANAGED' }) }),
  );
  const rows = await linesOf(path);
  expect(rows.map(([, , email, second, mobile, , login]) => [login, email, second, mobile])).toEqual(
    (await usersAt(sandbox)).map(({ Username, IdentityInfo }) => [
      Username,
      IdentityInfo?.Email ?? '',
      IdentityInfo?.SecondaryEmail ?? '',
      IdentityInfo?.Mobile ?? '',
    ]),
  );
  expect(rows.map((row) => [row.at(-3), row.at(-2)])).toEqual(
    (await usersAt(sandbox)).map(({ PhoneConfig }: User) => [
      PhoneConfig?.AutoAccept ? 'yes' : 'no',
      String(PhoneConfig?.AfterContactWorkTimeLimit),
    ]),
  );
});

/** The lines of a template after its header. No cell of these has a comma or a quote. */
async function linesOf(path: string): Promise<string[][]> {
  const text = await readFile(path, 'utf8');
  expect(text).not.toContain('"');
  const lines = text.split('\n').slice(1, -1);
  return lines.map((line) => line.split(','));
}

async function namesAt(sandbox: Sandbox): Promise<ReadonlyMap<unknown, unknown>> {
  const client = clientFor(sandbox);
  const input = { InstanceId: sandbox.instanceId };
  const profiles = [
    ...(await list(client, ListRoutingProfilesCommand, input).toArray()),
    ...(await list(client, ListSecurityProfilesCommand, input).toArray()),
  ];
  return new Map(profiles.map(({ Id, Name }) => [Id, Name]));
}
