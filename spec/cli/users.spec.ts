import { describe, expect, it } from 'vitest';
import { systemClock } from '../../lib/core/clock.js';
import { at } from '../support/at.js';
import { generousQuotas } from '../support/generous-quotas.js';
import { lineOf, ndjsonOf, requestsAt, sandboxFor } from '../support/sandbox-for.js';
import { runCli, startCli } from './run-in-process.js';

it('--share leaves the rest of the quota for other clients', async () => {
  // A client that uses all of the documented quota sends five requests at once. A burst of 4 has room for what half of it
  // allows, two and a half, and for a request that a busy machine delays.
  const sandbox = await sandboxFor({ users: 500, ratePerSecond: 1, burst: 4 });
  const { code, stdout, stderr } = await runCli([
    'users',
    ...at(sandbox),
    '--page-size',
    '100',
    '--share',
    '0.5',
  ]);
  expect(stdout).toBe(ndjsonOf(sandbox));
  expect(stderr).toMatch(/^500 users, 5 pages, 0 throttles, /);
  expect(code).toBe(0);
});

describe('pageturn users', () => {
  generousQuotas();

  it('pageturn users writes each user as a JSON line and a summary to standard error', async () => {
    const sandbox = await sandboxFor({ users: 2345 });
    const { code, stdout, stderr } = await runCli(['users', ...at(sandbox)]);
    expect(stdout).toBe(ndjsonOf(sandbox));
    expect(stderr).toMatch(/^2,345 users, 3 pages, 0 throttles, [\d.]+ s: complete\n$/);
    expect(code).toBe(0);
  });

  it('pageturn users lists every user in spite of throttles and faults', async () => {
    const faults = [
      { kind: 'throttle' },
      { kind: 'reset' },
      { kind: 'truncated' },
      { kind: 'empty-page' },
    ] as const;
    const sandbox = await sandboxFor({
      users: 500,
      faults: faults.map((fault) => ({ ...fault, probability: 0.1 })),
    });
    const { code, stdout, stderr } = await runCli(['users', ...at(sandbox), '--page-size', '100']);
    expect(stdout).toBe(ndjsonOf(sandbox));
    expect(stderr).toContain(': complete\n');
    expect(code).toBe(0);
  });

  it('--output json writes one JSON array', async () => {
    const sandbox = await sandboxFor({ users: 250 });
    const { stdout } = await runCli(['users', ...at(sandbox), '--output', 'json', '--page-size', '100']);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(`[${ndjsonOf(sandbox).trim().replaceAll('\n', ',')}]`));
  });

  it('--output table writes a table', async () => {
    const sandbox = await sandboxFor({ users: 3 });
    const { stdout } = await runCli(['users', ...at(sandbox), '--output', 'table']);
    const [header, ...rows] = stdout.trimEnd().split('\n');
    expect(header).toMatch(/^ID +LAST MODIFIED +USERNAME$/);
    const column = header?.indexOf('USERNAME');
    expect(rows.map((row) => row.slice(column))).toEqual(
      [...sandbox.directory.users()].map((user) => user.Username),
    );
  });

  it('--filter says so when no user name matches, without echoing escape codes', async () => {
    const sandbox = await sandboxFor({ users: 20 });
    const { code, stdout, stderr } = await runCli(['users', ...at(sandbox), '--filter', 'acme\x1b[2J']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(
      /\nno user name matches acme\ufffd\[2J: a pattern matches the whole name, \* any text and \? any character\n$/,
    );
  });

  it.each([
    ['--modified-since', '1s'],
    ['--query', '[?Username==`x`]'],
  ])('--filter does not say that no name matches if %s left the users out', async (flag, value) => {
    const sandbox = await sandboxFor({ users: 20 });
    const { code, stdout, stderr } = await runCli(['users', ...at(sandbox), '--filter', '*', flag, value]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).not.toContain('no user name matches');
  });

  it('--filter writes only matching users, and the summary counts all of them', async () => {
    const sandbox = await sandboxFor({ users: 400 });
    const { stdout, stderr } = await runCli(['users', ...at(sandbox), '--filter', '*@ACME.de']);
    const expected = [...sandbox.directory.users()].filter((user) => user.Username.endsWith('@acme.de'));
    expect(
      stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line).Id),
    ).toEqual(expected.map(({ Id }) => Id));
    expect(stderr).toMatch(new RegExp(`^${expected.length} of 400 users, .*: complete\n$`));
  });

  it('--max-items stops without an extra request and does not claim to be complete', async () => {
    const sandbox = await sandboxFor({ users: 900 });
    const args = ['users', ...at(sandbox), '--page-size', '100', '--max-items', '250'];
    const { code, stdout, stderr } = await runCli(args);
    expect(stdout.split('\n')).toHaveLength(251);
    expect(stderr).toMatch(/^250 users, 3 pages, .*stopped at --max-items/);
    expect(sandbox.stats().requests).toBe(3);
    expect(code).toBe(0);
  });

  it.each([
    ['csv', 'Id,Arn,Username,LastModifiedTime,LastModifiedRegion\n', ',', ''],
    ['text', '', '\t', 'None'],
  ])(
    '--output %s writes every column in order as the users arrive',
    async (format, header, between, missing) => {
      const sandbox = await sandboxFor({ users: 250 });
      const { stdout } = await runCli(['users', ...at(sandbox), '--output', format, '--page-size', '100']);
      const rows = [...sandbox.directory.users()].map((user) => {
        const { Id, Arn, Username, LastModifiedTime, LastModifiedRegion } = JSON.parse(lineOf(user));
        const cells = [Id, Arn, Username, LastModifiedTime, LastModifiedRegion];
        return cells.map((cell) => cell ?? missing).join(between);
      });
      expect(stdout === `${header}${rows.join('\n')}\n`).toBe(true);
    },
  );

  it.each([
    ['csv', 'Username,Id\n{name},{id}\n'],
    ['text', '{name}\t{id}\n'],
    ['ndjson', '{"Username":"{name}","Id":"{id}"}\n'],
    ['json', '[{"Username":"{name}","Id":"{id}"}\n]\n'],
    ['table', expect.stringMatching(/^Username +Id\n\S+ +\S{36}\n$/)],
  ])('--columns chooses the columns and their order in %s', async (format, text) => {
    const sandbox = await sandboxFor({ users: 1 });
    const [{ Id, Username } = { Id: '', Username: '' }] = sandbox.directory.users();
    const options = ['--output', format, '--columns', 'Username, Id'];
    const { stdout } = await runCli(['users', ...at(sandbox), ...options]);
    expect(stdout).toEqual(
      typeof text === 'string' ? text.replace('{name}', Username).replace('{id}', Id) : text,
    );
  });

  it('a name with a formula, quotes, line ends, tabs, emoji or escape codes is one row in every format', async () => {
    const name = '=cmd|"x"\t\n\r\x1b[2J👩‍💻\u202e';
    const sandbox = await sandboxFor({ users: 0 });
    sandbox.directory.insert({ Username: name });
    const run = async (format: string) =>
      (await runCli(['users', ...at(sandbox), '--output', format, '--columns', 'Username'])).stdout;
    expect(await run('csv')).toBe(`Username\n"'${name.replaceAll('"', '""')}"\n`);
    for (const format of ['text', 'table', 'ndjson', 'json']) {
      const text = await run(format);
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
      expect(text).toContain('👩‍💻');
    }
    expect(await run('text')).toMatch(/^=cmd\|"x".*\n$/);
  });

  it('on a terminal, csv obeys no escape code in a name', async () => {
    const sandbox = await sandboxFor({ users: 0 });
    sandbox.directory.insert({ Username: 'a\x1b[2Jb' });
    const { stdout } = await runCli(['users', ...at(sandbox), '--output', 'csv', '--columns', 'Username'], {
      isTTY: true,
    });
    expect(stdout).toBe('Username\na\ufffd[2Jb\n');
  });

  it('--modified-since lists the users that were modified since, and says how many have no time', async () => {
    const sandbox = await sandboxFor({ users: 200 });
    const users = [...sandbox.directory.users()];
    const expected = users.filter(
      ({ LastModifiedTime }) => Number(LastModifiedTime) >= Date.parse('2025-01-01'),
    );
    const undated = users.filter(({ LastModifiedTime }) => LastModifiedTime === undefined);
    const { stdout, stderr } = await runCli(['users', ...at(sandbox), '--modified-since', '2025-01-01']);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).Id),
    ).toEqual(expected.map(({ Id }) => Id));
    expect(stderr).toMatch(
      new RegExp(
        `^${expected.length} of 200 users, .*: complete\nleft out ${undated.length} users without a modification time\n$`,
      ),
    );
  });

  it('--max-items stops after as many users, and says that there may be more', async () => {
    const sandbox = await sandboxFor({ users: 250 });
    const { code, stdout, stderr } = await runCli(['users', ...at(sandbox), '--max-items', '7']);
    expect(stdout.split('\n')).toHaveLength(8);
    expect(stderr).toMatch(/^7 users, .*: stopped at --max-items, there may be more\n$/);
    expect(code).toBe(0);
  });

  it('--max-attempts gives up after as many faults', async () => {
    const sandbox = await sandboxFor({ users: 250, faults: [{ kind: 'server-error', times: 2 }] });
    const { code, stderr } = await runCli(['users', ...at(sandbox), '--max-attempts', '2']);
    expect(stderr).toMatch(/^pageturn: gave up after 2 attempts: /);
    expect(code).toBe(1);
    expect(sandbox.stats().requests).toBe(2);
  });

  it('a wait that the service asks for beyond --max-elapsed fails at once, and a long one is announced', async () => {
    const sandbox = await sandboxFor({ users: 250 });
    sandbox.inject({ kind: 'throttle', retryAfterMs: 28_000 });
    const failed = await runCli(['users', ...at(sandbox), '--max-elapsed', '20s']);
    expect(failed).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^pageturn: gave up after 1 attempt/),
    });
    sandbox.inject({ kind: 'throttle', retryAfterMs: 28_000 });
    const waiting = startCli(['users', ...at(sandbox)], { isTTY: true });
    while (!waiting.stderr().includes('users: throttled')) await systemClock.sleep(5);
    expect(waiting.stderr()).toContain('throttled, trying again in 28 s\n');
    expect(waiting.stderr()).toContain('\r\x1b[K0 users: throttled, trying again in 28 s');
    waiting.kill('SIGTERM');
    expect(await waiting.ended).toMatchObject({ code: 143 });
  });

  it.each([
    ['ndjson', ''],
    ['json', '[]\n'],
    ['table', expect.stringMatching(/^ID.*USERNAME\n$/)],
    ['csv', 'Id,Arn,Username,LastModifiedTime,LastModifiedRegion\n'],
    ['text', ''],
  ])('an instance without users gives complete %s output', async (format, stdout) => {
    const sandbox = await sandboxFor({ users: 0 });
    expect(await runCli(['users', ...at(sandbox), '--output', format])).toMatchObject({
      code: 0,
      stdout,
      stderr: expect.stringMatching(/^0 users, 1 page, .*complete\n$/),
    });
  });
});

