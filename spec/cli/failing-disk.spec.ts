import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import type { Sandbox } from '../../lib/sandbox/index.js';
import { failingCalls } from '../node/system-calls.js';
import { at } from '../support/at.js';
import { generousQuotas } from '../support/generous-quotas.js';
import { newFolder, sandboxFor } from '../support/sandbox-for.js';
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

  const folder = join(await newFolder(), 'disk');
  await mkdir(folder);
  if (!mount(folder, '1m')) skip('only root can mount a small disk');
  onTestFinished(() => void execFileSync('umount', [folder]));
  const full = await runCli(['backup', folder, ...at(sandbox)]);
  expect(full.stderr).toMatch(
    /^pageturn: cannot (open|write to|publish|write) \S+json: ENOSPC: no space left on device; what is done is kept in \S+: fix this, then rerun the same command to continue\n$/,
  );
  expect(full.code).toBe(1);
  execFileSync('mount', ['-o', 'remount,size=4m', folder]);
  const { startedAt } = JSON.parse(await readFile(join(folder, 'checkpoint.json'), 'utf8'));
  await completed(folder, sandbox);
  expect(JSON.parse(await readFile(join(folder, 'receipt.json'), 'utf8'))).toMatchObject({ startedAt });
  expect(await contentsOf(folder)).toEqual(await contentsOf(whole));
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

function mount(folder: string, size: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
