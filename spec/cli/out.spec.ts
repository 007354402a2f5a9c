import { execFileSync } from 'node:child_process';
import {
  appendFile,
  chmod,
  lstat,
  mkdir,
  readdir,
  readFile,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Receipt } from '../../lib/core/receipt.js';
import type { SandboxOptions } from '../../lib/sandbox/index.js';
import { at } from '../support/at.js';
import { query } from '../support/duckdb.js';
import { ndjsonOf, newFolder, requestsAt, sandboxFor } from '../support/sandbox-for.js';
import { smallDisk } from '../support/small-disk.js';
import { runCli, startCli } from './run-in-process.js';

/** A command that lists 500 users into a file, in pages of 100. */
async function bed(options: SandboxOptions = {}) {
  const sandbox = await sandboxFor({ users: 500, ...options });
  const folder = await newFolder();
  const out = join(folder, 'users.ndjson');
  const args = ['users', ...at(sandbox), '--page-size', '100', '--out', out];
  return { sandbox, folder, out, args, written: () => readFile(out, 'utf8') };
}

/** A run that was interrupted when it had two pages. */
async function halfWay(more: readonly string[] = [], options: SandboxOptions = {}) {
  const { args, ...files } = await bed(options);
  files.sandbox.inject({ kind: 'hang' }, { afterRequests: 2 });
  const run = startCli([...args, ...more]);
  await requestsAt(files.sandbox, 3);
  run.kill('SIGINT');
  return { ...files, args, first: await run.ended };
}