/** The form of an instance id, and none of the sandbox. */
const UNKNOWN_ID = '11111111-2222-4333-8444-555555555555';

describe('a failed run', () => {
  generousQuotas();

  it('an unknown instance id exits with 1 and says what to check', async () => {
    const sandbox = await sandboxFor();
    const args = ['--endpoint-url', sandbox.endpoint, '--instance-id', UNKNOWN_ID];
    const { code, stdout, stderr } = await runCli(['users', ...args]);
    expect(stderr).toMatch(/^pageturn: ResourceNotFoundException: .*; check --instance-id.*\n$/);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it.each([
    ['no region', 'AWS_REGION', /--region/],
    ['no credentials', 'AWS_ACCESS_KEY_ID', /CredentialsProviderError.*AWS_ACCESS_KEY_ID/],
  ])('%s exits with 1 and says what to do', async (_what, name, advice) => {
    const { code, stderr } = await runCli(['users', '--instance-id', 'x'], { env: { [name]: undefined } });
    expect(stderr).toMatch(/^pageturn: .+\n$/);
    expect(stderr).toMatch(advice);
    expect(code).toBe(1);
  });

  it('a full disk under --out exits with 1', async () => {
    const sandbox = await sandboxFor();
    const { code, stderr } = await runCli(['users', ...at(sandbox), '--out', '/dev/full']);
    expect(stderr).toMatch(/^pageturn: cannot write \/dev\/full: ENOSPC.*\n$/);
    expect(code).toBe(1);
  });

  it('a full disk under standard output exits with 1', async () => {
    const sandbox = await sandboxFor();
    const { code, stderr } = await runCli(['users', ...at(sandbox)], { appendTo: '/dev/full' });
    expect(stderr).toMatch(/^pageturn: cannot write to standard output: ENOSPC: no space left on device\n$/);
    expect(code).toBe(1);
  });
});

describe('an interrupted run', () => {
  generousQuotas();

  it('a run without --out says after an interruption what would have kept its users', async () => {
    const sandbox = await sandboxFor({ users: 400, faults: [{ kind: 'hang', afterRequests: 2 }] });
    const run = startCli(['users', ...at(sandbox), '--page-size', '100']);
    await requestsAt(sandbox, 3);
    run.kill('SIGINT');
    const { code, stdout, stderr } = await run.ended;
    expect(ndjsonOf(sandbox).startsWith(stdout)).toBe(true);
    expect(stdout.split('\n')).toHaveLength(201);
    expect(stderr).toMatch(
      /^200 users, 2 pages, .*: interrupted, there may be more; with --out FILE the next run could continue from here\n$/,
    );
    expect(code).toBe(130);
  });
});
