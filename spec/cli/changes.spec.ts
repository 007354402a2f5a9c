import { lstat, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockFile } from '../../lib/node/files/lock-file.js';
import { snapshot } from '../../lib/node/snapshot/snapshot.js';
import { at } from '../support/at.js';
import { generousQuotas } from '../support/generous-quotas.js';
import { newFolder, sandboxFor } from '../support/sandbox-for.js';
import { runCli } from './run-in-process.js';

generousQuotas();

/** A directory that has changed since a snapshot was taken. */
async function changed() {
  const sandbox = await sandboxFor({ users: 300 });
  const folder = await newFolder();
  const since = join(folder, 'users.snapshot');
  const args = ['changes', ...at(sandbox), '--since', since];
  const first = await runCli([...args, '--update']);
  expect(first).toMatchObject({ code: 0, stdout: '' });
  expect(first.stderr).toMatch(/^first snapshot taken: .*users\.snapshot \(300 users, 1 page, .*\)\n$/);
  const [gone, renamed] = [...sandbox.directory.users()];
  sandbox.directory.remove(gone?.Id ?? '');
  sandbox.directory.rename(renamed?.Id ?? '', 'new.name@acme.com');
  const added = sandbox.directory.insert({ Username: 'another.new@acme.com' });
  const expected = { added: added.Id, updated: renamed?.Id, removed: gone?.Id };
  return { sandbox, folder, since, args, expected };
}

function changesIn(stdout: string) {
  const rows = stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
  return Object.fromEntries(rows.map(({ type, item }) => [type, item.Id]));
}

async function* iterate<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

