import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Sandbox, SandboxOptions } from '../../lib/sandbox/index.js';
import { requestsOf } from '../connect/sandbox-users.js';
import { at } from '../support/at.js';
import { generousQuotas } from '../support/generous-quotas.js';
import { newFolder, requestsAt, sandboxFor } from '../support/sandbox-for.js';
import { runCli, startCli } from './run-in-process.js';

generousQuotas();

const REFUSED = { kind: 'error', status: 400, name: 'InvalidRequestException', message: 'No' } as const;

/** A command that describes users into a file, and keeps those that fail in another. */
async function bed(options: SandboxOptions = {}) {
  const sandbox = await sandboxFor({ users: 5, ...options });
  const folder = await newFolder();
  const [out, failed] = [join(folder, 'users.csv'), join(folder, 'failed.ndjson')];
  const args = ['users', ...at(sandbox), '--fields', 'Id,Email', '--out', out, '--failed', failed];
  return { sandbox, folder, out, failed, args };
}

async function idsIn(csv: string): Promise<string[]> {
  const lines = (await readFile(csv, 'utf8')).trimEnd().split('\n').slice(1);
  return lines.map((line) => line.split(',')[0] ?? '');
}

async function recordsIn(path: string): Promise<{ item: { Id: string }; error: { name: string } }[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line));
}

function allIds({ directory }: Sandbox): string[] {
  return [...directory.users()].map(({ Id }) => Id);
}

