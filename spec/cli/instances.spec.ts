import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../lib/sandbox/index.js';
import { at } from '../support/at.js';
import { startAwsService } from '../support/aws-service.js';
import { generousQuotas } from '../support/generous-quotas.js';
import { newFolder, sandboxFor } from '../support/sandbox-for.js';
import { runCli } from './run-in-process.js';

generousQuotas();

describe('pageturn instances', () => {
  it('the instances of a Region are listed with their Region and account', async () => {
    const sandbox = await sandboxFor();
    const { code, stdout, stderr } = await runCli(['instances', ...connected(sandbox)]);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject(
      sandbox.instances.map(({ id, arn, alias }) => ({
        Id: id,
        Arn: arn,
        InstanceAlias: alias,
        Region: 'us-east-1',
        AccountId: '123456789012',
      })),
    );
    expect(stderr).toMatch(/^12 instances, 2 pages, /);
    expect(code).toBe(0);
  });

  it('several Regions are listed one after the other, and a run that fails in between resumes there', async () => {
    const sandbox = await sandboxFor();
    const out = join(await newFolder(), 'instances.csv');
    const regions = ['--region', 'us-east-1', '--region', 'eu-central-1'];
    const args = ['instances', ...connected(sandbox), ...regions, '--out', out, '--columns', 'InstanceAlias'];
    sandbox.inject({ kind: 'access-denied' }, { operation: 'ListInstances', afterRequests: 2, times: 1 });
    const failed = await runCli(args);
    expect(failed.stderr).toMatch(
      /^pageturn: in eu-central-1: AccessDeniedException: .*; the credentials need the permission connect:ListInstances/,
    );
    expect(failed.code).toBe(1);
    expect(sandbox.stats().operations.ListInstances.requests).toBe(3);
    const { code, stderr } = await runCli(args);
    expect(stderr).toMatch(/^24 instances, 4 pages, .*: complete\n$/);
    expect(code).toBe(0);
    expect(sandbox.stats().operations.ListInstances.requests).toBe(5);
    const aliases = sandbox.instances.map(({ alias }) => alias);
    expect((await readFile(out, 'utf8')).trimEnd().split('\n').slice(1)).toEqual([...aliases, ...aliases]);
  });

  it('the table has what --instance-id takes', async () => {
    const { stdout } = await runCli(['instances', '--sandbox', '10', '--output', 'table']);
    const [header, first] = stdout.split('\n');
    expect(header).toMatch(/^ID +REGION +STATUS +ALIAS$/);
    expect(first).toMatch(/us-east-1 +ACTIVE +acme-contact-center$/);
  });
});

describe('several Regions', () => {
  it('users of all instances are listed side by side, each row with its instance', async () => {
    const sandbox = await sandboxFor({ users: [3, 2] });
    const out = join(await newFolder(), 'users.csv');
    const args = [
      'users',
      ...connected(sandbox),
      '--region',
      'us-east-1',
      '--region',
      'eu-west-1',
      '--out',
      out,
    ];
    const { code, stderr } = await runCli([...args, '--fields', 'Username,RoutingProfileName']);
    expect(stderr).toMatch(/^5 users, .*: complete\n$/);
    expect(code).toBe(0);
    const [head, ...rows] = (await readFile(out, 'utf8')).trimEnd().split('\n');
    expect(head).toBe('AccountId,Region,InstanceId,InstanceAlias,Username,RoutingProfileName');
    expect(rows.map((row) => row.split(',').slice(3, 5).join(' ')).sort()).toEqual(
      sandbox.instances
        .flatMap(({ alias, directory }) =>
          [...directory.users()].map(({ Username }) => `${alias} ${Username}`),
        )
        .sort(),
    );
  });

  it('what takes a request per user is refused for several Regions', async () => {
    const args = ['users', '--region', 'us-east-1', '--region', 'eu-west-1', '--fields', 'Email'];
    const { code, stderr } = await runCli(args);
    expect(stderr).toMatch(/^pageturn: --region is given more than once, .*; name it with --instance-id\n$/);
    expect(code).toBe(2);
  });
});

