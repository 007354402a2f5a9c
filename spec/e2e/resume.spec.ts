import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Sandbox, SandboxOptions } from '../../lib/sandbox/index.js';
import { ndjsonOf, newFolder, requestsAt, sandboxFor } from './sandbox-for.js';
import { at, runCli, startCli } from './start-cli.js';

/** A run that has got half-way, and what is needed to go on with it. */
async function halfWay(options: SandboxOptions = {}) {
  const sandbox = await sandboxFor({ users: 500, ...options });
  const folder = await newFolder();
  const bed = filesIn(folder, sandbox);
  expect(await runCli([...bed.args, '--max-items', '250'])).toMatchObject({ code: 0 });
  return { ...bed, sandbox, folder };
}

function filesIn(folder: string, sandbox: Sandbox) {
  const [resume, out] = [join(folder, 'checkpoint'), join(folder, 'users.ndjson')];
  const args = ['users', ...at(sandbox), '--page-size', '100', '--resume', resume, '--out', out];
  return { resume, out, args, written: () => readFile(out, 'utf8') };
}

describe('a run that is gone on with', () => {
  it('asks for nothing twice but the page it is in, and completes the file', async () => {
    const { sandbox, args, written } = await halfWay();
    const { code, stderr } = await runCli(args);
    expect(stderr).toMatch(/^250 more users, 3 pages, .*: all seen\n$/);
    expect(await written()).toBe(ndjsonOf(sandbox));
    expect(sandbox.stats().requests).toBe(3 + 3);
    expect(code).toBe(0);
  });

  it('does nothing, and says so, when it is complete', async () => {
    const { sandbox, args, written } = await halfWay();
    await runCli(args);
    const { requests } = sandbox.stats();
    expect(await runCli(args)).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/complete already.*\n$/),
    });
    expect(sandbox.stats().requests).toBe(requests);
    expect(await written()).toBe(ndjsonOf(sandbox));
  });

  it('counts the users of all runs for --max-items', async () => {
    const { sandbox, args, written } = await halfWay();
    const all = ndjsonOf(sandbox).split('\n');
    const again = await runCli([...args, '--max-items', '250']);
    expect(again).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^pageturn: 250 users are done by .*a higher one/),
    });
    expect(await runCli([...args, '--max-items', '100'])).toMatchObject({ code: 0 });
    expect((await written()).split('\n')).toHaveLength(250 + 1);
    expect(await runCli([...args, '--max-items', '300'])).toMatchObject({ code: 0 });
    expect(await written()).toBe(`${all.slice(0, 300).join('\n')}\n`);
  });

  it('does not mind that the clock was set back by years', async () => {
    const { sandbox, resume, out, args, written } = await halfWay();
    const later = new Date('2099-01-01');
    for (const path of [resume, out]) await utimes(path, later, later);
    expect(await runCli(args)).toMatchObject({ code: 0 });
    expect(await written()).toBe(ndjsonOf(sandbox));
  });

  it('leaves nothing but the file and its checkpoint', async () => {
    const { folder, args } = await halfWay();
    await runCli(args);
    expect((await readdir(folder)).sort()).toEqual(['checkpoint', 'users.ndjson']);
  });
});

