import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { at } from '../support/at.js';
import { generousQuotas } from '../support/generous-quotas.js';
import { newFolder, sandboxFor } from '../support/sandbox-for.js';
import { runCli } from './run-in-process.js';

generousQuotas();

const INSTANCE = '11111111-2222-4333-8444-555555555555';

/** Every command that sends requests, and writes files into a folder. */
const commandsIn = (folder: string): readonly (readonly string[])[] =>
  [
    `users --out ${folder}/users.csv`,
    `users --details --out ${folder}/details.csv`,
    `users --fields Email --out ${folder}/emails.csv`,
    `list queues --out ${folder}/queues.csv`,
    `count --out ${folder}/counts.csv`,
    `find x --out ${folder}/found.csv`,
    `backup ${folder}/backup`,
    `changes --since ${folder}/users.snapshot --update`,
  ].map((command) => command.split(' '));

/** What is published; the spool of a run that has not read anything may be there, and continues as a new one. */
const publishedIn = async (folder: string) =>
  (await readdir(folder)).filter((name) => !name.endsWith('.spool'));

it('without a Region each command says in one line how to set it, and writes nothing', async () => {
  const folder = await newFolder();
  const all = commandsIn(folder).map((command) => [...command, '--instance-id', INSTANCE]);
  for (const command of [...all, ['instances', '--out', join(folder, 'instances.csv')], ['diff', 'a', 'b']]) {
    expect([command, await runCli(command, { env: { AWS_REGION: undefined } })]).toEqual([
      command,
      { code: 1, stdout: '', stderr: 'pageturn: Region is missing; pass --region, or set AWS_REGION\n' },
    ]);
  }
  expect(await readdir(folder)).toEqual([]);
});

it('instances of several Regions that may not be listed get the advice about the permission', async () => {
  const sandbox = await sandboxFor({
    users: [2, 2],
    faults: [{ kind: 'access-denied', operation: 'ListUsers' }],
  });
  const regions = ['--region', 'eu-central-1', '--region', 'us-east-1'];
  const { code, stderr } = await runCli(['users', '--endpoint-url', sandbox.endpoint, ...regions]);
  expect(stderr).toMatch(
    /^pageturn: 12 of 12 instances were not listed .* what is missing: the credentials need the permission connect:ListUsers\n$/,
  );
  expect(code).toBe(1);
});

it('a Region that is empty in the environment has the same advice', async () => {
  const args = ['users', '--instance-id', INSTANCE];
  const { code, stderr } = await runCli(args, { env: { AWS_REGION: '', AWS_DEFAULT_REGION: '' } });
  expect(stderr).toMatch(/^pageturn: Region .*; pass --region, or set AWS_REGION\n$/);
  expect(code).toBe(1);
});

it.each([
  [
    'credentials that the service does not know',
    { kind: 'error', status: 403, name: 'UnrecognizedClientException', message: 'No.' },
    'UnrecognizedClientException: No; check the credentials, or select a profile with --profile',
  ],
  [
    'credentials that have expired',
    { kind: 'error', status: 403, name: 'ExpiredTokenException', message: 'Old.' },
    'ExpiredTokenException: Old; renew the credentials (aws sso login, or new keys) and rerun the command',
  ],
  [
    'an instance that is being deleted',
    { kind: 'error', status: 404, name: 'ResourceNotFoundException', message: 'Gone.' },
    'ResourceNotFoundException: Gone; check --instance-id, --region and --profile; an instance that is being deleted is not found either',
  ],
] as const)('%s: each command says so in one line, and publishes nothing', async (_what, fault, line) => {
  const sandbox = await sandboxFor({ users: 3 });
  sandbox.inject(fault, { probability: 1 });
  const folder = await newFolder();
  for (const command of commandsIn(folder)) {
    expect([command, await runCli([...command, ...at(sandbox)])]).toEqual([
      command,
      { code: 1, stdout: '', stderr: `pageturn: ${line}\n` },
    ]);
  }
  expect(await publishedIn(folder)).toEqual([]);
});

it('a backup whose credentials expire keeps what is done, and the same command continues', async () => {
  const sandbox = await sandboxFor({ users: 3 });
  const folder = await newFolder();
  const expired = { kind: 'error', status: 403, name: 'ExpiredTokenException', message: 'Old.' } as const;
  sandbox.inject(expired, { operation: 'ListUsers', afterRequests: 1 });
  const first = await runCli(['backup', folder, ...at(sandbox)]);
  expect(first.stderr).toBe(
    `pageturn: ExpiredTokenException: Old; renew the credentials (aws sso login, or new keys) and rerun the command; what is done is kept in ${folder}: rerun the same command to continue\n`,
  );
  expect(first.code).toBe(1);
  const { startedAt } = JSON.parse(await readFile(join(folder, 'checkpoint.json'), 'utf8'));
  expect(await runCli(['backup', folder, ...at(sandbox)])).toMatchObject({ code: 0 });
  expect(JSON.parse(await readFile(join(folder, 'receipt.json'), 'utf8'))).toMatchObject({ startedAt });
});

it('a list that is denied is named with the permission that it needs, and the others are written', async () => {
  const sandbox = await sandboxFor({ users: 3 });
  for (const operation of ['ListPrompts', 'ListRoutingProfiles'] as const)
    sandbox.inject({ kind: 'access-denied' }, { operation });
  const { code, stderr } = await runCli(['backup', await newFolder(), ...at(sandbox)]);
  expect(stderr).toMatch(
    /^prompts could not be read: AccessDeniedException: .*; the credentials need the permission connect:ListPrompts$/m,
  );
  expect(stderr).toMatch(
    /^users have no details: AccessDeniedException: .*; the credentials need the permission connect:ListRoutingProfiles$/m,
  );
  expect(code).toBe(1);
});
