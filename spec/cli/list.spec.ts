import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { at } from '../support/at.js';
import { generousQuotas } from '../support/generous-quotas.js';
import { newFolder, sandboxFor } from '../support/sandbox-for.js';
import { runCli } from './run-in-process.js';

generousQuotas();

describe('pageturn list', () => {
  it.each(['queues', 'ListQueues', 'list-queues', 'LISTQUEUES'])(
    'the operation may be written as %s',
    async (name) => {
      const sandbox = await sandboxFor();
      const { code, stdout, stderr } = await runCli(['list', name, ...at(sandbox), '--columns', 'Name']);
      expect(rowsOf(stdout)).toHaveLength(36);
      expect(rowsOf(stdout)[0]).toEqual({ Name: 'Billing – English' });
      expect(stderr).toMatch(/^36 queues, 1 page, 0 throttles, [\d.]+ s: complete\n$/);
      expect(code).toBe(0);
    },
  );

  it('a search has its own columns, and --query chooses as in the AWS CLI', async () => {
    const sandbox = await sandboxFor();
    const args = ['list', 'SearchSecurityProfiles', ...at(sandbox), '--output', 'text'];
    const { stdout } = await runCli([...args, '--columns', 'SecurityProfileName,Tags']);
    expect(stdout.split('\n')[0]).toBe('Admin\t{}');
    const query = "SecurityProfiles[?SecurityProfileName=='Agent'].OrganizationResourceId";
    expect((await runCli([...args, '--query', query])).stdout).toBe(`${sandbox.instanceId}\n`);
  });

  it('items are counted apart by their content if they have no identifier', async () => {
    const args = ['list', 'attached-files-configurations', '--sandbox', '5', '--max-items', '3'];
    const { code, stdout, stderr } = await runCli(args);
    expect(new Set(rowsOf(stdout).map((row) => Reflect.get(Object(row), 'InstanceId'))).size).toBe(1);
    expect(stderr).toContain('3 attached files configurations, 3 distinct, 1 page');
    expect(code).toBe(0);
  });

  it('a member that no item has is refused with the plural of its noun', async () => {
    const args = ['list', 'agent-statuses', '--sandbox', '--query', '[].Nme'];
    const { code, stderr } = await runCli(args);
    expect(stderr).toMatch(/^pageturn: --query: agent statuses have no member Nme \(did you mean Name\?\)/);
    expect(code).toBe(2);
  });

  it('--input goes into the request, from the command line or a file, with times in ISO 8601', async () => {
    const sandbox = await sandboxFor();
    const profile = await firstId(['routing-profiles', ...at(sandbox)]);
    const input = JSON.stringify({ RoutingProfileId: profile });
    const queues = await runCli(['list', 'routing-profile-queues', ...at(sandbox), '--input', input]);
    expect(rowsOf(queues.stdout).length).toBeGreaterThan(0);

    const path = join(await newFolder(), 'contacts.json');
    const TimeRange = {
      Type: 'INITIATION_TIMESTAMP',
      StartTime: '2026-11-01T00:00:00Z',
      EndTime: 1_793_491_200,
    };
    await writeFile(path, JSON.stringify({ TimeRange }));
    const args = ['list', 'contacts', ...at(sandbox), '--input', `@${path}`, '--max-items', '5'];
    const { code, stdout } = await runCli(args);
    expect(rowsOf(stdout)).toHaveLength(5);
    expect(code).toBe(0);
  });

  it('items that are text are rows of one value', async () => {
    const sandbox = await sandboxFor();
    const args = ['list', 'approved-origins', ...at(sandbox), '--max-items', '2'];
    expect(rowsOf((await runCli(args)).stdout)).toEqual(['Item 1', 'Item 2']);
    expect((await runCli([...args, '--output', 'csv'])).stdout).toBe('value\nItem 1\nItem 2\n');
    const filtered = await runCli([...args, '--filter', 'item 12', '--output', 'text']);
    expect(filtered.stdout).toBe('Item 12\n');
  });

  it('--filter, --modified-since and --columns are those of the items', async () => {
    const sandbox = await sandboxFor();
    const args = ['list', 'queues', ...at(sandbox), '--filter', '*español', '--modified-since', '2024-05-20'];
    const { stdout, stderr } = await runCli([...args, '--columns', 'Name']);
    // The queues were modified a day after each other, from 6 May 2024 on.
    expect(rowsOf(stdout)).toEqual(
      ['Retention', 'Complaints', 'Onboarding', 'Fraud', 'Night Desk'].map((topic) => ({
        Name: `${topic} – Español`,
      })),
    );
    expect(stderr).toContain('of 36 queues');
  });

  it('an interrupted --out resumes with the same input only', async () => {
    const sandbox = await sandboxFor();
    const out = join(await newFolder(), 'prompts.ndjson');
    const args = ['list', 'prompts', ...at(sandbox), '--page-size', '50', '--out', out];
    sandbox.inject({ kind: 'access-denied' }, { operation: 'ListPrompts', afterRequests: 1, times: 1 });
    const failed = await runCli(args);
    expect(failed.stderr).toMatch(
      /AccessDeniedException: .*; the credentials need the permission connect:ListPrompts; 50 prompts are kept in/,
    );
    expect(failed.code).toBe(1);
    const other = await runCli(['list', 'queues', ...at(sandbox), '--out', out]);
    expect(other.stderr).toMatch(/lists something else: name another file/);
    expect(other.code).toBe(2);
    const { code, stderr } = await runCli(args);
    expect(stderr).toMatch(/^120 prompts, 3 pages, 0 throttles in 2 runs, .*: complete\n$/);
    expect(code).toBe(0);
    expect(new Set(rowsOf(await readFile(out, 'utf8')).map(idOf)).size).toBe(120);
  });

  it('an unknown id in --input is not found, and the advice names it before the instance', async () => {
    const sandbox = await sandboxFor();
    const args = ['list', 'queue-quick-connects', ...at(sandbox), '--input', '{"QueueId":"nope"}'];
    const { code, stdout, stderr } = await runCli(args);
    expect(stderr).toMatch(
      /^pageturn: ResourceNotFoundException: Queue not found; check the ids in --input, and --instance-id, --region and --profile; /,
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it.each([
    [
      'search-users',
      '{"SearchCriteria":{"StringConditon":{"FieldName":"Username"}}}',
      /--input: SearchCriteria has no member StringConditon \(did you mean StringCondition\?\); its members are OrConditions, /,
    ],
    [
      'search-users',
      '{"SearchCriteria":{"AndConditions":[{"StringCondition":{}},{"StringCondition":{"Vale":"x"}}]}}',
      /--input: SearchCriteria\.AndConditions\[1\]\.StringCondition has no member Vale \(did you mean Value\?\)/,
    ],
    [
      'search-queues',
      '{"SearchFilter":{"TagFilter":{"OrConditions":[[{"TagKay":"x"}]]}}}',
      /--input: SearchFilter\.TagFilter\.OrConditions\[0\]\[0\] has no member TagKay \(did you mean TagKey\?\)/,
    ],
  ])(
    'a mistyped member within the input of %s would be ignored, and is refused',
    async (name, input, named) => {
      const sandbox = await sandboxFor({ users: 2 });
      const { code, stdout, stderr } = await runCli(['list', name, ...at(sandbox), '--input', input]);
      expect(stderr).toMatch(named);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(sandbox.stats().requests).toBe(0);
    },
  );

  it('an unfinished run with another --input is refused', async () => {
    const sandbox = await sandboxFor();
    const out = join(await newFolder(), 'numbers.ndjson');
    const args = ['list', 'phone-numbers', ...at(sandbox), '--page-size', '5', '--out', out, '--input'];
    sandbox.inject({ kind: 'access-denied' }, { operation: 'ListPhoneNumbers', afterRequests: 1, times: 1 });
    await runCli([...args, '{"PhoneNumberCountryCodes":["US"]}']);
    const { code, stderr } = await runCli([...args, '{"PhoneNumberCountryCodes":["GB"]}']);
    expect(stderr).toMatch(/has another --input: rerun it with that one, or add --restart to start over\n$/);
    expect(code).toBe(2);
  });

  it('every receipt names the operation', async () => {
    const sandbox = await sandboxFor();
    const folder = await newFolder();
    const receipt = join(folder, 'receipt.json');
    await runCli(['list', 'queues', ...at(sandbox), '--out', join(folder, 'a.csv'), '--receipt', receipt]);
    expect(JSON.parse(await readFile(receipt, 'utf8'))).toMatchObject({
      query: { operation: 'Connect.ListQueues' },
      written: 36,
      complete: true,
    });
  });
});

describe('pageturn list --sandbox', () => {
  it('an administrator without AWS sees queues, and the account-wide phone numbers', async () => {
    const { code, stdout } = await runCli(['list', 'queues', '--sandbox', '10', '--output', 'table']);
    expect(stdout.split('\n')[0]).toMatch(/^Id +LastModifiedTime +Name$/);
    expect(code).toBe(0);
    const numbers = await runCli(['list', 'phone-numbers-v2', '--sandbox', '10']);
    expect(new Set(rowsOf(numbers.stdout).map((row) => Object(row).InstanceId)).size).toBe(12);
  });
});

function rowsOf(text: string): unknown[] {
  return text
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

function idOf(row: unknown): string {
  return Object(row).Id;
}

async function firstId(args: readonly string[]): Promise<string> {
  const { stdout } = await runCli(['list', ...args, '--query', '[0].Id', '--output', 'text']);
  return stdout.trim();
}