describe('pageturn changes', () => {
  it('pageturn changes lists the added, updated and removed users, and does so again without --update', async () => {
    const { args, expected } = await changed();
    for (let n = 0; n < 2; n++) {
      const { code, stdout, stderr } = await runCli(args);
      expect(changesIn(stdout)).toEqual(expected);
      expect(stderr).toMatch(/^1 added, 1 updated, 1 removed \(300 users, 1 page, .*\)\n$/);
      expect(code).toBe(0);
    }
  });

  it('after --update there are no more changes, and the snapshot is the only file left', async () => {
    const { folder, args, expected } = await changed();
    const { stdout, stderr } = await runCli([...args, '--update']);
    expect(changesIn(stdout)).toEqual(expected);
    expect(stderr).toContain('is up to date');
    expect(await runCli(args)).toMatchObject({
      stdout: '',
      stderr: expect.stringMatching(/^0 added, 0 updated, 0 removed/),
    });
    expect(await readdir(folder)).toEqual(['users.snapshot']);
  });

  it('a snapshot without an instance label is accepted, and --update labels it', async () => {
    const { sandbox, since, args } = await changed();
    await snapshot(iterate(sandbox.directory.users()), since);
    expect(await runCli([...args, '--update'])).toMatchObject({ code: 0 });
    const other = await sandboxFor({ seed: 2 });
    expect(await runCli([...args, ...at(other)])).toMatchObject({ code: 2 });
  });

  it('pageturn changes formats large numbers with separators', async () => {
    const sandbox = await sandboxFor({ users: 1200 });
    const since = join(await newFolder(), 'users.snapshot');
    await snapshot(iterate([]), since);
    const { stderr } = await runCli(['changes', ...at(sandbox), '--since', since]);
    expect(stderr).toMatch(/^1,200 added, 0 updated, 0 removed \(1,200 users, /);
  });

  it('pageturn changes prints a table with --output table', async () => {
    const { args } = await changed();
    const { stdout } = await runCli([...args, '--output', 'table']);
    expect(stdout).toMatch(/^CHANGE +ID +LAST MODIFIED +USERNAME\n/);
    expect(stdout).toMatch(/^updated +\S+ +\S+ +new\.name@acme\.com$/m);
  });
});

describe('pageturn changes --out', () => {
  it('--out publishes the changes as a whole, with the columns that were named, and replaces those of yesterday', async () => {
    const { sandbox, folder, args, expected } = await changed();
    const out = join(folder, 'changes.csv');
    const all = [...args, '--update', '--out', out, '--columns', 'type,Id'];
    await writeFile(out, 'yesterday');
    expect(await runCli(all)).toMatchObject({ code: 0, stdout: '' });
    const [header, ...rows] = (await readFile(out, 'utf8')).trimEnd().split('\n');
    expect(header).toBe('type,Id');
    expect(Object.fromEntries(rows.map((row) => row.split(',')))).toEqual(expected);
    sandbox.inject({ kind: 'error', status: 400, name: 'InvalidRequestException', message: 'No' });
    expect(await runCli(all)).toMatchObject({ code: 1 });
    expect((await readFile(out, 'utf8')).split('\n')).toHaveLength(5);
    expect(await runCli(all)).toMatchObject({ code: 0 });
    expect(await readFile(out, 'utf8')).toBe('type,Id\n');
    expect((await readdir(folder)).sort()).toEqual(['changes.csv', 'users.snapshot']);
  });

  it('the first snapshot publishes an empty file, so that older changes are not mistaken for its own', async () => {
    const sandbox = await sandboxFor({ users: 30 });
    const folder = await newFolder();
    const out = join(folder, 'changes.json');
    await writeFile(out, '[{"type":"added"}]');
    const args = ['changes', ...at(sandbox), '--since', join(folder, 's'), '--update', '--out', out];
    expect(await runCli(args)).toMatchObject({ code: 0 });
    expect(await readFile(out, 'utf8')).toBe('[]\n');
  });

  it('--filter chooses changes by the new or the old name, and the snapshot still has all users', async () => {
    const { args, expected } = await changed();
    const filtered = await runCli([...args, '--update', '--filter', 'NEW.name@*']);
    expect(changesIn(filtered.stdout)).toEqual({ updated: expected.updated });
    expect(filtered.stderr).toMatch(/^0 added, 1 updated, 0 removed; /);
    expect((await runCli(args)).stderr).toMatch(/^0 added, 0 updated, 0 removed \(300 users/);
  });

  it('text on standard output has a change per line and no header', async () => {
    const { args, expected } = await changed();
    const { stdout } = await runCli([...args, '--output', 'text', '--columns', 'Id,type']);
    const rows = stdout.trimEnd().split('\n');
    expect(Object.fromEntries(rows.map((row) => row.split('\t').reverse()))).toEqual(expected);
  });

  it('a folder given with --out is refused with an error that says so, before anything is sent', async () => {
    const { sandbox, folder, args } = await changed();
    const { requests } = sandbox.stats();
    const { code, stderr } = await runCli([...args, '--out', folder, '--output', 'csv']);
    expect(stderr).toBe(`pageturn: cannot open ${folder}: it is a folder; name a file\n`);
    expect(code).toBe(1);
    expect(sandbox.stats().requests).toBe(requests);
  });
});

describe('pageturn changes --update with many users removed', () => {
  /** A snapshot of 100 users of which some have been removed since. */
  async function shrunk(removed: number) {
    const sandbox = await sandboxFor({ users: 100 });
    const folder = await newFolder();
    const since = join(folder, 'users.snapshot');
    const args = ['changes', ...at(sandbox), '--since', since];
    await runCli([...args, '--update']);
    for (const { Id } of [...sandbox.directory.users()].slice(0, removed)) sandbox.directory.remove(Id);
    return { folder, since, args, before: await readFile(since) };
  }

  it('more than a fifth of the users removed is reported as a mistake, and nothing is updated', async () => {
    const { folder, since, args, before } = await shrunk(21);
    expect(await runCli([...args, '--update'])).toEqual({
      code: 1,
      stdout: '',
      stderr: `pageturn: 21 of 100 users in ${since} would be removed, more than 20 %, so nothing was reported and it is unchanged; if they are gone, rerun with --allow-removals\n`,
    });
    expect(await readFile(since)).toEqual(before);
    expect(await readdir(folder)).toEqual(['users.snapshot']);
  });

  it('--allow-removals updates the snapshot however many users were removed', async () => {
    const { args } = await shrunk(100);
    const { code, stdout, stderr } = await runCli([...args, '--update', '--allow-removals']);
    expect(stdout.split('\n')).toHaveLength(101);
    expect(stderr).toMatch(/^0 added, 0 updated, 100 removed; .* is up to date/);
    expect(code).toBe(0);
    expect(await runCli([...args, '--update'])).toMatchObject({ code: 0, stdout: '' });
  });

  it('a fifth of the users removed is an update like any other', async () => {
    const { args } = await shrunk(20);
    expect(await runCli([...args, '--update'])).toMatchObject({ code: 0 });
  });

  it('any number of removed users is reported without --update', async () => {
    const { args } = await shrunk(90);
    expect(await runCli(args)).toMatchObject({ code: 0, stderr: expect.stringMatching(/ 90 removed/) });
  });
});

describe('the snapshot stays unchanged', () => {
  it('the snapshot is the only file that --update touches, whatever others are called', async () => {
    const { folder, since, args } = await changed();
    const names = [
      'users.snapshot.new',
      'users.snapshot.tmp',
      'users.snapshot.1.tmp',
      'users.snapshot.lock.mine',
    ];
    for (const name of names) await writeFile(join(folder, name), 'mine');
    expect(await runCli([...args, '--update'])).toMatchObject({ code: 0 });
    expect((await readdir(folder)).sort()).toEqual(['users.snapshot', ...names].sort());
    for (const name of names) expect(await readFile(join(folder, name), 'utf8')).toBe('mine');
    expect(await readFile(since)).not.toEqual('mine');
  });

  it('a symbolic link to the snapshot stays a link, and its target is updated', async () => {
    const { folder, args, since } = await changed();
    const alias = join(folder, 'alias');
    await symlink(since, alias);
    const [command = '', ...rest] = args.slice(0, -1);
    expect(await runCli([command, ...rest, alias, '--update'])).toMatchObject({ code: 0 });
    expect((await lstat(alias)).isSymbolicLink()).toBe(true);
    expect(await runCli(args)).toMatchObject({ code: 0, stdout: '' });
    expect((await readdir(folder)).sort()).toEqual(['alias', 'users.snapshot']);
  });

  it('a folder in place of the snapshot is refused with an error that says so, before anything is sent', async () => {
    const { sandbox, folder, args } = await changed();
    const { requests } = sandbox.stats();
    for (const update of [[], ['--update']]) {
      const { code, stderr } = await runCli([...args.slice(0, -1), folder, ...update]);
      expect(stderr).toBe(`pageturn: --since: ${folder} is a folder; name a file\n`);
      expect(code).toBe(2);
    }
    expect(sandbox.stats().requests).toBe(requests);
  });

  it('the snapshot stays unchanged if the service fails', async () => {
    const { sandbox, folder, since, args } = await changed();
    const before = await readFile(since);
    sandbox.inject({ kind: 'error', status: 400, name: 'InvalidRequestException', message: 'No' });
    const { code, stderr } = await runCli([...args, '--update']);
    expect(stderr).toBe('pageturn: InvalidRequestException: No\n');
    expect(code).toBe(1);
    expect(await readFile(since)).toEqual(before);
    expect(await readdir(folder)).toEqual(['users.snapshot']);
  });

  it('the snapshot stays unchanged if not all changes could be written', async () => {
    const { since, args } = await changed();
    const before = await readFile(since);
    expect(await runCli([...args, '--update'], { appendTo: '/dev/full' })).toMatchObject({ code: 1 });
    expect(await readFile(since)).toEqual(before);
  });

  it('a snapshot of another instance is refused before anything is sent', async () => {
    const { since, args } = await changed();
    const before = await readFile(since);
    const other = await sandboxFor({ seed: 2 });
    for (const update of [[], ['--update']]) {
      expect(await runCli([...args, ...at(other), ...update])).toEqual({
        code: 2,
        stdout: '',
        stderr: `pageturn: ${since} was taken from another instance: name this instance's snapshot, or a new file\n`,
      });
    }
    expect(await readFile(since)).toEqual(before);
    expect(other.stats().requests).toBe(0);
  });

  it('another process is updating it, which is reported of a snapshot', async () => {
    const { sandbox, since, args } = await changed();
    const { requests } = sandbox.stats();
    const lock = await lockFile(since, { code: 'ERR_FILE_LOCKED', noun: 'snapshot' });
    const { code, stderr } = await runCli([...args, '--update']);
    await lock.release();
    expect(stderr).toMatch(
      new RegExp(
        `^pageturn: the snapshot ${since} is in use by this process \\(${process.pid}\\), started .*\n$`,
      ),
    );
    expect(code).toBe(1);
    expect(sandbox.stats().requests).toBe(requests);
  });

  it('a file that is not a snapshot is refused before anything is sent', async () => {
    const { sandbox, since, args } = await changed();
    await writeFile(since, 'mine');
    const { requests } = sandbox.stats();
    const { code, stderr } = await runCli([...args, '--update']);
    expect(stderr).toMatch(/^pageturn: .*users\.snapshot.* with --update\n$/);
    expect(code).toBe(1);
    expect(await readFile(since, 'utf8')).toBe('mine');
    expect(sandbox.stats().requests).toBe(requests);
  });
});