describe('nothing is lost, and what happened is said, when', () => {
  it('the token has expired between two runs', async () => {
    const { sandbox, args, written } = await halfWay();
    const before = await written();
    sandbox.inject({ kind: 'expired-token' });
    const { code, stderr } = await runCli(args);
    expect(stderr).toMatch(
      /^pageturn: the service refuses the page token.*; remove .*checkpoint and .* to begin anew\n$/,
    );
    expect(await written()).toBe(before);
    expect(code).toBe(1);
  });

  it('the checkpoint belongs to another instance', async () => {
    const { args, written } = await halfWay();
    const other = await sandboxFor({ seed: 2 });
    const before = await written();
    const { code, stderr } = await runCli([...args, ...at(other)]);
    expect(stderr).toMatch(/^pageturn: .*checkpoint belongs to a run with another --instance-id: .*\n$/);
    expect(await written()).toBe(before);
    expect(other.stats().requests).toBe(0);
    expect(code).toBe(2);
  });

  it('the checkpoint was spoilt', async () => {
    const { resume, args, written } = await halfWay();
    const before = await written();
    await writeFile(resume, (await readFile(resume, 'utf8')).replace('outputBytes": ', 'outputBytes": 1'));
    const { code, stderr } = await runCli(args);
    expect(stderr).toMatch(/^pageturn: the checkpoint .*checkpoint cannot be used: .*\n$/);
    expect(await written()).toBe(before);
    expect(code).toBe(1);
  });

  it('another process is at it', async () => {
    const { sandbox, args, written } = await halfWay();
    sandbox.inject({ kind: 'hang' });
    const { child, ended } = startCli(args);
    await requestsAt(sandbox, 4);
    const { code, stderr } = await runCli(args);
    expect(stderr).toMatch(
      new RegExp(`^pageturn: the checkpoint .* is in use by process ${child.pid}, started .*\n$`),
    );
    expect(code).toBe(1);
    child.kill('SIGKILL');
    await ended;
    expect(await runCli(args)).toMatchObject({ code: 0 });
    expect(await written()).toBe(ndjsonOf(sandbox));
  });

  it('the service fails for good', async () => {
    const { sandbox, args, written } = await halfWay();
    sandbox.inject(
      { kind: 'error', status: 403, name: 'AccessDeniedException', message: 'Not you' },
      { afterRequests: 1 },
    );
    const { code, stderr } = await runCli(args);
    expect(stderr).toMatch(
      /^pageturn: AccessDeniedException: Not you; .*run the same command again to go on\n$/,
    );
    expect(code).toBe(1);
    expect(await runCli(args)).toMatchObject({ code: 0 });
    expect(await written()).toBe(ndjsonOf(sandbox));
  });

  it('the checkpoint is where no file can be', async () => {
    const { sandbox, out } = await halfWay();
    const nowhere = join(out, 'checkpoint');
    const { code, stdout, stderr } = await runCli(['users', ...at(sandbox), '--resume', nowhere]);
    expect(stderr).toMatch(/^pageturn: cannot lock the checkpoint .*ENOTDIR.*\n$/);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('the folder of the checkpoint is read-only', async ({ skip }) => {
    // Root may write anywhere; somebody else may not, if they can get at Node and the program.
    const identity = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const { code: able } = await runCli(['--version'], identity).catch(() => ({ code: 1 }));
    if (able !== 0) skip('this is run by root, and nobody else can run the program here');

    const { sandbox, folder, args, written } = await halfWay();
    const before = await written();
    await chmod(folder, 0o555);
    onTestFinished(() => chmod(folder, 0o755));
    await chmod(join(folder, 'checkpoint'), 0o644);
    await chmod(join(folder, 'users.ndjson'), 0o666);
    const { code, stderr } = await runCli(args, identity);
    expect(stderr).toMatch(/^pageturn: cannot lock the checkpoint .*EACCES: permission denied.*\n$/);
    expect(code).toBe(1);
    expect(await written()).toBe(before);
    await chmod(folder, 0o755);
    expect(await runCli(args)).toMatchObject({ code: 0 });
    expect(await written()).toBe(ndjsonOf(sandbox));
  });

  it('the disk is full', async ({ skip }) => {
    const folder = join(await newFolder(), 'disk');
    await mkdir(folder);
    if (!mount(folder, '128k')) skip('a small disk can be mounted by root only');
    onTestFinished(() => void execFileSync('umount', [folder]));
    const sandbox = await sandboxFor({ users: 1000 });
    const { args, written } = filesIn(folder, sandbox);
    const { code, stderr } = await runCli(args);
    expect(stderr).toMatch(
      /^pageturn: cannot .*ENOSPC: no space left on device; .*run the same command again to go on\n$/,
    );
    expect(code).toBe(1);
    execFileSync('mount', ['-o', 'remount,size=4m', folder]);
    expect(await runCli(args)).toMatchObject({ code: 0, stderr: expect.stringContaining('more users') });
    expect(await written()).toBe(ndjsonOf(sandbox));
  });
});

function mount(folder: string, size: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
