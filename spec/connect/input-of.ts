import {
  dereference,
  elementOf,
  type PagedOperation,
  readStructure,
} from '../../scripts/read-connect-client.js';

/** An input of an operation with all that it requires. */
export function inputOf({ input }: PagedOperation, InstanceId: string): Record<string, unknown> {
  const required = input.members.filter(({ isRequired }) => isRequired);
  return { ...Object.fromEntries(required.map(({ name, schema }) => [name, sampleOf(schema)])), InstanceId };
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