describe('--out', () => {
  it('a run writes the whole file in the format of its ending, and leaves no other file', async () => {
    const { sandbox, folder, args, written } = await bed();
    const { code, stdout, stderr } = await runCli(args);
    expect(await written()).toBe(ndjsonOf(sandbox));
    expect(stderr).toMatch(/^500 users, 5 pages, 0 throttles, [\d.]+ s: complete\n$/);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(await readdir(folder)).toEqual(['users.ndjson']);
  });

  it('a run that is interrupted before it has a row does not say that something is kept', async () => {
    const { sandbox, folder, args } = await bed();
    sandbox.inject({ kind: 'hang' });
    const run = startCli(args);
    await requestsAt(sandbox, 1);
    run.kill('SIGINT');
    const { code, stderr } = await run.ended;
    expect(stderr).toMatch(/^0 users, .*: interrupted, there may be more\n$/);
    expect(code).toBe(130);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ['users.csv', [], /^Id,Arn,Username,LastModifiedTime,LastModifiedRegion\n[\da-f-]{36},arn:aws/],
    ['users.CSV', ['--columns', 'Username'], /^Username\n\S+@\S+\n/],
    ['users.jsonl', [], /^\{"Id":/],
    ['users.json', [], /^\[\{"Id":[\s\S]*\}\n\]\n$/],
    ['users.txt', [], /^[\da-f-]{36}\tarn:aws/],
    ['users', ['--output', 'table'], /^ID +LAST MODIFIED +USERNAME\n/],
    ['users.csv', ['--output', 'ndjson'], /^\{"Id":/],
    ['users.csv', ['--query', '{id: Id}'], /^id\n[\da-f-]{36}\n/],
    ['users.txt', ['--query', 'length(@)'], /^500\n$/],
  ])('--out %s %j decides what is written', async (name, more, text) => {
    const { folder, args } = await bed();
    const out = join(folder, name);
    expect(await runCli([...args.slice(0, -1), out, ...more])).toMatchObject({ code: 0 });
    expect(await readFile(out, 'utf8')).toMatch(text);
  });

  it('--out users.parquet has typed columns, also where a query makes them', async () => {
    const { sandbox, folder, args } = await bed();
    const out = join(folder, 'users.parquet');
    const into = [...args.slice(0, -1), out, '--receipt', join(folder, 'receipt.json')];
    expect(await runCli(into)).toMatchObject({ code: 0 });
    const [first] = [...sandbox.directory.users()].filter(({ LastModifiedTime }) => LastModifiedTime);
    const rows = await query(`select Id, epoch_ms(LastModifiedTime) as ms from '${out}'`);
    expect(rows).toHaveLength(500);
    expect(rows).toContainEqual({ Id: first?.Id, ms: String(Number(first?.LastModifiedTime)) });
    expect(await runCli(['verify', join(folder, 'receipt.json')])).toMatchObject({ code: 0 });
    expect(await runCli([...into, '--query', '{id: Id}'])).toMatchObject({ code: 0 });
    expect(await query(`select count(distinct id) as n from '${out}'`)).toEqual([{ n: '500' }]);
    expect(await runCli([...into, '--columns', 'Username'])).toMatchObject({ code: 0 });
    expect(Object.keys((await query(`select * from '${out}' limit 1`))[0] ?? {})).toEqual(['Username']);
  });

  it('--out - is standard output', async () => {
    const { sandbox, folder, args } = await bed();
    expect(await runCli([...args.slice(0, -1), '-'])).toMatchObject({ code: 0, stdout: ndjsonOf(sandbox) });
    expect(await readdir(folder)).toEqual([]);
  });

  it('a second run starts over, and replaces the file of the first one when it is complete', async () => {
    const { sandbox, args, out, written } = await bed();
    await runCli(args);
    const before = await written();
    sandbox.directory.insert({ Username: 'new@acme.com' });
    sandbox.inject({ kind: 'hang' }, { afterRequests: 2 });
    const second = startCli(args);
    await requestsAt(sandbox, 5 + 3);
    expect(await written()).toBe(before);
    second.kill('SIGTERM');
    expect(await second.ended).toMatchObject({ code: 143 });
    expect(await written()).toBe(before);
    expect(await runCli(args)).toMatchObject({ code: 0 });
    expect(await written()).toBe(ndjsonOf(sandbox));
    await chmod(out, 0o640);
    expect(await runCli(args)).toMatchObject({ code: 0, stderr: expect.stringMatching(/^501 users, /) });
    expect((await stat(out)).mode & 0o777).toBe(0o640);
  });

  it('a file behind a symbolic link is replaced, and the link stays', async () => {
    const { sandbox, folder, args, out, written } = await bed();
    await writeFile(out, 'yesterday');
    const link = join(folder, 'link.ndjson');
    await symlink(out, link);
    expect(await runCli([...args.slice(0, -1), link])).toMatchObject({ code: 0 });
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(await written()).toBe(ndjsonOf(sandbox));
  });

  it('a device is written to as the users arrive', async () => {
    const { args } = await bed();
    const into = (path: string) => runCli([...args.slice(0, -1), path]);
    expect(await into('/dev/null')).toMatchObject({ code: 0, stderr: expect.stringMatching(/^500 users/) });
    expect(await into('/dev/full')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^pageturn: cannot write \/dev\/full: ENOSPC/),
    });
  });
});

