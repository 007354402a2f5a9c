import { chmod, cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { at } from '../support/at.js';
import { ndjsonOf, newFolder, requestsAt, sandboxFor } from '../support/sandbox-for.js';
import { MAIN, runCli, startCli } from './start-cli.js';

// What only its own process shows; everything else is in spec/cli.

const DEV_STDOUT = ['--out', '/dev/stdout'];

describe('the program', () => {
  it('a demonstration runs on its own, narrates, and lists every user once', async () => {
    const { code, stdout, stderr } = await runCli(['users', '--sandbox', '120', '--page-size', '20']);
    const ids = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).Id);
    expect(new Set(ids).size).toBe(120);
    expect(stderr).toMatch(/^a sandbox on this machine: 120 users, 2 requests\/s with a burst of 5/);
    expect(stderr).toMatch(/page 3: 60 users\n(.*\n)*page 6: 120 users\n/);
    // How many throttles there are depends on the machine; each of them is narrated.
    const [, throttles] =
      /\n120 users, 120 distinct, 6 pages, (\d+) throttles?, [\d.]+ s: complete\n$/.exec(stderr) ?? [];
    expect(stderr.match(/^throttled \(429\): backing off\n/gm) ?? []).toHaveLength(Number(throttles));
    expect(code).toBe(0);
  });

  it('without the AWS client, what needs it says how to install it, and the rest works', async () => {
    const root = await newFolder();
    await cp(join(MAIN, '../..'), join(root, 'dist'), { recursive: true });
    await cp(join(MAIN, '../../../package.json'), join(root, 'package.json'));
    await mkdir(join(root, 'node_modules'));
    for (const name of ['commander', 'csv-stringify', 'ix', 'jmespath', 'p-retry']) {
      await symlink(join(MAIN, '../../../node_modules', name), join(root, 'node_modules', name));
    }
    const main = join(root, 'dist/cli/main.js');
    expect(await runCli(['users', '--sandbox'], { main })).toMatchObject({
      code: 1,
      stderr: 'pageturn: the AWS client is not installed: npm install @aws-sdk/client-connect\n',
    });
    expect(await runCli(['--help'], { main })).toMatchObject({ code: 0, stderr: '' });
    expect(await runCli(['users', '--output', 'xml'], { main })).toMatchObject({ code: 2, stdout: '' });
    const receipt = join(root, 'package.json');
    expect(await runCli(['verify', receipt], { main })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('not a receipt: it has no target'),
    });
  });

  it('a closed pipe ends the run and its requests quietly with 0', async () => {
    const sandbox = await sandboxFor({ users: 100_000 });
    const within = ['sh', '-c', '{ "$@"; echo "exited with $?" >&2; } | head -3', 'sh'];
    const { stdout, stderr } = await runCli(['users', ...at(sandbox)], { within });
    expect(stdout.split('\n')).toHaveLength(4);
    expect(stderr).toBe('exited with 0\n');
    expect(sandbox.stats().requests).toBeLessThan(5);
  });
});

describe('a standard output that nothing reads', () => {
  const lost = /^pageturn: nothing was written: .* was closed before anything arrived there\n/;
  // It begins when the reader is gone, however long that takes.
  const untilNoReader = 'trap "" PIPE; while printf x; do :; done 2>/dev/null';
  const toNoReader = `{ ${untilNoReader}; "$@"; echo "exited with $?" >&2; } | true`;
  it.each([
    ['a pipe whose reader is gone', toNoReader, []],
    ['a stream that the shell closed', '"$@" >&-; echo "exited with $?" >&2', []],
    ['--out /dev/stdout into a pipe whose reader is gone', toNoReader, DEV_STDOUT],
  ])('%s is an error, because nothing was delivered', async (_what, script, more) => {
    const sandbox = await sandboxFor({ users: 10 });
    const { stderr } = await runCli(['users', ...at(sandbox), ...more], {
      within: ['bash', '-c', script, 'sh'],
    });
    expect(stderr).toMatch(lost);
    expect(stderr).toMatch(/exited with 1\n$/);
  });

  it('--out /dev/stdout ends quietly with 0 once its reader has enough', async () => {
    const sandbox = await sandboxFor({ users: 100_000 });
    const within = ['sh', '-c', '{ "$@"; echo "exited with $?" >&2; } | head -3', 'sh'];
    const { stdout, stderr } = await runCli(['users', ...at(sandbox), ...DEV_STDOUT], { within });
    expect(stdout.split('\n')).toHaveLength(4);
    expect(stderr).toBe('exited with 0\n');
  });
});

describe('a standard output that a later run cannot continue', () => {
  it('--resume FILE is a usage error before the sandbox starts if standard output is a pipe', async () => {
    const folder = await newFolder();
    const args = ['users', '--sandbox', '500', '--resume', join(folder, 'checkpoint')];
    const { code, stdout, stderr } = await runCli(args, {
      within: ['bash', '-o', 'pipefail', '-c', 'exec "$@" | head -3', 'sh'],
    });
    expect(stderr).toMatch(/^pageturn: --resume FILE needs an output that .*: use --out FILE\n$/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('a run fails if the file that standard output was redirected to is removed', async () => {
    const sandbox = await sandboxFor({ users: 500, latencyMs: 50 });
    const folder = await newFolder();
    const args = ['users', ...at(sandbox), '--page-size', '5', '--resume', join(folder, 'checkpoint')];
    const { ended } = startCli(args, { cwd: folder, within: ['sh', '-c', 'exec "$@" > users.ndjson', 'sh'] });
    await requestsAt(sandbox, 3);
    await rm(join(folder, 'users.ndjson'));
    expect(await ended).toMatchObject({ code: 1, stderr: expect.stringContaining('was removed') });
  });
});

describe('an output file', () => {
  it('a file that may not grow any more (ulimit -f) ends the run with an error, and the next run completes it', async () => {
    const sandbox = await sandboxFor({ users: 2000 });
    const out = join(await newFolder(), 'users.ndjson');
    const args = ['users', ...at(sandbox), '--page-size', '200', '--out', out];
    const limited = await runCli(args, { within: ['bash', '-c', 'ulimit -f 300; exec "$@"', 'sh'] });
    expect(limited.stderr).toMatch(
      /^pageturn: cannot write .*EFBIG.*; [\d,]+ users are kept in .*rerun the same command/,
    );
    expect(limited.code).toBe(1);
    expect(await runCli(args)).toMatchObject({ code: 0 });
    expect(await readFile(out, 'utf8')).toBe(ndjsonOf(sandbox));
  });

  it('a folder that may not be written is an error, and what is there is kept', async ({ skip }) => {
    // Root may write anywhere, so the CLI runs as another user, provided that one can read Node and the program.
    const identity = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const { code: able } = await runCli(['--version'], identity).catch(() => ({ code: 1 }));
    if (able !== 0) skip('the spec runs as root, and other users cannot run the program here');
    const sandbox = await sandboxFor({ users: 10 });
    const folder = await newFolder();
    const out = join(folder, 'users.csv');
    await writeFile(out, 'yesterday', { mode: 0o666 });
    await chmod(folder, 0o555);
    onTestFinished(() => chmod(folder, 0o755));
    const { code, stderr } = await runCli(['users', ...at(sandbox), '--out', out], identity);
    expect(stderr).toMatch(/^pageturn: cannot open .*users\.csv: EACCES: permission denied.*\n$/);
    expect(code).toBe(1);
    expect(await readFile(out, 'utf8')).toBe('yesterday');
  });
});
