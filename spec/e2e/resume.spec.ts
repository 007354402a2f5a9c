import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Sandbox, SandboxOptions } from '../../lib/sandbox/index.js';
import { hasNamespaces, IN_NAMESPACE } from '../support/namespace.js';
import { ndjsonOf, newFolder, requestsAt, sandboxFor } from './sandbox-for.js';
import { at, runCli, startCli } from './start-cli.js';

/** A run that stopped half-way, and what is needed to continue it. */
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

describe('a resumed run', () => {
  it('a resumed run fetches again only its current page, and completes the file', async () => {
    const { sandbox, args, written } = await halfWay();
    const { code, stderr } = await runCli(args);
    expect(stderr).toMatch(/^250 more users, 3 pages, .*: complete\n$/);
    expect(await written()).toBe(ndjsonOf(sandbox));
    expect(sandbox.stats().requests).toBe(3 + 3);
    expect(code).toBe(0);
  });

  it('a complete run is not repeated, and the CLI says so', async () => {
    const { sandbox, args, written } = await halfWay();
    await runCli(args);
    const { requests } = sandbox.stats();
    expect(await runCli(args)).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/already complete.*\n$/),
    });
    expect(sandbox.stats().requests).toBe(requests);
    expect(await written()).toBe(ndjsonOf(sandbox));
  });

  it('--max-items counts the users of all runs', async () => {
    const { sandbox, args, written } = await halfWay();
    const all = ndjsonOf(sandbox).split('\n');
    const again = await runCli([...args, '--max-items', '250']);
    expect(again).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(
        /^pageturn: .*checkpoint already covers 250 users, the --max-items limit; raise it/,
      ),
    });
    expect(await runCli([...args, '--max-items', '100'])).toMatchObject({ code: 0 });
    expect((await written()).split('\n')).toHaveLength(250 + 1);
    expect(await runCli([...args, '--max-items', '300'])).toMatchObject({ code: 0 });
    expect(await written()).toBe(`${all.slice(0, 300).join('\n')}\n`);
  });

  it('a run resumes even if the clock was set back by years', async () => {
    const { sandbox, resume, out, args, written } = await halfWay();
    const later = new Date('2099-01-01');
    for (const path of [resume, out]) await utimes(path, later, later);
    expect(await runCli(args)).toMatchObject({ code: 0 });
    expect(await written()).toBe(ndjsonOf(sandbox));
  });

  it('a resumed run leaves only the file and its checkpoint', async () => {
    const { folder, args } = await halfWay();
    await runCli(args);
    expect((await readdir(folder)).sort()).toEqual(['checkpoint', 'users.ndjson']);
  });
});

