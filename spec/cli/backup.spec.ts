import { appendFile, copyFile, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { lockFile } from '../../lib/node/files/lock-file.js';
import { at } from '../support/at.js';
import { sandboxFor } from '../support/sandbox-for.js';
import { temporaryFolders } from '../support/temporary-folders.js';
import { runCli } from './run-in-process.js';

const temporaryFolder = temporaryFolders('backup');

it('backup writes a file for each resource of an instance, and a receipt that verify compares with them', async () => {
  const sandbox = await sandboxFor({ users: 1234 });
  const folder = join(await temporaryFolder(), 'instance');
  const { code, stdout, stderr } = await runCli(['backup', folder, ...at(sandbox)]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(stderr).toMatch(/^40 of 40 resources written to .*instance \([\d,]+ items, [\d.]+ s\)\n$/);
  const users = (await readFile(join(folder, 'users.ndjson'), 'utf8')).trimEnd().split('\n');
  expect(users).toHaveLength(1234);
  expect(JSON.parse(users[0] ?? '')).toMatchObject({ RoutingProfileName: expect.any(String) });
  const receipt = join(folder, 'receipt.json');
  expect(JSON.parse(await readFile(receipt, 'utf8'))).toMatchObject({ complete: true });

  const verified = await runCli(['verify', receipt]);
  expect(verified.stdout).toMatch(/instance is what was published: 40 files, [\d,]+ rows, [\d,]+ bytes\n$/);
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

it('a backup without one of the lists says so, writes the others and exits with 1', async () => {
  const sandbox = await sandboxFor({
    users: 3,
    faults: [{ kind: 'access-denied', operation: 'ListQueues' }],
  });
  const folder = await temporaryFolder();
  const { code, stderr } = await runCli(['backup', folder, ...at(sandbox)]);
  expect(stderr).toMatch(/^queues could not be read: AccessDeniedException: .+$/m);
  expect(stderr).toMatch(/^39 of 40 resources written to /m);
  expect(code).toBe(1);
  expect(await readdir(folder)).toContain('users.ndjson');
  expect(await readdir(folder)).not.toContain('queues.ndjson');
  const { stdout } = await runCli(['verify', join(folder, 'receipt.json')]);
  expect(stdout).toMatch(/: 39 files, .*; not in it, because they could not be read: queues\n$/);
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

it('a folder that another backup uses is named as a folder', async () => {
  const sandbox = await sandboxFor({ users: 3 });
  const folder = await temporaryFolder();
  const lock = await lockFile(join(folder, 'checkpoint.json'), { code: 'ERR_FILE_LOCKED', noun: 'file' });
  onTestFinished(() => lock.release());
  const { code, stderr } = await runCli(['backup', folder, ...at(sandbox)]);
  expect(stderr).toMatch(/^pageturn: the folder \S+ is in use by this process .*, or use another folder\n$/);
  expect(stderr).toContain(`the folder ${folder} is`);
  expect(code).toBe(1);
});

it('a file where the folder should be is one clear line', async () => {
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
