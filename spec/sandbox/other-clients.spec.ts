import { execFile, execFileSync } from 'node:child_process';
import { devNull } from 'node:os';
import { promisify } from 'node:util';
import { SearchUsersCommand } from '@aws-sdk/client-connect';
import { expect, it } from 'vitest';
import type { Sandbox, SandboxOptions } from '../../lib/sandbox/index.js';
import { start } from './client.js';

const run = promisify(execFile);

/** 15 pages of 100, with three throttles in a row at the third page. */
const THROTTLED: SandboxOptions = { users: 1500, faults: [{ kind: 'throttle', afterRequests: 2, times: 3 }] };

const LIST_WITH_BOTO3 = `
import boto3, sys
pages = boto3.client('connect').get_paginator('list_users').paginate(InstanceId=sys.argv[1])
for page in pages:
    for user in page['UserSummaryList']:
        print(user['Id'])
`;

const listWithCli = (sandbox: Sandbox) =>
  list(
    'aws',
    [
      'connect',
      'list-users',
      '--instance-id',
      sandbox.instanceId,
      '--query',
      'UserSummaryList[].[Id]',
      '--output',
      'text',
    ],
    sandbox,
  );
const listWithBoto3 = (sandbox: Sandbox) =>
  list('python3', ['-c', LIST_WITH_BOTO3, sandbox.instanceId], sandbox);

const cli = skipUnless('the AWS CLI', 'aws', ['--version']);
const boto3 = skipUnless('boto3', 'python3', ['-c', 'import boto3']);

it.skipIf(cli.missing)(
  `the AWS CLI lists every user in spite of throttles${cli.note}`,
  async () => {
    const { sandbox } = await start(THROTTLED);
    expect(await listWithCli(sandbox)).toEqual(allIds(sandbox));
    expect(sandbox.stats().throttles).toBe(3);
  },
  60_000,
);

it.skipIf(boto3.missing)(
  `boto3 lists every user in spite of throttles${boto3.note}`,
  async () => {
    const { sandbox } = await start(THROTTLED);
    expect(await listWithBoto3(sandbox)).toEqual(allIds(sandbox));
    expect(sandbox.stats().throttles).toBe(3);
  },
  60_000,
);

/** The fields of a user that every version of the other clients knows. */
const FIELDS = ['Id', 'Arn', 'Username', 'IdentityInfo', 'RoutingProfileId', 'SecurityProfileIds', 'Tags'];

const SEARCH_WITH_BOTO3 = `
import boto3, json, sys
users = boto3.client('connect').search_users(InstanceId=sys.argv[1], MaxResults=50)['Users']
print(json.dumps({'Users': users}, default=str))
`;

it.skipIf(cli.missing || boto3.missing)(
  `the AWS CLI and boto3 read the same users with the same fields as the JavaScript client${cli.note}${boto3.note}`,
  async () => {
    const { client, sandbox, InstanceId } = await start({ users: 50 });
    const { Users = [] } = await client.send(new SearchUsersCommand({ InstanceId, MaxResults: 50 }));
    const outputs = [
      await call('aws', ['connect', 'search-users', '--instance-id', InstanceId, '--no-paginate'], sandbox),
      await call('python3', ['-c', SEARCH_WITH_BOTO3, InstanceId], sandbox),
    ];
    for (const output of outputs) {
      const { Users: theirs }: { Users: object[] } = JSON.parse(output);
      expect(theirs.map(knownFieldsOf)).toEqual(Users.map(knownFieldsOf));
    }
  },
  60_000,
);

function knownFieldsOf(user: object): object {
  return Object.fromEntries(FIELDS.map((field) => [field, Reflect.get(user, field)]));
}

function allIds({ directory }: Sandbox): string[] {
  return Array.from(directory.users(), ({ Id }) => Id);
}

async function list(command: string, args: readonly string[], sandbox: Sandbox): Promise<string[]> {
  return (await call(command, args, sandbox)).trim().split(/\s+/);
}

async function call(command: string, args: readonly string[], { clientConfig }: Sandbox): Promise<string> {
  const { stdout } = await run(command, args, { env: { ...process.env, ...environment(clientConfig) } });
  return stdout;
}

/** Isolates the client from the machine's own AWS configuration and from the network. */
function environment({ endpoint, region, credentials }: Sandbox['clientConfig']): NodeJS.ProcessEnv {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_RETRY_MODE: 'standard',
    AWS_MAX_ATTEMPTS: '10',
    AWS_PAGER: '',
    NO_PROXY: '127.0.0.1',
  };
}

function skipUnless(what: string, command: string, args: readonly string[]) {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return { missing: false, note: '' };
  } catch {
    return { missing: true, note: ` (skipped: ${what} is not installed here)` };
  }
}
