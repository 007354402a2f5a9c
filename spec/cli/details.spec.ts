import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Receipt } from '../../lib/core/receipt.js';
import { requestsOf, usersAt } from '../connect/sandbox-users.js';
import { at } from '../support/at.js';
import { startAwsService } from '../support/aws-service.js';
import { query } from '../support/duckdb.js';
import { generousQuotas } from '../support/generous-quotas.js';
import { newFolder, requestsAt, sandboxFor } from '../support/sandbox-for.js';
import { runCli, startCli } from './run-in-process.js';

generousQuotas();

describe('users --details and --fields', () => {
  it('--fields reads what SearchUsers has in one request per 500 users, and the columns follow the fields', async () => {
    const sandbox = await sandboxFor({ users: 600 });
    const out = join(await newFolder(), 'users.csv');
    const fields = 'RoutingProfileName,Username,SecurityProfileNames';
    const { code, stderr } = await runCli(['users', ...at(sandbox), '--fields', fields, '--out', out]);
    const [header, ...lines] = (await readFile(out, 'utf8')).trimEnd().split('\n');
    expect(header).toBe(fields);
    expect(lines).toHaveLength(600);
    expect(lines.join('\n')).toContain([...sandbox.directory.users()][599]?.Username);
    expect(stderr).toMatch(/^600 users, 2 pages, 0 throttles, [\d.]+ s: complete\n$/);
    expect(code).toBe(0);
    expect(requestsOf(sandbox)).toEqual({ SearchUsers: 2, ListRoutingProfiles: 1, ListSecurityProfiles: 1 });
  });

  it('--details has the names next to the ids, as lists and typed values', async () => {
    const sandbox = await sandboxFor({ users: 3 });
    const { stdout } = await runCli(['users', ...at(sandbox), '--details']);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const users = await usersAt(sandbox);
    expect(rows.map(({ Id, RoutingProfileId, FirstName }) => [Id, RoutingProfileId, FirstName])).toEqual(
      users.map(({ Id, RoutingProfileId, IdentityInfo }) => [Id, RoutingProfileId, IdentityInfo?.FirstName]),
    );
    for (const row of rows) {
      expect(row.RoutingProfileName).toMatch(/\w/);
      expect(row.SecurityProfileNames).toHaveLength(row.SecurityProfileIds.length);
      expect(row.AutoAccept).toBeTypeOf('boolean');
    }
  });

  it('fields of ListUsers alone take no other operation', async () => {
    const sandbox = await sandboxFor({ users: 3 });
    const { stdout } = await runCli(['users', ...at(sandbox), '--fields', 'Username,LastModifiedTime']);
    expect(Object.keys(JSON.parse(stdout.split('\n')[0] ?? ''))).toEqual(['Username', 'LastModifiedTime']);
    expect(requestsOf(sandbox)).toEqual({ ListUsers: 1 });
  });

  it('users are chosen by name, time and number before they are described', async () => {
    const sandbox = await sandboxFor({ users: 400 });
    const matching = [...sandbox.directory.users()].filter(({ Username }) => Username.endsWith('@acme.de'));
    const { stdout, stderr } = await runCli([
      ...['users', ...at(sandbox), '--fields', 'Username,Email', '--output', 'csv'],
      ...['--filter', '*@acme.de', '--modified-since', '2000-01-01', '--max-items', '3'],
    ]);
    const names = stdout
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[0]);
    expect(names).toEqual(matching.slice(0, 3).map(({ Username }) => Username));
    expect(stderr).toContain(': stopped at --max-items');
    expect(requestsOf(sandbox)).toEqual({ ListUsers: 1, DescribeUser: 3 });
  });

  it('--modified-since with details describes the users that were modified, because SearchUsers has no times', async () => {
    const sandbox = await sandboxFor({ users: 50 });
    const [user] = sandbox.directory.users();
    sandbox.directory.rename(user?.Id ?? '', 'renamed@acme.com');
    const { stdout } = await runCli([
      ...['users', ...at(sandbox), '--fields', 'Username,RoutingProfileId'],
      ...['--modified-since', '2026-01-01'],
    ]);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).Username),
    ).toEqual(['renamed@acme.com']);
    expect(requestsOf(sandbox)).toEqual({ ListUsers: 1, DescribeUser: 1 });
  });

  it('a user who is deleted in the meantime is left out, and the end says so', async () => {
    const sandbox = await sandboxFor({ users: 3 });
    const error = { kind: 'error', status: 404, name: 'ResourceNotFoundException' } as const;
    sandbox.inject(error, { operation: 'DescribeUser' });
    const { code, stdout, stderr } = await runCli(['users', ...at(sandbox), '--fields', 'Username,Email']);
    expect(stdout.trimEnd().split('\n')).toHaveLength(2);
    expect(stderr).toMatch(/: complete\nleft out 1 user deleted in the meantime\n$/);
    expect(code).toBe(0);
  });

  it('--query and --columns choose from the details', async () => {
    const sandbox = await sandboxFor({ users: 3 });
    const [first] = sandbox.directory.users();
    const text = await runCli([
      ...['users', ...at(sandbox), '--fields', 'Username,PhoneType'],
      ...['--query', '[Username, PhoneType]', '--output', 'text'],
    ]);
    expect(text.stdout.split('\n')[0]).toMatch(new RegExp(`^${first?.Username}\t(SOFT|DESK)_PHONE$`));
    const csv = await runCli([
      ...[
        'users',
        ...at(sandbox),
        '--details',
        '--columns',
        'RoutingProfileName,Username',
        '--output',
        'csv',
      ],
    ]);
    expect(csv.stdout).toMatch(/^RoutingProfileName,Username\n/);
  });

  it('--output parquet has the types of the fields', async () => {
    const sandbox = await sandboxFor({ users: 4 });
    const out = join(await newFolder(), 'users.parquet');
    const fields = 'Username,AutoAccept,AfterContactWorkTimeLimit,LastModifiedTime,Email';
    await runCli(['users', ...at(sandbox), '--fields', fields, '--out', out]);
    const columns = await query(`describe select * from '${out}'`);
    expect(columns.map(({ column_name, column_type }) => [column_name, column_type])).toEqual([
      ['Username', 'VARCHAR'],
      ['AutoAccept', 'BOOLEAN'],
      ['AfterContactWorkTimeLimit', 'INTEGER'],
      ['LastModifiedTime', 'TIMESTAMP WITH TIME ZONE'],
      ['Email', 'VARCHAR'],
    ]);
  });

  it('an interrupted run resumes, every user is there once, and the receipt covers both runs', async () => {
    const sandbox = await sandboxFor({ users: 30 });
    const folder = await newFolder();
    const out = join(folder, 'users.csv');
    const receipt = join(folder, 'receipt.json');
    const args = ['users', ...at(sandbox), '--fields', 'Id,FirstName', '--page-size', '10', '--out', out];
    sandbox.inject({ kind: 'hang' }, { operation: 'SearchUsers', afterRequests: 1 });
    const run = startCli(args);
    await requestsAt(sandbox, 2);
    run.kill('SIGINT');
    expect((await run.ended).code).toBe(130);

    const others = [
      [['users', ...at(sandbox), '--out', out], 'has --fields Id,FirstName: rerun it with the same options'],
      [[...args, '--fields', 'Id,LastName'], 'has --fields Id,FirstName: rerun it with the same options'],
    ] as const;
    for (const [other, message] of others) {
      const refused = await runCli(other);
      expect(refused.stderr).toContain(message);
      expect(refused.code).toBe(2);
    }
    const { code } = await runCli([...args, '--receipt', receipt]);
    expect(code).toBe(0);
    const [, ...lines] = (await readFile(out, 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => line.split(',')[0])).toEqual(
      [...sandbox.directory.users()].map(({ Id }) => Id),
    );
    const facts: Receipt = JSON.parse(await readFile(receipt, 'utf8'));
    expect(facts).toMatchObject({ complete: true, written: 30, resumed: 1 });
  });

  it('the error for a permission that is missing names it', async () => {
    const sandbox = await sandboxFor({ users: 3 });
    sandbox.inject({ kind: 'access-denied' }, { operation: 'SearchUsers' });
    const { code, stderr } = await runCli(['users', ...at(sandbox), '--details']);
    expect(stderr).toMatch(/the credentials need the permission connect:SearchUsers\n$/);
    expect(code).toBe(1);
  });
});