describe('a run that is resumed', () => {
  it.each([[[]], [['--resume']]])(
    'after an interruption the same command with %j fetches only what is missing',
    async (more) => {
      const { sandbox, folder, args, first, written } = await halfWay();
      expect(first.code).toBe(130);
      expect(first.stderr).toMatch(
        /^200 users, 2 pages, .*: interrupted, there may be more\nkept in .*users\.ndjson\.spool; continue with: pageturn users .*\n$/,
      );
      expect(await readdir(folder)).toEqual(['users.ndjson.spool']);
      const { code, stderr } = await runCli([...args, ...more]);
      expect(stderr).toMatch(
        /^500 users, \d pages, 0 throttles in 2 runs, the last of [\d.]+ s: complete\n$/,
      );
      expect(await written()).toBe(ndjsonOf(sandbox));
      expect(sandbox.stats().requests).toBeLessThanOrEqual(3 + 4);
      expect(await readdir(folder)).toEqual(['users.ndjson']);
      expect(code).toBe(0);
    },
  );

  it('--restart discards the unfinished run and lists every user again', async () => {
    const { sandbox, args, written } = await halfWay();
    const { requests } = sandbox.stats();
    expect(await runCli([...args, '--restart'])).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^500 users, 5 pages, 0 throttles, [\d.]+ s: complete\n$/),
    });
    expect(sandbox.stats().requests).toBe(requests + 5);
    expect(await written()).toBe(ndjsonOf(sandbox));
  });

  it('--restart without an unfinished run is a run like any other', async () => {
    const { sandbox, args, written } = await bed();
    expect(await runCli([...args, '--restart'])).toMatchObject({ code: 0 });
    expect(await written()).toBe(ndjsonOf(sandbox));
  });

  it('--restart also discards the unfinished run of another job', async () => {
    const { args, out, sandbox, written } = await halfWay(['--filter', '*@acme.com']);
    const other = await sandboxFor({ users: 30, seed: 2 });
    const restart = ['users', ...at(other), '--out', out, '--restart'];
    expect(await runCli(restart)).toMatchObject({ code: 0 });
    expect(await written()).toBe(ndjsonOf(other));
    expect(await runCli(args)).toMatchObject({ code: 0 });
    expect(await written()).toBe(ndjsonOf(sandbox));
  });

  it.each<[string, string[], string[], RegExp]>([
    ['another --filter', ['--filter', 'a*'], ['--filter', 'b*'], /has --filter a\*: rerun it with the same/],
    ['a new --filter', [], ['--filter', 'b*'], /has no --filter: rerun it without/],
    ['no --filter', ['--filter', 'a*'], [], /has --filter a\*: rerun it with the same options/],
    [
      'another --modified-since',
      ['--modified-since', '3000d'],
      ['--modified-since', '9d'],
      /has --modified-since 3000d/,
    ],
  ])('a run with %s is refused, and the unfinished one is kept', async (_what, first, second, why) => {
    const { sandbox, args, out } = await halfWay(first);
    const spool = await readFile(`${out}.spool`, 'utf8');
    const { requests } = sandbox.stats();
    const { code, stderr } = await runCli([...args, ...second]);
    expect(stderr).toMatch(
      /^pageturn: the unfinished run in .*users\.ndjson\.spool has .*add --restart to start over\n$/,
    );
    expect(stderr).toMatch(why);
    expect(code).toBe(2);
    expect(await readFile(`${out}.spool`, 'utf8')).toBe(spool);
    expect(sandbox.stats().requests).toBe(requests);
  });

  it('a run that failed before its first user does not block another job', async () => {
    const { sandbox, args, written } = await bed();
    sandbox.inject({ kind: 'error', status: 403, name: 'AccessDeniedException', message: 'Not you' });
    expect(await runCli([...args, '--filter', 'b*'])).toMatchObject({ code: 1 });
    expect(await runCli(args)).toMatchObject({ code: 0 });
    expect(await written()).toBe(ndjsonOf(sandbox));
  });

  it('the unfinished run of another instance is refused, and kept', async () => {
    const { args, out } = await halfWay();
    const other = await sandboxFor({ seed: 2 });
    const { code, stderr } = await runCli([...args, ...at(other)]);
    expect(stderr).toMatch(/has another --instance-id: rerun it with that one, or add --restart/);
    expect(code).toBe(2);
    expect(other.stats().requests).toBe(0);
    expect(await readdir(join(out, '..'))).toEqual(['users.ndjson.spool']);
  });

  it('a duration given with --modified-since means the same moment in all runs', async () => {
    const sandbox = await sandboxFor({ users: 0 });
    const out = join(await newFolder(), 'users.ndjson');
    // Modified in the first half minute of 2026.
    for (let n = 0; n < 30; n++) sandbox.directory.insert();
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-01-01T00:01:00Z') });
    onTestFinished(() => void vi.useRealTimers());
    const args = ['users', ...at(sandbox), '--page-size', '10', '--out', out];
    sandbox.inject({ kind: 'hang' }, { afterRequests: 1 });
    const first = startCli([...args, '--modified-since', '61s']);
    await requestsAt(sandbox, 2);
    first.kill('SIGINT');
    expect(await first.ended).toMatchObject({ code: 130 });
    vi.setSystemTime(new Date('2026-01-01T02:00:00Z'));
    expect(await runCli([...args, '--modified-since', '61s'])).toMatchObject({ code: 0 });
    expect((await readFile(out, 'utf8')).trimEnd().split('\n')).toHaveLength(30);
  });

  it('columns, query and format may change, because the users are kept as they were delivered', async () => {
    const { args, out, sandbox } = await halfWay(['--columns', 'Id']);
    expect(await runCli([...args, '--query', 'Username', '--output', 'text'])).toMatchObject({ code: 0 });
    const names = [...sandbox.directory.users()].map(({ Username }) => `${Username}\n`);
    expect(await readFile(out, 'utf8')).toBe(names.join(''));
  });

  it('--max-items counts the users of all runs of a job', async () => {
    const { args, sandbox, written } = await halfWay(['--max-items', '450']);
    const less = await runCli([...args, '--max-items', '150']);
    expect(less).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/already has 200 users, and --max-items is 150; raise it/),
    });
    expect(await runCli([...args, '--max-items', '300'])).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^300 users, .*: stopped at --max-items, there may be more\n$/),
    });
    const all = ndjsonOf(sandbox).split('\n');
    expect(await written()).toBe(`${all.slice(0, 300).join('\n')}\n`);
    expect(await runCli([...args, '--max-items', '200'])).toMatchObject({ code: 0 });
    expect(await written()).toBe(`${all.slice(0, 200).join('\n')}\n`);
  });

  it('a rejected token makes the run start over, and no user is there twice', async () => {
    const { sandbox, args, written } = await halfWay();
    sandbox.inject({ kind: 'expired-token' });
    expect(await runCli(args)).toMatchObject({ code: 0 });
    expect(await written()).toBe(ndjsonOf(sandbox));
  });

  it('a run resumes even if the clock was set back by years', async () => {
    const { sandbox, out, args, written } = await halfWay();
    const later = new Date('2099-01-01');
    await utimes(`${out}.spool`, later, later);
    expect(await runCli(args)).toMatchObject({ code: 0 });
    expect(await written()).toBe(ndjsonOf(sandbox));
  });

  it('after a final error of the service, the error says how to continue', async () => {
    const { sandbox, args, written } = await bed();
    sandbox.inject(
      { kind: 'error', status: 403, name: 'AccessDeniedException', message: 'Not you' },
      { afterRequests: 1 },
    );
    const { code, stderr } = await runCli(args);
    expect(stderr).toMatch(
      /^pageturn: AccessDeniedException: Not you; .*; 100 users are kept in .*\.spool: fix this, then rerun the same command to continue\n$/,
    );
    expect(code).toBe(1);
    expect(await runCli(args)).toMatchObject({ code: 0 });
    expect(await written()).toBe(ndjsonOf(sandbox));
  });
});

