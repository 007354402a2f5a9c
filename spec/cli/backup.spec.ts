import { appendFile, copyFile, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConnectClient } from '@aws-sdk/client-connect';
import { expect, it, onTestFinished } from 'vitest';
import { type BackupReceipt, backup as writeBackup } from '../../lib/connect/index.js';
import { ndjson } from '../../lib/destinations/formats/index.js';
import { fromPages } from '../../lib/from-pages.js';
import { file } from '../../lib/node/file-destination.js';
import { lockFile } from '../../lib/node/files/lock-file.js';
import { at } from '../support/at.js';
import { generousQuotas } from '../support/generous-quotas.js';
import { sandboxFor } from '../support/sandbox-for.js';
import { temporaryFolders } from '../support/temporary-folders.js';
import { runCli } from './run-in-process.js';

generousQuotas();

const temporaryFolder = temporaryFolders('backup');

/** What the run before counted. */
const WITHOUT_DETAILS: Readonly<Record<string, object>> = {
  queues: { withoutDetails: 2 },
  'routing-profiles': { withoutDetails: 1 },
};

it('backup finishes a backup that was cut off, and verify compares its files with the receipt', async () => {
  const sandbox = await sandboxFor({ users: 1234 });
  const folder = join(await temporaryFolder(), 'instance');
  const client = new ConnectClient(sandbox.clientConfig);
  onTestFinished(() => client.destroy());
  const InstanceId = sandbox.instanceId;
  const { startedAt, resources } = await writeBackup(client, { InstanceId }, folder, { pace: false });
  // As if it had been killed before it came to the users.
  const done = resources
    .filter(({ resource }) => resource !== 'users')
    .map((one) => [one.resource, { ...one, ...WITHOUT_DETAILS[one.resource] }]);
  const checkpoint = {
    pageturn: 'folder',
    version: 1,
    of: InstanceId,
    startedAt,
    done: Object.fromEntries(done),
  };
  await writeFile(join(folder, 'checkpoint.json'), JSON.stringify(checkpoint));
  await Promise.all(['users.ndjson', 'receipt.json'].map((name) => rm(join(folder, name))));
  const before = sandbox.stats().operations;
  const { code, stdout, stderr } = await runCli(['backup', folder, ...at(sandbox)]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(stderr).toMatch(
    /^2 of 36 queues have no details: SearchQueues does not return them\n1 of 12 routing-profiles has no details: SearchRoutingProfiles does not return it\n62 of 62 resources written to .*instance \([\d,]+ items, \d+ requests, [\d.]+ s\)\n20 operations not included, such as those of a contact; receipt.json names them\n$/,
  );
  expect(sandbox.stats().operations.ListQueues).toEqual(before.ListQueues);
  const users = (await readFile(join(folder, 'users.ndjson'), 'utf8')).trimEnd().split('\n');
  expect(users).toHaveLength(1234);
  expect(JSON.parse(users[0] ?? '')).toMatchObject({ RoutingProfileName: expect.any(String) });
  const receipt = join(folder, 'receipt.json');
  expect(JSON.parse(await readFile(receipt, 'utf8'))).toMatchObject({ complete: true, startedAt });

  const verified = await runCli(['verify', receipt]);
  expect(verified.stdout).toMatch(/instance is what was published: 62 files, [\d,]+ rows, [\d,]+ bytes\n$/);
  expect(verified).toMatchObject({ code: 0, stderr: '' });
  const moved = `${folder}.moved`;
  await rename(folder, moved);
  expect(await runCli(['verify', join(moved, 'receipt.json')])).toMatchObject({ code: 0 });
  await copyFile(join(moved, 'receipt.json'), receipt.replace('/instance/', '/'));
  const copied = await runCli(['verify', receipt.replace('/instance/', '/'), moved]);
  expect(copied).toMatchObject({ code: 0 });
  await appendFile(join(moved, 'users.ndjson'), '{}\n');
  await rm(join(moved, 'queues.ndjson'));
  const changed = await runCli(['verify', join(moved, 'receipt.json')]);
  expect(changed.stderr).toMatch(/^pageturn: \S+queues\.ndjson is missing; 1 other file differs as well\n$/);
  expect(changed).toMatchObject({ code: 1, stdout: '' });
  const nowhere = await runCli(['verify', join(moved, 'receipt.json'), folder]);
  expect(nowhere.stderr).toMatch(/^pageturn: the folder \S+ does not exist; name that of the backup\n$/);
  expect(nowhere.code).toBe(2);
});

it('a backup without some of the lists says so, writes the others and exits with 1', async () => {
  // Without these there are few parents, whose lists take seconds at the documented quota.
  const denied = [
    ...([
      'ListQueues',
      'ListRoutingProfiles',
      'ListDataTables',
      'ListContactFlows',
      'ListWorkspaces',
    ] as const),
    ...(['ListContactFlowModules', 'ListEvaluationForms', 'ListIntegrationAssociations'] as const),
    'ListTrafficDistributionGroups',
  ] as const;
  const sandbox = await sandboxFor({
    users: 3,
    faults: denied.map((operation) => ({ kind: 'access-denied', operation })),
  });
  const folder = await temporaryFolder();
  sandbox.inject(
    { kind: 'error', status: 400, name: 'InvalidRequestException' },
    { operation: 'ListBots', times: 1 },
  );
  const { code, stderr } = await runCli(['backup', folder, ...at(sandbox)]);
  expect(stderr).toMatch(
    /^bots are not complete: those of 1 of 2 values of LexVersion could not be read: V1 \(InvalidRequestException\)$/m,
  );
  expect(stderr).toMatch(/^queues could not be read: AccessDeniedException: .+$/m);
  expect(stderr).toMatch(/^queue-quick-connects could not be read: AccessDeniedException: .*ListQueues/m);
  expect(stderr).toMatch(/^users have no details: AccessDeniedException: .*ListRoutingProfiles/m);
  expect(stderr).toMatch(/^37 of 62 resources written to /m);
  expect(code).toBe(1);
  expect(await readdir(folder)).toContain('users.ndjson');
  expect(await readdir(folder)).not.toContain('queues.ndjson');
  const { stdout } = await runCli(['verify', join(folder, 'receipt.json')]);
  expect(stdout).toMatch(
    /: 39 files, .*; not in it, because they could not be read: .*\bqueues, .*; not complete: bots, users\n$/,
  );
});

it.each<[what: string, damage: (receipt: BackupReceipt) => unknown]>([
  ['it has users twice', ({ resources: [one] }) => ({ complete: true, resources: [one, one] })],
  [
    'it does not say whether users could be read',
    ({ resources: [one] }) => ({ complete: true, resources: [{ ...one, receipt: undefined }] }),
  ],
  [
    'it does not say whether users could be read',
    ({ resources: [one] }) => ({ complete: true, resources: [{ ...one, complete: undefined }] }),
  ],
  [
    'it does not say whether users could be read',
    ({ resources: [one] }) => ({ complete: true, resources: [{ ...one, error: { name: 'Error' } }] }),
  ],
  ['complete and resources disagree', ({ resources }) => ({ resources })],
  ['complete and resources disagree', ({ resources }) => ({ complete: false, resources })],
])('verify does not believe the receipt of a backup that is damaged: %s', async (what, damage) => {
  const folder = await temporaryFolder();
  const receipt = await readyReceipt(folder);
  const path = join(folder, 'receipt.json');
  await writeFile(path, JSON.stringify(receipt));
  expect(await runCli(['verify', path])).toMatchObject({ code: 0, stderr: '' });
  await writeFile(path, JSON.stringify(damage(receipt)));
  const { code, stderr } = await runCli(['verify', path]);
  expect(stderr).toBe(`pageturn: the receipt of the backup is damaged: ${what}\n`);
  expect(code).toBe(1);
});

/** The receipt of a backup that has only one file. */
async function readyReceipt(folder: string): Promise<BackupReceipt> {
  const rows = fromPages(async () => ({ items: [{ Id: 'a' }], next: undefined }));
  const receipt = await rows.drainTo(file(join(folder, 'users.ndjson'), { format: ndjson() }));
  const { startedAt, endedAt = startedAt } = receipt;
  const resources = [{ resource: 'users', operation: 'ListUsers', complete: true, receipt }];
  return { InstanceId: 'i', startedAt, endedAt, complete: true, resources, notIncluded: [] };
}

it('backup --plan shows the requests and the time, and writes nothing', async () => {
  const sandbox = await sandboxFor({ users: 1234 });
  const folder = join(await temporaryFolder(), 'instance');
  const asked = await runCli(['backup', folder, '--plan', ...at(sandbox)]);
  expect(asked.stdout).toMatch(
    /^1,234 users, and as many of everything else as the default quotas allow: [\d,]+ requests, \d+ min\n {2}500 List/,
  );
  expect(asked).toMatchObject({ code: 0, stderr: '' });
  expect(sandbox.stats().requests).toBe(1);
  const given = await runCli(['backup', folder, '--plan', '1234']);
  expect(given).toEqual(asked);
  const more = await runCli(['backup', folder, '--per-user', '--plan', '44000']);
  expect(more.stdout).toMatch(/ requests, 6 h\n {2}44,000 ListUserProficiencies\n/);
  const nowhere = await runCli(['backup', folder, '--plan']);
  expect(nowhere.stderr).toMatch(/--instance-id is missing; name the instance, or pass a number of users/);
  expect(nowhere.code).toBe(2);
  await expect(stat(folder)).rejects.toThrow('ENOENT');
});

it('a backup of an instance that does not exist leaves no folder behind', async () => {
  const sandbox = await sandboxFor();
  sandbox.instances[0]?.delete();
  const folder = join(await temporaryFolder(), 'instance');
  const { code, stderr } = await runCli(['backup', folder, ...at(sandbox)]);
  expect(stderr).toMatch(
    /^pageturn: ResourceNotFoundException: .*; check --instance-id, --region and --profile/,
  );
  expect(code).toBe(1);
  await expect(stat(folder)).rejects.toThrow('ENOENT');
});

it('a folder that another backup uses is called a folder in the message', async () => {
  const sandbox = await sandboxFor({ users: 3 });
  const folder = await temporaryFolder();
  const lock = await lockFile(join(folder, 'checkpoint.json'), { code: 'ERR_FILE_LOCKED', noun: 'file' });
  onTestFinished(() => lock.release());
  const { code, stderr } = await runCli(['backup', folder, ...at(sandbox)]);
  expect(stderr).toMatch(/^pageturn: the folder \S+ is in use by this process .*, or use another folder\n$/);
  expect(stderr).toContain(`the folder ${folder} is`);
  expect(code).toBe(1);
});

it('a file in place of the folder is an error of one line', async () => {
  const sandbox = await sandboxFor({ users: 3 });
  const file = join(await temporaryFolder(), 'instance');
  await writeFile(file, 'something else');
  const { code, stdout, stderr } = await runCli(['backup', file, ...at(sandbox)]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toBe(`pageturn: cannot write to ${file}: it is a file; name a folder\n`);
  expect(await readFile(file, 'utf8')).toBe('something else');
  const below = await runCli(['backup', join(file, 'below'), ...at(sandbox)]);
  expect(below.stderr).toBe(`pageturn: cannot write to ${file}/below: ENOTDIR: not a directory\n`);
  expect(below.code).toBe(1);
});
