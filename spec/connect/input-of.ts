import type { ConnectClient } from '@aws-sdk/client-connect';
import * as connect from '@aws-sdk/client-connect';
import { type ConnectOperation, operations } from '../../lib/connect/index.js';
import {
  dereference,
  elementOf,
  type PagedOperation,
  readDescribe,
  readPagedOperations,
  readStructure,
} from '../../scripts/read-connect-client.js';

/** An input of an operation with all that it requires; `parents` are the ids of what it lists the parts of. */
export function inputOf(
  { input }: PagedOperation,
  InstanceId: string,
  parents: Readonly<Record<string, string>> = {},
): Record<string, unknown> {
  const required = input.members.filter(({ isRequired }) => isRequired);
  return {
    ...Object.fromEntries(required.map(({ name, schema }) => [name, parents[name] ?? sampleOf(schema)])),
    InstanceId,
  };
}

/** The first id of everything that operations list the parts of, by the member that takes it, such as `QueueId`. */
export async function parentIds(client: ConnectClient, InstanceId: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [member, listing] of idMembers()) {
    const operation = readPagedOperations().find(({ name }) => name === listing);
    if (!operation) throw new Error(`${listing} is not paged`);
    const Command: unknown = Reflect.get(connect, `${listing}Command`);
    const command = new (Command as new (input: object) => InstanceType<typeof connect.ListUsersCommand>)(
      inputOf(operation, InstanceId),
    );
    const page: object = await client.send(command);
    const [row] = Reflect.get(page, operation.itemsKey) as Record<string, string>[];
    const id = row?.[member] ?? row?.['Id'];
    if (id !== undefined) found[member] = id;
  }
  return found;
}

/** The members that take an id of what an operation lists for an instance, such as `QueueId` of ListQueues. */
export function idMembers(): ReadonlyMap<string, string> {
  const table: Readonly<Record<string, ConnectOperation>> = operations;
  const described = Object.entries(table).flatMap(([listing, { describe, ofInstance }]) => {
    const [, member] = /\{(\w+Id)\}$/.exec(describe ? readDescribe(describe).path : '') ?? [];
    return member && (ofInstance || listing === 'SearchContacts') ? [[member, listing] as const] : [];
  });
  return new Map([
    // A List goes before its search.
    ...described.reverse(),
    // These have no Describe.
    ['IntegrationAssociationId', 'ListIntegrationAssociations'],
    ['TestCaseExecutionId', 'ListTestCaseExecutions'],
  ]);
}

function sampleOf(schema: unknown): unknown {
  const element = elementOf(schema);
  if (element !== undefined) return [sampleOf(element)];
  if (readStructure(schema) !== undefined) return {};
  const kind = dereference(schema);
  if (kind === TIMESTAMP) return new Date(0);
  return kind === NUMBER ? 1 : 'x';
}

/** The sentinels of @smithy/types 4 (schema/sentinels). */
const NUMBER = 1;
const TIMESTAMP = 4;
