import { execFile } from 'node:child_process';
import { devNull } from 'node:os';
import { promisify } from 'node:util';
import {
  DescribeUserCommand,
  ListSecurityProfilesCommand,
  ListUsersCommand,
  SearchUsersCommand,
} from '@aws-sdk/client-connect';
import { expect } from 'vitest';
import type { Sandbox, SandboxOptions } from '../../lib/sandbox/index.js';
import type { TestBed } from './client.js';

const run = promisify(execFile);

/** 3 pages of 100, with three throttles in a row at the second page. */
export const THROTTLED: SandboxOptions = {
  users: 300,
  faults: [{ kind: 'throttle', operation: 'ListUsers', afterRequests: 1, times: 3 }],
};

/** What a client reads: the answers of four operations, each with all of its pages. */
interface Reading {
  readonly UserSummaryList: readonly object[];
  readonly Users: readonly object[];
  readonly User: object;
  readonly SecurityProfileSummaryList: readonly object[];
}

/** A few fields that every version of the other clients knows. */
const OLD_FIELDS: { readonly [Member in keyof Reading]: readonly string[] } = {
  UserSummaryList: ['Id', 'Arn', 'Username'],
  Users: ['Id', 'Arn', 'Username', 'IdentityInfo', 'RoutingProfileId', 'SecurityProfileIds', 'PhoneConfig'],
  User: ['Id', 'Arn', 'Username', 'IdentityInfo', 'RoutingProfileId', 'SecurityProfileIds', 'PhoneConfig'],
  SecurityProfileSummaryList: ['Id', 'Arn', 'Name'],
};

export function chosenUser({ sandbox }: TestBed): string {
  const [user] = sandbox.directory.users();
  return user?.Id ?? '';
}

export async function readWithOurs({ client, InstanceId }: TestBed, UserId: string): Promise<object> {
  const [users, searched, described, profiles] = await Promise.all([
    client.send(new ListUsersCommand({ InstanceId, MaxResults: 1000 })),
    client.send(new SearchUsersCommand({ InstanceId, MaxResults: 500 })),
    client.send(new DescribeUserCommand({ InstanceId, UserId })),
    client.send(new ListSecurityProfilesCommand({ InstanceId, MaxResults: 1000 })),
  ]);
  return { ...users, ...searched, ...described, ...profiles };
}

/** An older client leaves out the members that it does not know, wherever they are. */
export function expectSame(
  theirs: unknown,
  ours: object,
  names = Object.keys(OLD_FIELDS) as (keyof Reading)[],
): void {
  expect(theirs).toEqual(knownIn(theirs, ours));
  for (const name of names) {
    const fields = OLD_FIELDS[name];
    const items: object[] = [Reflect.get(Object(theirs), name)].flat();
    expect(items).toHaveLength([Reflect.get(ours, name)].flat().length);
    expect(items.flatMap((item) => fields.filter((field) => !(field in item)))).toEqual([]);
  }
}

/** Our value, reduced to the members that theirs has, with times written as theirs. */
function knownIn(theirs: unknown, ours: unknown): unknown {
  if (ours instanceof Date) {
    const time = typeof theirs === 'number' ? theirs * 1000 : Date.parse(String(theirs));
    return time === ours.getTime() ? theirs : ours;
  }
  if (Array.isArray(theirs) && Array.isArray(ours))
    return ours.map((item: unknown, index) => knownIn(theirs[index], item));
  if (typeof theirs !== 'object' || theirs === null || typeof ours !== 'object' || ours === null) return ours;
  return Object.fromEntries(
    Object.entries(theirs).map(([name, value]) => [name, knownIn(value, Reflect.get(ours, name))]),
  );
}

export async function call(
  command: string,
  args: readonly string[],
  { clientConfig }: Sandbox,
): Promise<Partial<Reading>> {
  const { stdout } = await run(command, args, {
    env: { ...process.env, ...environment(clientConfig) },
    maxBuffer: 2 ** 24,
  });
  return JSON.parse(stdout);
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

export function skipUnless(what: string, isInstalled: boolean) {
  return { missing: !isInstalled, note: isInstalled ? '' : ` (skipped: ${what} is not installed here)` };
}
