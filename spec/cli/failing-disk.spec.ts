import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import type { Sandbox } from '../../lib/sandbox/index.js';
import { failingCalls } from '../node/system-calls.js';
import { at } from '../support/at.js';
import { generousQuotas } from '../support/generous-quotas.js';
import { newFolder, sandboxFor } from '../support/sandbox-for.js';
import { smallDisk } from '../support/small-disk.js';
import { runCli } from './run-in-process.js';

generousQuotas();

vi.mock('node:fs/promises', async (importOriginal) => {
  const { recordSystemCalls } = await import('../node/system-calls.js');
  return recordSystemCalls(await importOriginal());
});

beforeEach(() => failingCalls.clear());

it('a backup whose disk does not take a file names it in one line, and the same command resumes', async ({
  skip,
}) => {
  const sandbox = await sandboxFor({ users: 300 });
  const whole = join(await newFolder(), 'whole');
  failingCalls.set('write receipt.json.<temporary>', 'EDQUOT');
  const failed = await runCli(['backup', whole, ...at(sandbox)]);
  expect(failed.stderr).toBe(
    `pageturn: cannot write ${whole}/receipt.json: EDQUOT: disk quota exceeded; what is done is kept in ${whole}: fix this, then rerun the same command to continue\n`,
  );
  expect(failed).toMatchObject({ code: 1, stdout: '' });
  failingCalls.clear();
  const { requests } = sandbox.stats();
  await completed(whole, sandbox);
  // It asks whether the instance is there.
  expect(sandbox.stats().requests).toBe(requests + 1);

  const folder = await newFolder();
  const disk = smallDisk(folder, '1m') ?? skip('only root can mount a small disk');
  const full = await runCli(['backup', folder, ...at(sandbox)]);
  expect(full.stderr).toMatch(
    /^pageturn: cannot (open|write to|publish|write) \S+json: ENOSPC: no space left on device; what is done is kept in \S+: fix this, then rerun the same command to continue\n$/,
  );
  expect(full.code).toBe(1);
  disk.resize('4m');
  const { startedAt } = JSON.parse(await readFile(join(folder, 'checkpoint.json'), 'utf8'));
  await completed(folder, sandbox);
  expect(JSON.parse(await readFile(join(folder, 'receipt.json'), 'utf8'))).toMatchObject({ startedAt });
  expect(await contentsOf(folder)).toEqual(await contentsOf(whole));
});

it('a disk that does not take the changes or the snapshot leaves both as they were, and the next run reports the changes again', async () => {
  const sandbox = await sandboxFor({ users: 50 });
  const folder = await newFolder();
  const [since, out] = [join(folder, 'users.snapshot'), join(folder, 'changes.csv')];
  const args = ['changes', ...at(sandbox), '--since', since, '--update', '--out', out];
  failingCalls.set('write users.snapshot.<temporary>', 'ENOSPC');
  expect(await runCli(args)).toMatchObject({
    code: 1,
    stderr: `pageturn: cannot take the snapshot ${since}: ENOSPC: it fails\n`,
  });
  expect(await readdir(folder)).toEqual([]);
  failingCalls.clear();
  expect(await runCli(args)).toMatchObject({ code: 0 });
  sandbox.directory.insert({ Username: 'another.new@acme.com' });
  const before = await contentsOf(folder);
  failingCalls.set('write changes.csv.<temporary>', 'EDQUOT');
  expect(await runCli(args)).toMatchObject({
    code: 1,
    stderr: `pageturn: cannot write ${out}: EDQUOT: disk quota exceeded\n`,
  });
  expect(await contentsOf(folder)).toEqual(before);
  failingCalls.clear();
  failingCalls.set('rename users.snapshot.<temporary> users.snapshot', 'ENOSPC');
  const failed = await runCli(args);
  expect(failed.stderr).toBe(
    `pageturn: cannot use the snapshot ${since}, which is unchanged: ENOSPC: it fails\n`,
  );
  expect(failed.code).toBe(1);
  expect(await readFile(out, 'utf8')).toContain('another.new@acme.com');
  failingCalls.clear();
  expect(await runCli(args)).toMatchObject({ code: 0, stderr: expect.stringMatching(/^1 added, /) });
  expect(await readdir(folder)).toEqual(['changes.csv', 'users.snapshot']);
});

it('a disk that does not take the receipt leaves the one before, and says that the output is whole', async () => {
  const sandbox = await sandboxFor({ users: 5 });
  const folder = await newFolder();
  const [out, receipt] = [join(folder, 'users.csv'), join(folder, 'users.json')];
  await writeFile(receipt, 'yesterday');
  failingCalls.set('write users.json.<temporary>', 'ENOSPC');
  expect(await runCli(['users', ...at(sandbox), '--out', out, '--receipt', receipt])).toMatchObject({
    code: 1,
    stderr: `pageturn: cannot write the receipt ${receipt}: ENOSPC: it fails; the output itself is whole\n`,
  });
  expect((await readFile(out, 'utf8')).split('\n')).toHaveLength(7);
  expect(await contentsOf(folder)).toMatchObject({ 'users.json': 'yesterday' });
  expect(await readdir(folder)).toEqual(['users.csv', 'users.json']);
});

it('a full disk under a redirected standard output ends the run in one line, and the next run continues the file', async ({
  skip,
}) => {
  const folder = await newFolder();
  const disk = smallDisk(folder, '32k') ?? skip('only root can mount a small disk');
  const sandbox = await sandboxFor({ users: 300 });
  const out = join(folder, 'users.ndjson');
  const position = join(await newFolder(), 'position');
  const args = ['users', ...at(sandbox), '--page-size', '100', '--output', 'ndjson', '--resume', position];
  const full = await runCli(args, { appendTo: out });
  expect(full.stderr).toMatch(
    /^pageturn: cannot write to standard output: ENOSPC: no space left on device; .*\n$/,
  );
  expect(full.code).toBe(1);
  disk.resize('1m');
  expect(await runCli(args, { appendTo: out })).toMatchObject({ code: 0 });
  const rows = (await readFile(out, 'utf8')).split('\n').slice(0, -1);
  const ids = rows.map((line) => (JSON.parse(line) as { Id: string }).Id);
  expect(ids).toEqual([...sandbox.directory.users()].map(({ Id }) => Id));
});

it('a full disk that takes no row leaves nothing next to the output', async ({ skip }) => {
  const folder = await newFolder();
  smallDisk(folder, '64k') ?? skip('only root can mount a small disk');
  const sandbox = await sandboxFor({ users: 1_000 });
  const out = join(folder, 'users.csv');
  const { code, stderr } = await runCli(['users', ...at(sandbox), '--out', out]);
  expect(stderr).toBe(`pageturn: cannot write ${out}: ENOSPC: no space left on device\n`);
  expect(code).toBe(1);
  expect(await readdir(folder)).toEqual([]);
});

/** Runs a backup, which then has everything. */
async function completed(folder: string, sandbox: Sandbox): Promise<void> {
  const { code, stderr } = await runCli(['backup', folder, ...at(sandbox)]);
  expect(stderr).toMatch(/^(\d+) of \1 resources written to /);
  expect(code).toBe(0);
}

/** The files of a backup with what is in them, but for the times in its receipt. */
async function contentsOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(folder)).sort();
  const texts = names.map(async (name) => [
    name,
    name === 'receipt.json' ? '' : await readFile(join(folder, name), 'utf8'),
  ]);
  return Object.fromEntries(await Promise.all(texts));
}
