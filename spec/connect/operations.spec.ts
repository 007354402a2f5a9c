import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { pacerFor } from '../../lib/aws/pacer-for.js';
import { type ConnectOperation, operations } from '../../lib/connect/index.js';
import {
  generateMembers,
  generateModel,
  generateOperations,
} from '../../scripts/generate-connect-operations.js';
import { operationNames, readPagedOperations } from '../../scripts/read-connect-client.js';

const paged = readPagedOperations();
const generatedFrom = (path: string) => readFileSync(new URL(`../../lib/${path}`, import.meta.url), 'utf8');

it('the table of operations has exactly the paged operations of the installed client', () => {
  expect(Object.keys(operations)).toEqual(paged.map(({ name }) => name));
  expect(paged).toHaveLength(104);
});

it('the generated tables are what the script makes of the installed client; npm run generate:connect renews them', () => {
  expect(generatedFrom('connect/operations.ts')).toBe(generateOperations(paged));
  expect(generatedFrom('sandbox/model.ts')).toBe(generateModel(paged));
  expect(generatedFrom('cli/operations/operation-members.ts')).toBe(generateMembers(paged));
});

it('six operations are newer than the model of botocore 1.43.11, which has the other 98', () => {
  const sizes = readFileSync(new URL('../../scripts/connect-page-sizes.tsv', import.meta.url), 'utf8');
  const rows = sizes.split('\n').filter((line) => /^\w/.test(line));
  expect(rows.filter((row) => row.endsWith('\tbotocore'))).toHaveLength(98);
  expect(rows.flatMap((row) => /^(\w+)\t\d+\treference$/.exec(row)?.[1] ?? [])).toEqual([
    'ListEvaluationFormAIVersions',
    'ListExtractionDefinitions',
    'ListMetrics',
    'ListSecurityProfileAIAgents',
    'SearchMetrics',
    'SearchRules',
  ]);
});

it('every operation is paced by the quota of the table', () => {
  for (const [name, { quota }] of Object.entries(operations)) {
    expect(pacerFor({}, `Connect.${name}`, {}), name).toMatchObject({ ratePerSecond: quota.ratePerSecond });
  }
  expect(operations.SearchContacts.quota).toEqual({ ratePerSecond: 0.5, burst: 1 });
});

it('the Describe and the Search of a resource are operations of the client', () => {
  const table: readonly ConnectOperation[] = Object.values(operations);
  for (const { describe, search } of table) {
    for (const name of [describe, search]) if (name !== undefined) expect(operationNames).toContain(name);
  }
  expect(operations.ListUsers).toMatchObject({ describe: 'DescribeUser', search: 'SearchUsers' });
  expect(operations.ListAgentStatuses).toMatchObject({ describe: 'DescribeAgentStatus' });
  expect(operations.ListBots).not.toHaveProperty('describe');
});