describe('an output that cannot be written', () => {
  it('a folder is refused with an error that says so, before anything is sent', async () => {
    const { sandbox, folder, args } = await bed();
    for (const [path, ...more] of [[folder], [folder, '--output', 'csv'], [join(folder, 'new/')]]) {
      const run = await runCli([...args.slice(0, -1), path ?? '', ...more]);
      expect(run.stderr).toMatch(/^pageturn: cannot open .*: it is a folder; name a file\n$/);
      expect(run.code).toBe(1);
    }
    expect(sandbox.stats().requests).toBe(0);
  });

  it('a path below a file is refused', async () => {
    const { folder, args } = await bed();
    await writeFile(join(folder, 'file'), '');
    const { code, stderr } = await runCli([...args.slice(0, -1), join(folder, 'file', 'users.csv')]);
    expect(stderr).toMatch(/^pageturn: cannot open .*users\.csv: ENOTDIR/);
    expect(code).toBe(1);
  });

  it('a file that is not a spool is left alone', async () => {
    const { args, out } = await bed();
    await writeFile(`${out}.spool`, 'mine');
    const { code, stderr } = await runCli([...args, '--restart']);
    expect(stderr).toMatch(
      /^pageturn: .*users\.ndjson\.spool is not a spool that this version can resume; move it away/,
    );
    expect(code).toBe(1);
    expect(await readFile(`${out}.spool`, 'utf8')).toBe('mine');
  });

  it('of two runs on one output, the second one is refused', async () => {
    const { sandbox, folder, args, out, written } = await bed();
    sandbox.inject({ kind: 'hang' }, { afterRequests: 1 });
    const first = startCli(args);
    await requestsAt(sandbox, 2);
    await symlink(out, join(folder, 'link.ndjson'));
    for (const path of [out, join(folder, 'link.ndjson')]) {
      for (const more of [[], ['--restart']]) {
        const second = await runCli([...args.slice(0, -1), path, ...more]);
        expect(second.stderr).toMatch(/^pageturn: .*users\.ndjson\.spool is in use by this process/);
        expect(second.code).toBe(1);
      }
    }
    expect(sandbox.stats().requests).toBe(2);
    first.kill('SIGINT');
    expect(await first.ended).toMatchObject({ code: 130 });
    expect(await runCli(args)).toMatchObject({ code: 0 });
    expect(await written()).toBe(ndjsonOf(sandbox));
  });

  it('after the disk was full, the rerun completes the file', async ({ skip }) => {
    const folder = await newFolder();
    const disk = smallDisk(folder, '128k') ?? skip('only root can mount a small disk');
    const { sandbox, args } = await bed({ users: 1000 });
    const out = join(folder, 'users.ndjson');
    const full = [...args.slice(0, -1), out];
    const { code, stderr } = await runCli(full);
    expect(stderr).toMatch(
      /^pageturn: cannot write .*ENOSPC: no space left on device; \d+ users are kept in .*rerun the same command to continue\n$/,
    );
    expect(code).toBe(1);
    disk.resize('4m');
    expect(await runCli(full)).toMatchObject({ code: 0, stderr: expect.stringContaining('in 2 runs') });
    expect(await readFile(out, 'utf8')).toBe(ndjsonOf(sandbox));
  });
});

