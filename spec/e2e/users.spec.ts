import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ndjsonOf, newFolder, sandboxFor } from './sandbox-for.js';
import { at, MAIN, runCli } from './start-cli.js';

describe('pageturn users', () => {
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

  it('--share leaves the rest of the quota for other clients', async () => {
    // Half of the documented quota: a client that uses all of it is throttled here.
    const sandbox = await sandboxFor({ users: 500, ratePerSecond: 1, burst: 3 });
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

  it('--out writes to a new file and never overwrites an existing one', async () => {
    const sandbox = await sandboxFor({ users: 120 });
    const out = join(await newFolder(), 'users.ndjson');
    expect(await runCli(['users', ...at(sandbox), '--out', out])).toMatchObject({ code: 0, stdout: '' });
    expect(await readFile(out, 'utf8')).toBe(ndjsonOf(sandbox));
    expect(await runCli(['users', ...at(sandbox), '--out', out])).toMatchObject({ code: 2 });
    expect(await readFile(out, 'utf8')).toBe(ndjsonOf(sandbox));
  });

  it.each([
    ['ndjson', ''],
    ['json', '[]\n'],
    ['table', expect.stringMatching(/^ID.*USERNAME\n$/)],
  ])('an instance without users gives complete %s output', async (format, stdout) => {
    const sandbox = await sandboxFor({ users: 0 });
    expect(await runCli(['users', ...at(sandbox), '--output', format])).toMatchObject({
      code: 0,
      stdout,
      stderr: expect.stringMatching(/^0 users, 1 page, .*complete\n$/),
    });
  });
});

describe('pageturn users --sandbox', () => {
  it('pageturn users --sandbox runs on its own, narrates, and lists every user once', async () => {
    const { code, stdout, stderr } = await runCli(['users', '--sandbox', '120', '--page-size', '20']);
    expect(
      new Set(
        stdout
          .split('\n')
          .slice(0, -1)
          .map((line) => JSON.parse(line).Id),
      ).size,
    ).toBe(120);
    expect(stderr).toMatch(/^a sandbox on this machine: 120 users, 2 requests\/s with a burst of 5/);
    expect(stderr).toMatch(/page 3: 60 users\n(.*\n)*page 6: 120 users\n/);
    // How many throttles there are depends on the machine; each of them is narrated.
    const [, throttles] =
      /\n120 users, 120 distinct, 6 pages, (\d+) throttles?, [\d.]+ s: complete\n$/.exec(stderr) ?? [];
    expect(stderr.match(/^throttled \(429\): backing off\n/gm) ?? []).toHaveLength(Number(throttles));
    expect(code).toBe(0);
  });
});

describe('a failed run', () => {
  it('an unknown instance id exits with 1 and says what to check', async () => {
    const sandbox = await sandboxFor();
    const args = ['--endpoint-url', sandbox.endpoint, '--instance-id', 'unknown'];
    const { code, stdout, stderr } = await runCli(['users', ...args]);
    expect(stderr).toMatch(/^pageturn: ResourceNotFoundException: .*; check --instance-id.*\n$/);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it.each([
    ['no region', { AWS_REGION: undefined }, /--region/],
    ['no credentials', { AWS_ACCESS_KEY_ID: undefined }, /CredentialsProviderError.*AWS_ACCESS_KEY_ID/],
  ])('%s exits with 1 and says what to do', async (_what, env, advice) => {
    const { code, stderr } = await runCli(['users', '--instance-id', 'x'], { env });
    expect(stderr).toMatch(/^pageturn: .+\n$/);
    expect(stderr).toMatch(advice);
    expect(code).toBe(1);
  });

  it('an unreachable endpoint exits with 1 and says what to check', async () => {
    const sandbox = await sandboxFor();
    await sandbox.close();
    const { code, stderr } = await runCli(['users', ...at(sandbox)]);
    expect(stderr).toMatch(
      /^pageturn: gave up after \d+ attempts: .*ECONNREFUSED.*; check --region, --endpoint-url.*\n$/,
    );
    expect(code).toBe(1);
  });

  it('without the AWS client the CLI says how to install it', async () => {
    const root = await newFolder();
    await cp(join(MAIN, '../..'), join(root, 'dist'), { recursive: true });
    await writeFile(join(root, 'package.json'), '{"type":"module","version":"0.0.0"}');
    await mkdir(join(root, 'node_modules'));
    for (const name of ['commander', 'ix', 'p-retry']) {
      await symlink(join(MAIN, '../../../node_modules', name), join(root, 'node_modules', name));
    }
    const { code, stderr } = await runCli(['users', '--sandbox'], { main: join(root, 'dist/cli/main.js') });
    expect(stderr).toBe('pageturn: the AWS client is not installed: npm install @aws-sdk/client-connect\n');
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
    const within = ['sh', '-c', 'exec "$@" > /dev/full', 'sh'];
    const { code, stderr } = await runCli(['users', ...at(sandbox)], { within });
    expect(stderr).toMatch(/^pageturn: cannot write to standard output: ENOSPC.*\n$/);
    expect(code).toBe(1);
  });
});

describe('a closed pipe', () => {
  it('a closed pipe ends the run and its requests quietly with 0', async () => {
    const sandbox = await sandboxFor({ users: 100_000 });
    const within = ['sh', '-c', '{ "$@"; echo "exited with $?" >&2; } | head -3', 'sh'];
    const { stdout, stderr } = await runCli(['users', ...at(sandbox)], { within });
    expect(stdout.split('\n')).toHaveLength(4);
    expect(stderr).toBe('exited with 0\n');
    expect(sandbox.stats().requests).toBeLessThan(5);
  });
});
