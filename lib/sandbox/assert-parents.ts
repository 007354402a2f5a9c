import { describedMember, UNDESCRIBED } from './listed-resource.js';
import { modelDescribes, modelOperations } from './model.js';
import type { Call, Operation } from './operation.js';
import { OPERATIONS } from './operations.js';
import type { ModelOperationName } from './paged.js';
import { sampleRecords } from './sample-records.js';
import { notFound } from './service-error.js';

/**
 * Throws the service's error unless everything that a request names besides the instance is there, such as the queue whose
 * quick connects it lists.
 */
export function assertParents({ name }: Operation, call: Call): void {
  for (const member of PARENTS.get(name) ?? []) {
    if (call.input[member] !== undefined) ASSERTS.get(member)?.(call);
  }
}

/** By operation: the members of its input that name a resource which another operation lists. */
const PARENTS = new Map<string, readonly string[]>([
  ...Object.entries(modelOperations).map(([name, { required }]) => [name, idsIn(required)] as const),
  // The last one is what the operation describes.
  ...Object.entries(modelDescribes).map(
    ([name, { path }]) => [name, idsIn(path.replaceAll(/[{}/]+/g, ' ').trim()).slice(0, -1)] as const,
  ),
]);

function idsIn(members: string): string[] {
  return members.split(' ').filter((member) => /.Id$/.test(member) && member !== 'InstanceId');
}

/** By member: throws unless the resource is there. */
const ASSERTS = new Map<string, (call: Call) => void>([
  ...OPERATIONS.flatMap((operation) => {
    const member = describedMember(operation.path);
    if (member === undefined || member === 'InstanceId' || !('describe' in operation)) return [];
    return [[member, operation.describe] as const];
  }),
  ...UNDESCRIBED.map(([member, listing]) => listed(member, listing)),
]);

function listed(member: string, listing: ModelOperationName) {
  return [
    member,
    ({ instance, input }: Call) => {
      if (!instance) return;
      const { ids, summary } = instance;
      const records = sampleRecords(listing, { ids, arn: summary.Arn, input: { InstanceId: summary.Id } });
      if (!records.some((record) => record[member] === input[member]))
        throw notFound(`${member.replace(/Id$/, '')} not found`);
    },
  ] as const;
}