describe('--receipt', () => {
  const read = async (path: string) => JSON.parse(await readFile(path, 'utf8')) as Receipt;

  it('the receipt of a complete run describes the file, and verify accepts it', async () => {
    const { folder, args, out } = await bed();
    const path = join(folder, 'receipt.json');
    expect(await runCli([...args, '--receipt', path])).toMatchObject({ code: 0 });
    expect(await read(path)).toMatchObject({
      end: 'exhausted',
      complete: true,
      pages: 5,
      items: 500,
      written: 500,
      target: out,
      bytes: (await stat(out)).size,
    });
    expect((await readdir(folder)).sort()).toEqual(['receipt.json', 'users.ndjson']);
    const verified = await runCli(['verify', path]);
    expect(await runCli(['verify', path], { appendTo: '/dev/full' })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('cannot write to standard output: ENOSPC') as string,
    });
    expect(verified.stdout).toMatch(
      /users\.ndjson is what was published: 500 rows, [\d,]+ bytes, SHA-256 [\da-f]{64}\n$/,
    );
    expect(verified).toMatchObject({ code: 0, stderr: '' });
    await appendFile(out, 'x');
    expect(await runCli(['verify', path])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^pageturn: .*users\.ndjson is not what was published: it has \d+ bytes instead of/,
      ),
    });
  });

  it('aborted and failed runs write their receipts, and the last one covers all runs', async () => {
    const path = join(await newFolder(), 'receipt.json');
    const { sandbox, args } = await halfWay(['--receipt', path]);
    expect(await read(path)).toMatchObject({ end: 'aborted', complete: false, written: 200 });
    expect(await runCli(['verify', path])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/receipt\.json: the run was aborted before it published anything/),
    });
    sandbox.inject({ kind: 'error', status: 403, name: 'AccessDeniedException', message: 'Not you' });
    expect(await runCli([...args, '--receipt', path])).toMatchObject({ code: 1 });
    expect(await read(path)).toMatchObject({ end: 'failed', complete: false, written: 200, resumed: 1 });
    expect(await runCli([...args, '--receipt', path])).toMatchObject({ code: 0 });
    expect(await read(path)).toMatchObject({ end: 'exhausted', written: 500, resumed: 2 });
    expect(await runCli(['verify', path])).toMatchObject({ code: 0 });
  });

  it('a run that cannot open its output writes the receipt of a failure', async () => {
    const { folder, args } = await bed();
    const path = join(folder, 'receipt.json');
    const run = await runCli([...args.slice(0, -1), join(folder, 'no', 'users.csv'), '--receipt', path]);
    expect(run.code).toBe(1);
    expect(await read(path)).toMatchObject({ end: 'failed', complete: false, written: 0, requests: 0 });
  });

  it('a run that is refused because another one writes the output leaves its receipt alone', async () => {
    const { sandbox, folder, args } = await bed();
    const path = join(folder, 'receipt.json');
    await writeFile(path, 'of the other run');
    sandbox.inject({ kind: 'hang' });
    const first = startCli(args);
    await requestsAt(sandbox, 1);
    expect(await runCli([...args, '--receipt', path])).toMatchObject({ code: 1 });
    expect(await readFile(path, 'utf8')).toBe('of the other run');
    first.kill('SIGINT');
    await first.ended;
  });

  it('the receipt counts the rows that a query makes', async () => {
    const { folder, args } = await bed();
    const path = join(folder, 'receipt.json');
    await runCli([...args, '--receipt', path, '--query', "[?starts_with(Username,'a')].Id"]);
    const { written, items } = await read(path);
    expect([written < 500, items]).toEqual([true, 500]);
    expect(await runCli(['verify', path])).toMatchObject({ code: 0 });
  });

  it('the receipt of standard output is compared with the file it was redirected to', async () => {
    const { sandbox, folder } = await bed();
    const [path, out] = [join(folder, 'receipt.json'), join(folder, 'redirected.ndjson')];
    await runCli(['users', ...at(sandbox), '--receipt', path], { appendTo: out });
    expect(await read(path)).toMatchObject({ target: 'standard output', writtenThrough: true, written: 500 });
    expect(await runCli(['verify', path])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /standard output is not a file on this machine; .*: pageturn verify .* FILE\n$/,
      ),
    });
    expect(await runCli(['verify', path, out])).toMatchObject({ code: 0 });
  });

  it('a limit is published, and its receipt says that it may not be all', async () => {
    const { folder, args } = await bed();
    const path = join(folder, 'receipt.json');
    await runCli([...args, '--receipt', path, '--max-items', '7']);
    expect(await read(path)).toMatchObject({ end: 'limit', complete: false, written: 7 });
    expect(await runCli(['verify', path])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /7 rows, .*; the run stopped at its limit, so it may not be the whole listing\n$/,
      ),
    });
  });

  it('a folder where the spool has to go is named in the error', async () => {
    const { args, out } = await bed();
    await mkdir(`${out}.spool`);
    const { code, stderr } = await runCli(args);
    expect(stderr).toMatch(
      /^pageturn: cannot open .*users\.ndjson\.spool: it is a folder; name a regular file\n$/,
    );
    expect(code).toBe(1);
  });

  it('a receipt is written through a named pipe, which stays one', async () => {
    const { args, folder } = await bed();
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const [{ code }, text] = await Promise.all([
      runCli([...args, '--receipt', pipe]),
      readFile(pipe, 'utf8'),
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(text)).toMatchObject({ complete: true, written: 500 });
    expect((await lstat(pipe)).isFIFO()).toBe(true);
  });

  it('a receipt that cannot be written is an error before anything is sent', async () => {
    const { sandbox, folder, args, out } = await bed();
    const link = join(folder, 'link.json');
    await symlink(out, link);
    await writeFile(out, '');
    for (const [path, why] of [
      [folder, /cannot write the receipt .*: it is a folder; name a file/],
      [join(folder, 'no', 'r.json'), /cannot write the receipt .*create it first/],
      [link, /name the same file/],
      [`${out}.spool`, /where --out keeps its unfinished run: name another file/],
      [`${out}.spool.lock`, /where --out keeps its unfinished run: name another file/],
    ] as const) {
      const { code, stderr } = await runCli([...args, '--receipt', path]);
      expect(stderr).toMatch(why);
      expect(code).toBeGreaterThan(0);
    }
    expect(sandbox.stats().requests).toBe(0);
  });
});