describe('--failed', () => {
  it('a user whose details are refused goes to the file with the error, the others to --out, and --only reads it again', async () => {
    const { sandbox, folder, out, failed, args } = await bed();
    sandbox.inject(REFUSED, { operation: 'DescribeUser', afterRequests: 2 });
    const receipt = join(folder, 'receipt.json');
    const { code, stderr } = await runCli([...args, '--receipt', receipt]);
    expect(stderr).toMatch(
      /^4 of 5 users, 1 page, .*: complete\n1 user failed; .*failed\.ndjson says why, and --only/,
    );
    expect(code).toBe(0);
    const [record, ...others] = await recordsIn(failed);
    expect(record).toMatchObject({
      item: { Id: expect.any(String) },
      error: { name: REFUSED.name, message: 'No' },
    });
    expect(others).toEqual([]);
    const missing = allIds(sandbox).filter((id) => id !== record?.item.Id);
    expect(await idsIn(out)).toEqual(missing);
    expect(JSON.parse(await readFile(receipt, 'utf8'))).toMatchObject({
      written: 4,
      failed: 1,
      complete: true,
    });

    const more = join(folder, 'more.csv');
    const again = await runCli([
      ...['users', ...at(sandbox), '--fields', 'Id,Email'],
      ...['--only', failed, '--failed', failed, '--out', more],
    ]);
    expect(again.code).toBe(0);
    expect(await idsIn(more)).toEqual([record?.item.Id]);
    expect(await readFile(failed, 'utf8')).toBe('');
    expect(requestsOf(sandbox)).toEqual({ ListUsers: 1, DescribeUser: 6 });
  });

  it('more failures than --max-failures allows end the run, which resumes once they are allowed', async () => {
    const { sandbox, out, failed, args } = await bed();
    sandbox.inject(REFUSED, { operation: 'DescribeUser', times: 2 });
    const first = await runCli([...args, '--max-failures', '1']);
    expect(first.stderr).toMatch(
      /^pageturn: 2 of \d items failed, more than --max-failures allows; the last one: InvalidRequestException: No/,
    );
    expect(first.code).toBe(1);
    await expect(readFile(out)).rejects.toThrow('ENOENT');
    const second = await runCli([...args, '--max-failures', '40%']);
    expect(second.code).toBe(0);
    const records = await recordsIn(failed);
    expect([...(await idsIn(out)), ...records.map(({ item }) => item.Id)].toSorted()).toEqual(
      allIds(sandbox).toSorted(),
    );
  });

  it('without --failed, a refused user ends the run, which continues without that user once --failed is there', async () => {
    const { sandbox, out, failed, args } = await bed();
    const [id = ''] = allIds(sandbox).slice(3);
    sandbox.inject(REFUSED, { operation: 'DescribeUser', afterRequests: 3, times: 2 });
    const first = await runCli(args.slice(0, -2));
    expect(first.stderr).toMatch(/^pageturn: InvalidRequestException: No/);
    expect(first.code).toBe(1);
    const second = await runCli(args);
    expect(second.code).toBe(0);
    expect(
      [...(await idsIn(out)), ...(await recordsIn(failed)).map(({ item }) => item.Id)].toSorted(),
    ).toEqual(allIds(sandbox).toSorted());
    expect(id).not.toBe('');
  });

  it('a run in which every user failed exits with 1', async () => {
    const { sandbox, out, failed, args } = await bed({ users: 3 });
    sandbox.inject(REFUSED, { operation: 'DescribeUser', times: 3 });
    const { code, stderr } = await runCli(args);
    expect(stderr).toMatch(/^0 of 3 users, .*\n3 users failed; /);
    expect(code).toBe(1);
    expect(await idsIn(out)).toEqual([]);
    expect(await recordsIn(failed)).toHaveLength(3);
  });

  it('an interrupted run resumes with the failed users that it had, and only with their file', async () => {
    const { sandbox, out, failed, args } = await bed();
    sandbox.inject(REFUSED, { operation: 'DescribeUser' });
    sandbox.inject({ kind: 'hang' }, { operation: 'DescribeUser', afterRequests: 3, times: 2 });
    const run = startCli(args);
    await requestsAt(sandbox, 6);
    run.kill('SIGINT');
    expect((await run.ended).code).toBe(130);
    const other = await runCli([...args.slice(0, -1), `${failed}.other`]);
    expect(other.stderr).toContain(`has --failed ${failed}: rerun it with the same options`);
    expect(other.code).toBe(2);

    expect(await runCli(args)).toMatchObject({ code: 0, stdout: '' });
    const records = await recordsIn(failed);
    expect(records).toHaveLength(1);
    const rest = allIds(sandbox).filter((id) => id !== records[0]?.item.Id);
    expect(await idsIn(out)).toEqual(rest);
  });

  it('fields that are read 500 users at a time leave an empty file, not that of yesterday', async () => {
    const { sandbox, failed } = await bed();
    await writeFile(failed, 'yesterday\n');
    const { code } = await runCli(['users', ...at(sandbox), '--details', '--failed', failed]);
    expect(code).toBe(0);
    expect(await readFile(failed, 'utf8')).toBe('');
  });

  it('a file that cannot be written is one line, before anything is described', async () => {
    const { sandbox, args } = await bed();
    const { code, stderr } = await runCli([...args.slice(0, -1), '/nope/failed.ndjson']);
    expect(stderr).toMatch(
      /^pageturn: cannot open \/nope\/failed\.ndjson: the folder \/nope does not exist; create it first\n$/,
    );
    expect(code).toBe(1);
    expect(requestsOf(sandbox)).toEqual({});
  });
});

describe('--only', () => {
  it.each([
    [
      'a file that is not there',
      undefined,
      /^pageturn: --only: .*failed\.ndjson does not exist; name a file that --failed wrote\n$/,
    ],
    [
      'a file of something else',
      '{"Id":"x"}\n',
      /failed\.ndjson has no failed users; name a file that --failed wrote\n$/,
    ],
  ])('%s is refused before anything is sent', async (_what, content, message) => {
    const { sandbox, out, failed } = await bed();
    if (content !== undefined) await writeFile(failed, content);
    const { code, stderr } = await runCli([
      ...['users', ...at(sandbox), '--fields', 'Id,Email', '--out', out, '--only', failed],
    ]);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
    expect(requestsOf(sandbox)).toEqual({});
  });

  it('users of another instance are refused, and do not count as deleted', async () => {
    const { sandbox, failed, args } = await bed({ users: [1, 1] });
    sandbox.inject(REFUSED, { operation: 'DescribeUser' });
    await runCli(args);
    const other = sandbox.instances[1]?.id ?? '';
    const { code, stderr } = await runCli([
      ...['users', '--endpoint-url', sandbox.endpoint, '--instance-id', other],
      ...['--fields', 'Id,Email', '--only', failed],
    ]);
    expect(stderr).toMatch(/failed\.ndjson has users of another instance; check --instance-id\n$/);
    expect(code).toBe(2);
  });
});