describe('users --plan', () => {
  it('--plan with a number shows each way, sends nothing, and needs no instance', async () => {
    const { code, stdout, stderr } = await runCli([
      'users',
      '--fields',
      'Username,PhoneType',
      '--plan',
      '44000',
    ]);
    expect(stdout).toBe(
      [
        '44,000 users with Username, PhoneType:',
        '  via search: 88 SearchUsers, 44 s (chosen)',
        '  via describe: 44 ListUsers and 44,000 DescribeUser, 73 min at 10/s, 6 h at 2/s',
        '',
      ].join('\n'),
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('--plan without a number asks the instance with one request, and lists nothing', async () => {
    const sandbox = await sandboxFor({ users: 1234 });
    const out = join(await newFolder(), 'users.csv');
    const { code, stdout } = await runCli(['users', ...at(sandbox), '--details', '--plan', '--out', out]);
    expect(stdout).toMatch(/^1,234 users with Id, Arn, Username, .*\n {2}via search: 3 SearchUsers/);
    expect(code).toBe(0);
    expect(requestsOf(sandbox)).toEqual({ SearchUsers: 1 });
    await expect(readFile(out)).rejects.toThrow('ENOENT');
  });

  it('--plan counts with the share, the limit and the page size of the command', async () => {
    const { stdout } = await runCli(
      'users --fields Email --plan 44000 --share 0.5 --max-items 7000 --page-size 500 --filter *x'.split(' '),
    );
    expect(stdout).toBe(
      [
        '7,000 users with Email:',
        '  via describe: 14 ListUsers and 7,000 DescribeUser, 23 min at 5/s, 117 min at 1/s (chosen)',
        '  only users that are chosen get a DescribeUser, so there may be fewer',
        '',
      ].join('\n'),
    );
  });
});

/** The instance lists only the profiles `basic` and `agent`, and no hierarchy groups. */
const USERS_WITHOUT_NAMES = Array.from({ length: 15 }, (_, n) => ({
  Id: `user-${n}`,
  Username: `user${n}@acme.com`,
  IdentityInfo: { FirstName: 'Li', LastName: 'Wei' },
  RoutingProfileId: n < 3 ? 'basic' : 'gone',
  SecurityProfileIds: n === 2 ? ['agent', 'gone'] : ['agent'],
  PhoneConfig: { PhoneType: 'SOFT_PHONE' },
  ...(n === 3 && { HierarchyGroupId: 'gone' }),
}));

describe('users --output connect-import', () => {
  it('the template that a run writes reads back as the users of the instance', async () => {
    const sandbox = await sandboxFor({ users: 40 });
    const out = join(await newFolder(), 'users.csv');
    const { code } = await runCli(['users', ...at(sandbox), '--out', out, '--output', 'connect-import']);
    expect(code).toBe(0);
    const read = await query(`select * from read_csv('${out}', all_varchar = true)`);
    const profiles = await runCli([
      'users',
      ...at(sandbox),
      '--fields',
      'Username,RoutingProfileName,SecurityProfileNames',
    ]);
    const names = profiles.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(
      read.map((row) => [
        row['user login'],
        row['first name'],
        row['last name'],
        row['routing profile name'],
      ]),
    ).toEqual(
      (await usersAt(sandbox)).map(({ Username, IdentityInfo }, n) => [
        Username,
        IdentityInfo?.FirstName,
        IdentityInfo?.LastName,
        names[n].RoutingProfileName,
      ]),
    );
    expect(read.map((row) => row['security_profile_name_1|security_profile_name_2'])).toEqual(
      names.map(({ SecurityProfileNames }) => SecurityProfileNames.join('|')),
    );
    expect(requestsOf(sandbox)).toMatchObject({ DescribeInstance: 1 });
  });

  it('more users than the console imports from one file are announced', async () => {
    const sandbox = await sandboxFor({ users: 1001 });
    const out = join(await newFolder(), 'users.csv');
    const args = ['users', ...at(sandbox), '--out', out, '--output', 'connect-import'];
    const { code, stderr } = await runCli(args);
    expect(stderr).toMatch(/: complete\nthe console imports up to 1,000 users a file: split it first\n$/);
    expect(code).toBe(0);
    const few = await runCli([...args, '--max-items', '1000']);
    expect(few.stderr).not.toContain('the console');
  });

  it('users whom the console would refuse are named by id, with the columns that they lack', async () => {
    const service = await startAwsService(({ path }) => {
      if (path.startsWith('/search-users')) return { Users: USERS_WITHOUT_NAMES };
      if (path.startsWith('/instance/')) return { Instance: { IdentityManagementType: 'SAML' } };
      return path.startsWith('/routing-profiles')
        ? { RoutingProfileSummaryList: [{ Id: 'basic', Name: 'Basic' }] }
        : { SecurityProfileSummaryList: [{ Id: 'agent', Name: 'Agent' }], UserHierarchyGroupSummaryList: [] };
    });
    const out = join(await newFolder(), 'users.csv');
    const args = [
      ...['users', '--endpoint-url', service.clientConfig.endpoint],
      ...['--instance-id', '11111111-2222-4333-8444-555555555555'],
      ...['--out', out, '--output', 'connect-import'],
    ];
    const { code, stderr } = await runCli(args);
    expect(stderr).toMatch(
      /: complete\ncomplete the file before the import: "agent hierarchy" of 1 user \(user-3\), "routing profile name" of 12 users \(user-3, user-4, user-5, user-6, user-7 and 7 more\), "security_profile_name_1\|security_profile_name_2" of 1 user \(user-2\)\n$/,
    );
    expect(stderr).not.toContain('@');
    expect((await readFile(out, 'utf8')).trimEnd().split('\n')).toHaveLength(16);
    expect(code).toBe(0);
    const stopped = await runCli([...args, '--max-items', '4']);
    expect(stopped.stderr).toContain('"routing profile name" of 1 user (user-3)');
  });

  it('without the permission to ask the instance for its template, the message names --directory', async () => {
    const faults = [{ kind: 'access-denied', operation: 'DescribeInstance' }] as const;
    const sandbox = await sandboxFor({ users: 2, faults });
    const { code, stdout, stderr } = await runCli(['users', ...at(sandbox), '--output', 'connect-import']);
    expect(stderr).toMatch(/permission connect:DescribeInstance; pass --directory SAML or/);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('--directory says how the instance manages its users, so that it is not asked', async () => {
    const sandbox = await sandboxFor({ users: 2 });
    const { stdout } = await runCli([
      ...['users', ...at(sandbox), '--output', 'connect-import', '--directory', 'CONNECT_MANAGED'],
    ]);
    expect(stdout.split('\n')[0]).toMatch(/^first name,last name,email address,/);
    expect(requestsOf(sandbox)).toMatchObject({ DescribeUser: 2 });
    expect(requestsOf(sandbox)).not.toHaveProperty('DescribeInstance');
  });
});