describe('--resume FILE with a redirected standard output', () => {
  async function redirected() {
    const { sandbox, folder } = await bed();
    const [out, resume] = [join(folder, 'users.ndjson'), join(folder, 'checkpoint')];
    const args = ['users', ...at(sandbox), '--page-size', '100', '--resume', resume];
    return { sandbox, folder, args, out, written: () => readFile(out, 'utf8') };
  }

  it('a run continues after the position of the interrupted one', async () => {
    const { sandbox, folder, args, out, written } = await redirected();
    sandbox.inject({ kind: 'hang' }, { afterRequests: 2 });
    const first = startCli(args, { appendTo: out });
    await requestsAt(sandbox, 3);
    first.kill('SIGHUP');
    const { code, stderr } = await first.ended;
    expect(stderr).toMatch(/kept in .*checkpoint; continue with: pageturn users/);
    expect(code).toBe(129);
    expect(await runCli(args, { appendTo: out })).toMatchObject({ code: 0 });
    expect(await written()).toBe(ndjsonOf(sandbox));
    expect(await readdir(folder)).toEqual(['users.ndjson']);
  });

  it('a run that reached --max-items is continued by one with a higher limit, and not repeated', async () => {
    const { sandbox, args, out, written } = await redirected();
    const limited = (limit: string) => runCli([...args, '--max-items', limit], { appendTo: out });
    expect(await limited('250')).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/raise --max-items/),
    });
    const { requests } = sandbox.stats();
    expect(await limited('250')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/already has 250 users, and --max-items is 250; raise it to continue/),
    });
    expect(sandbox.stats().requests).toBe(requests);
    expect(await limited('300')).toMatchObject({ code: 0 });
    expect(await runCli(args, { appendTo: out })).toMatchObject({ code: 0 });
    expect(await written()).toBe(ndjsonOf(sandbox));
  });

  it('another --filter is refused with its checkpoint named', async () => {
    const { args, out } = await redirected();
    await runCli([...args, '--max-items', '10', '--filter', 'a*'], { appendTo: out });
    const { code, stderr } = await runCli([...args, '--filter', 'b*'], { appendTo: out });
    expect(stderr).toMatch(/checkpoint has --filter a\*: .*, or delete .*checkpoint to start over\n$/);
    expect(code).toBe(2);
  });

  it.each([
    ['a folder', async (path: string) => void (await mkdir(path)), 'it is a folder; name a regular file'],
    ['a named pipe', async (path: string) => void execFileSync('mkfifo', [path]), 'it is a named pipe'],
    ['no checkpoint', (path: string) => writeFile(path, '{}'), 'checkpoint'],
  ])('%s given with --resume is refused, without a hang', async (_what, create, why) => {
    const { sandbox, args, out, folder } = await redirected();
    await create(join(folder, 'checkpoint'));
    const { code, stderr } = await runCli(args, { appendTo: out });
    expect(stderr).toContain(why);
    expect(code).toBe(1);
    expect(sandbox.stats().requests).toBe(0);
  });
});
