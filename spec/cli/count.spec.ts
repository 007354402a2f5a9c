import { expect, it } from 'vitest';
import { at } from '../support/at.js';
import { generousQuotas } from '../support/generous-quotas.js';
import { sandboxFor } from '../support/sandbox-for.js';
import { runCli } from './run-in-process.js';

generousQuotas();

it('count writes how many of each resource an instance has, next to its quota', async () => {
  const sandbox = await sandboxFor({ users: 1234 });
  const { code, stdout, stderr } = await runCli(['count', ...at(sandbox)]);
  const rows = rowsOf(stdout);
  expect(rows).toContainEqual({
    resource: 'users',
    operation: 'ListUsers',
    count: 1234,
    quota: 500,
    quotaFrom: 'default',
  });
  expect(rows).toContainEqual(expect.objectContaining({ resource: 'queues', count: 36, quota: 100 }));
  expect(rows).toContainEqual({
    resource: 'views',
    operation: 'ListViews',
    count: 7,
    quotaFrom: 'no documented quota',
  });
  expect(stderr).toMatch(/^40 of 40 resources counted, [\d.]+ s\n$/);
  expect(code).toBe(0);
});

it('a list that is not read to its end has no number, only an error, and the exit code is 1', async () => {
  const sandbox = await sandboxFor({
    users: 2500,
    faults: [
      { kind: 'access-denied', operation: 'ListQueues' },
      { kind: 'access-denied', operation: 'ListUsers', afterRequests: 1 },
    ],
  });
  const { code, stdout, stderr } = await runCli(['count', ...at(sandbox), '--output', 'csv']);
  expect(stdout).toMatch(/^resource,count,quota,quotaFrom,operation,error\n/);
  expect(stdout).toMatch(/^queues,,100,default,ListQueues,"?AccessDeniedException: /m);
  expect(stdout).toMatch(/^users,,500,default,ListUsers,"?AccessDeniedException: /m);
  expect(stdout).toMatch(/^prompts,120,/m);
  expect(stderr).toMatch(
    /^queues could not be counted: .*; the credentials need the permission connect:ListQueues$/m,
  );
  expect(stderr).toMatch(/^38 of 40 resources counted, [\d.]+ s\n$/m);
  expect(code).toBe(1);
});

it('an instance that does not exist has no counts at all', async () => {
  const sandbox = await sandboxFor();
  sandbox.instances[0]?.delete();
  const { code, stdout, stderr } = await runCli(['count', ...at(sandbox)]);
  expect(stderr).toMatch(
    /^pageturn: ResourceNotFoundException: .*; check --instance-id, --region and --profile/,
  );
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
});

function rowsOf(text: string): unknown[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}