describe('--resume without --out', () => {
  it.each([
    ['a pipe', 'exec "$@" | cat'],
    ['a pipe that is closed early', 'exec "$@" | head -3'],
    ['a device', 'exec "$@" > /dev/null'],
  ])('--resume without --out is a usage error if standard output is %s', async (_what, script) => {
    const sandbox = await sandboxFor({ users: 500 });
    const folder = await newFolder();
    const args = ['users', ...at(sandbox), '--resume', join(folder, 'checkpoint')];
    const { code, stdout, stderr } = await runCli(args, {
      within: ['bash', '-o', 'pipefail', '-c', script, 'sh'],
    });
    expect(stderr).toMatch(/^pageturn: --resume needs an output that .*: add --out FILE\n$/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(sandbox.stats().requests).toBe(0);
    expect(await readdir(folder)).toEqual([]);
  });

  it('a run fails if the file that standard output was redirected to is removed', async () => {
    const sandbox = await sandboxFor({ users: 500, latencyMs: 50 });
    const folder = await newFolder();
    const args = ['users', ...at(sandbox), '--page-size', '50', '--resume', join(folder, 'checkpoint')];
    const { ended } = startCli(args, { cwd: folder, within: ['sh', '-c', 'exec "$@" > users.ndjson', 'sh'] });
    await requestsAt(sandbox, 3);
    await rm(join(folder, 'users.ndjson'));
    expect(await ended).toMatchObject({ code: 1, stderr: expect.stringContaining('was removed') });
  });
});

describe('two runs with the same files', () => {
  it.each<[string, (files: { out: string; resume: string }) => Promise<string[]>]>([
    ['one --out without --resume', async ({ out }) => ['--out', out]],
    [
      'one --out and another checkpoint',
      async ({ out, resume }) => ['--out', out, '--resume', `${resume}.2`],
    ],
    [
      'a symbolic link to the output',
      async ({ out, resume }) => {
        await symlink(out, `${out}.link`);
        return ['--out', `${out}.link`, '--resume', `${resume}.2`];
      },
    ],
    [
      'a symbolic link to the checkpoint',
      async ({ out, resume }) => {
        await symlink(resume, `${resume}.link`);
        return ['--out', `${out}.2`, '--resume', `${resume}.link`];
      },
    ],
  ])('a second run with the same files is refused: %s', async (_how, filesOfSecond) => {
    const sandbox = await sandboxFor({ users: 500 });
    sandbox.inject({ kind: 'hang' });
    const { resume, out, args, written } = filesIn(await newFolder(), sandbox);
    const first = startCli(args);
    await requestsAt(sandbox, 1);
    const second = await runCli(['users', ...at(sandbox), ...(await filesOfSecond({ out, resume }))]);
    expect(second).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(`is in use by process ${first.child.pid}`),
    });
    expect(sandbox.stats().requests).toBe(1);
    first.child.kill('SIGINT');
    expect(await first.ended).toMatchObject({ code: 130 });
    expect(await runCli(args)).toMatchObject({ code: 0 });
    expect(await written()).toBe(ndjsonOf(sandbox));
  });

  it('--resume and --out that name one file through a link are a usage error', async () => {
    const sandbox = await sandboxFor();
    const { resume, out } = filesIn(await newFolder(), sandbox);
    await symlink(out, resume);
    expect(await runCli(['users', ...at(sandbox), '--resume', resume, '--out', out])).toMatchObject({
      code: 2,
      stderr: 'pageturn: --resume and --out name the same file\n',
    });
  });
});

describe.skipIf(!hasNamespaces)('two containers with the same files', () => {
  it('of two runs in two containers with the same files, the second one is refused', async () => {
    const sandbox = await sandboxFor({ users: 500, faults: [{ kind: 'hang', afterRequests: 2 }] });
    const { args, written } = filesIn(await newFolder(), sandbox);
    const first = startCli(args, { within: IN_NAMESPACE });
    await requestsAt(sandbox, 3);
    // It watches the first one until that writes a heartbeat, at most 5 s later.
    expect(await runCli(args, { within: IN_NAMESPACE })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /checkpoint is in use by process \d+ in another container, .*; wait for it/,
      ),
    });
    expect(sandbox.stats().requests).toBe(3);
    first.child.kill('SIGKILL');
    await first.ended;
    expect(ndjsonOf(sandbox).startsWith(await written())).toBe(true);
  });
});

