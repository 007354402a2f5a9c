import type { MemberShape, StructureShape } from '../../aws/read-schema.js';
import { didYouMean } from '../../core/did-you-mean.js';
import { usageError } from '../cli-error.js';
import { loadClient } from '../connection/load-client.js';
import type { OperationInput } from './checked-input.js';

/**
 * Throws a usage error for an unknown member below the top level of an input: the SDK would drop it, and a search without
 * its condition lists everything. The client has the schema, and is loaded only for inputs with structures or lists.
 */
export async function assertInputMembers(command: string, input: OperationInput): Promise<void> {
  if (!Object.values(input).some((value) => typeof value === 'object')) return;
  const connect: object = await loadClient(
    '@aws-sdk/client-connect',
    () => import('@aws-sdk/client-connect'),
  );
  const { readSchema } = await import('../../aws/read-schema.js');
  const shape = readSchema(Reflect.construct(Reflect.get(connect, command), [input]))?.input;
  for (const [name, value] of Object.entries(input)) assertMembers(value, shape?.member(name), name);
}

function assertMembers(value: unknown, shape: MemberShape | undefined, path: string): void {
  if (typeof value !== 'object' || value === null || value instanceof Date) return;
  if (Array.isArray(value)) {
    for (const [n, item] of value.entries()) assertMembers(item, shape?.element, `${path}[${n}]`);
  } else if (shape?.kind === 'structure') {
    for (const [name, member] of Object.entries(value))
      assertMembers(member, memberOf(shape.inside, name, path), `${path}.${name}`);
  }
}

function memberOf(shape: StructureShape, name: string, path: string): MemberShape {
  const member = shape.member(name);
  if (member) return member;
  const { names } = shape;
  throw usageError(
    `--input: ${path} has no member ${name}${didYouMean(name, names)}; its members are ${names.join(', ')}`,
  );
}