describe('--instance-id', () => {
  it('an ARN and an alias, whatever its case, name the same instance as an id', async () => {
    const sandbox = await sandboxFor({ users: [3, 5] });
    const { id, arn, alias } = sandbox.instances[1] ?? { id: '', arn: '', alias: '' };
    for (const name of [id, arn, alias, alias.toUpperCase()]) {
      const { code, stderr } = await runCli(['users', ...connected(sandbox), '--instance-id', name]);
      expect(stderr).toMatch(/^5 users, /);
      expect(code).toBe(0);
    }
    // Only an alias takes more requests.
    expect(sandbox.stats().operations).toMatchObject({
      ListInstances: { requests: 4 },
      ListUsers: { requests: 4 },
    });
  });

  it('the Region of an ARN takes precedence over that of the environment', async () => {
    const sandbox = await sandboxFor({ users: 1 });
    const args = [
      'users',
      '--endpoint-url',
      sandbox.endpoint,
      '--instance-id',
      sandbox.instances[0]?.arn ?? '',
    ];
    const { code } = await runCli(args, { env: { AWS_REGION: undefined } });
    expect(code).toBe(0);
  });

  it('an alias that no instance has, or one that is not active, is one line and writes nothing', async () => {
    const sandbox = await sandboxFor();
    const folder = await newFolder();
    const out = ['--out', join(folder, 'users.csv')];
    const unknown = await runCli(['users', ...connected(sandbox), '--instance-id', 'acme-stagign', ...out]);
    expect(unknown).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'pageturn: no instance in us-east-1 has the alias acme-stagign (did you mean acme-staging?); check --instance-id, --region and --profile, or list them with pageturn instances\n',
    });
    const pilot = await runCli(['users', ...connected(sandbox), '--instance-id', 'acme-pilot', ...out]);
    expect(pilot.stderr).toMatch(
      /^pageturn: the instance acme-pilot \([\da-f-]{36}\) is not active: its status is CREATION_IN_PROGRESS/,
    );
    expect(pilot.code).toBe(1);
    await expect(readFile(`${out[1]}.spool`)).rejects.toThrow('ENOENT');
    expect(sandbox.stats().operations.ListUsers.requests).toBe(0);
  });

  it.each([
    [
      'acme',
      'acme',
      1,
      '2 instances in us-east-1 have the alias acme: 1 (ACTIVE), 2 (ACTIVE); pass the id of ',
    ],
    [
      'Acme',
      'ACME',
      1,
      '2 instances in us-east-1 have the alias acme: 1 (ACTIVE), 2 (ACTIVE); pass the id of ',
    ],
    ['Acme', 'acme', 0, ': complete\n'],
  ])('two instances with the aliases %s and %s are never confused', async (first, second, exitCode, said) => {
    const service = await startAwsService(({ path }) =>
      path === '/instance'
        ? {
            InstanceSummaryList: [first, second].map((InstanceAlias, n) => ({
              Id: String(n + 1),
              InstanceAlias,
              InstanceStatus: 'ACTIVE',
            })),
          }
        : { UserSummaryList: [] },
    );
    const args = ['--endpoint-url', service.clientConfig.endpoint, '--instance-id', 'acme'];
    const { code, stderr } = await runCli(['users', ...args, '--region', 'us-east-1']);
    expect(stderr).toContain(said);
    expect(code).toBe(exitCode);
    const listed = service.requests.map(({ path }) => path).filter((path) => path !== '/instance');
    expect(listed).toEqual(exitCode === 0 ? ['/users-summary/2'] : []);
  });

  it('an alias cannot be looked up without the permission to list instances', async () => {
    const sandbox = await sandboxFor({ faults: [{ kind: 'access-denied', operation: 'ListInstances' }] });
    const args = ['users', ...connected(sandbox), '--instance-id', 'acme-staging'];
    expect(await runCli(args)).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'pageturn: the alias acme-staging cannot be looked up without the permission connect:ListInstances; pass the id or the ARN of the instance\n',
    });
  });

  it('an instance that is deleted is not found', async () => {
    const sandbox = await sandboxFor();
    sandbox.instances[0]?.delete();
    const { code, stderr } = await runCli(['list', 'queues', ...at(sandbox)]);
    expect(stderr).toMatch(
      /^pageturn: ResourceNotFoundException: Instance not found; check --instance-id, --region and --profile; an instance that is being deleted/,
    );
    expect(code).toBe(1);
  });
});

describe('without a Region or credentials', () => {
  it.each([
    ['AWS_REGION', /^pageturn: Region is missing; pass --region, or set AWS_REGION\n$/],
    ['AWS_ACCESS_KEY_ID', /^pageturn: CredentialsProviderError: .*; set AWS_ACCESS_KEY_ID and/],
  ])('a run without %s leaves no file but its receipt', async (name, message) => {
    const folder = await newFolder();
    const out = join(folder, 'queues.csv');
    const receipt = join(folder, 'receipt.json');
    const args = ['list', 'queues', '--instance-id', '11111111-2222-4333-8444-555555555555'];
    const { code, stderr } = await runCli([...args, '--out', out, '--receipt', receipt], {
      env: { [name]: undefined, AWS_EC2_METADATA_DISABLED: 'true' },
    });
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
    await expect(readFile(`${out}.spool`)).rejects.toThrow('ENOENT');
    expect(JSON.parse(await readFile(receipt, 'utf8'))).toMatchObject({ end: 'failed', requests: 0 });
  });
});

function connected(sandbox: Sandbox): readonly string[] {
  return ['--endpoint-url', sandbox.endpoint];
}