describe('when a run cannot be resumed', () => {
  it.each(['--resume', '--out'])(
    'a folder given with %s is refused with an error that says so',
    async (option) => {
      const sandbox = await sandboxFor({ users: 500 });
      const folder = await newFolder();
      const { args } = filesIn(folder, sandbox);
      const { code, stdout, stderr } = await runCli([...args, option, folder]);
      expect(stderr).toMatch(/^pageturn: cannot (open|read) .*: it is a folder; name a regular file/);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(sandbox.stats().requests).toBe(0);
    },
  );

  it('a named pipe given with --resume is refused with an error that says so, without a hang', async () => {
    const sandbox = await sandboxFor({ users: 500 });
    const { args, resume } = filesIn(await newFolder(), sandbox);
    execFileSync('mkfifo', [resume]);
    expect(await runCli(args)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('it is a named pipe; name a regular file'),
    });
  });

  it('an expired token is reported and the file is kept', async () => {
    const { sandbox, args, written } = await halfWay();
    const before = await written();
    sandbox.inject({ kind: 'expired-token' });
    const { code, stderr } = await runCli(args);
    expect(stderr).toMatch(
      /^pageturn: the service rejected the page token.*; delete .*checkpoint and .* to start over\n$/,
    );
    expect(await written()).toBe(before);
    expect(code).toBe(1);
  });

  it('a checkpoint of another instance is refused and the file is kept', async () => {
    const { args, written } = await halfWay();
    const other = await sandboxFor({ seed: 2 });
    const before = await written();
    const { code, stderr } = await runCli([...args, ...at(other)]);
    expect(stderr).toMatch(/^pageturn: .*checkpoint was written by a run with another --instance-id: .*\n$/);
    expect(await written()).toBe(before);
    expect(other.stats().requests).toBe(0);
    expect(code).toBe(2);
  });

  it('a corrupt checkpoint is reported and the file is kept', async () => {
    const { resume, args, written } = await halfWay();
    const before = await written();
    await writeFile(resume, (await readFile(resume, 'utf8')).replace('outputBytes": ', 'outputBytes": 1'));
    const { code, stderr } = await runCli(args);
    expect(stderr).toMatch(/^pageturn: .*checkpoint.*\n$/);
    expect(await written()).toBe(before);
    expect(code).toBe(1);
  });

  it('a checkpoint that another process holds is reported with its process id', async () => {
    const { sandbox, args, written } = await halfWay();
    sandbox.inject({ kind: 'hang' });
    const { child, ended } = startCli(args);
    await requestsAt(sandbox, 4);
    const { code, stderr } = await runCli(args);
    expect(stderr).toMatch(new RegExp(`^pageturn: .*checkpoint.* is in use by process ${child.pid}, .*\n$`));
    expect(code).toBe(1);
    child.kill('SIGKILL');
    await ended;
    expect(await runCli(args)).toMatchObject({ code: 0 });
    expect(await written()).toBe(ndjsonOf(sandbox));
  });

  it('after a final error of the service, the rerun completes the file', async () => {
    const { sandbox, args, written } = await halfWay();
    sandbox.inject(
      { kind: 'error', status: 403, name: 'AccessDeniedException', message: 'Not you' },
      { afterRequests: 1 },
    );
    const { code, stderr } = await runCli(args);
    expect(stderr).toMatch(
      /^pageturn: AccessDeniedException: Not you; .*rerun the same command to continue\n$/,
    );
    expect(code).toBe(1);
    expect(await runCli(args)).toMatchObject({ code: 0 });
    expect(await written()).toBe(ndjsonOf(sandbox));
  });

  it('a checkpoint path below a file is reported', async () => {
    const { sandbox, out } = await halfWay();
    const nowhere = join(out, 'checkpoint');
    const { code, stdout, stderr } = await runCli(['users', ...at(sandbox), '--resume', nowhere]);
    expect(stderr).toMatch(/^pageturn: cannot lock .*ENOTDIR.*\n$/);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('a read-only checkpoint folder is reported and the file is kept', async ({ skip }) => {
    // Root may write anywhere, so the CLI runs as another user, provided that one can read Node and the program.
    const identity = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const { code: able } = await runCli(['--version'], identity).catch(() => ({ code: 1 }));
    if (able !== 0) skip('the spec runs as root, and other users cannot run the program here');

    const { sandbox, folder, args, written } = await halfWay();
    const before = await written();
    await chmod(folder, 0o555);
    onTestFinished(() => chmod(folder, 0o755));
    await chmod(join(folder, 'checkpoint'), 0o644);
    await chmod(join(folder, 'users.ndjson'), 0o666);
    const { code, stderr } = await runCli(args, identity);
    expect(stderr).toMatch(/^pageturn: cannot lock .*EACCES: permission denied.*\n$/);
    expect(code).toBe(1);
    expect(await written()).toBe(before);
    await chmod(folder, 0o755);
    expect(await runCli(args)).toMatchObject({ code: 0 });
    expect(await written()).toBe(ndjsonOf(sandbox));
  });

  it('after the disk was full, the rerun completes the file', async ({ skip }) => {
    const folder = join(await newFolder(), 'disk');
    await mkdir(folder);
    if (!mount(folder, '128k')) skip('only root can mount a small disk');
    onTestFinished(() => void execFileSync('umount', [folder]));
    const sandbox = await sandboxFor({ users: 1000 });
    const { args, written } = filesIn(folder, sandbox);
    const { code, stderr } = await runCli(args);
    expect(stderr).toMatch(
      /^pageturn: cannot .*ENOSPC: no space left on device; .*rerun the same command to continue\n$/,
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
