import type { ConnectOperation } from '../connect-operation.js';
import { operationNamed } from '../operation-named.js';
import { operations } from '../operations.js';

/** Something that an instance has a list of. */
export interface InstanceResource {
  /** Such as `routing-profiles`. */
  readonly name: string;
  /** The operation that lists it. */
  readonly operation: string;
  /** The name of its command in the client. */
  readonly command: string;
  /** The operation that has the details of all of them, and its command. */
  readonly details?: { readonly operation: string; readonly command: string } | undefined;
  /** The member that has the identifier in the details, besides `Id`, such as `QueueId`. */
  readonly idMember?: string | undefined;
}

/**
 * Lists that say what happened, and not how the instance is set up; and tags, which come with the details of their
 * resources.
 */
const RECORDS: readonly string[] = [
  'ListTestCaseExecutions',
  'SearchContactEvaluations',
  'SearchResourceTags',
];

/** All lists that need no more than the id of the instance, and searches of what has no list. */
export const INSTANCE_RESOURCES: readonly InstanceResource[] = Object.keys(operations)
  .filter((name) => operationNamed(name)?.ofInstance && !RECORDS.includes(name) && !isCoveredByAnother(name))
  .map(resourceOf)
  .sort((a, b) => (a.name < b.name ? -1 : 1));

/** A V2 operation has the items of its first version, and a list has those of its search. */
function isCoveredByAnother(name: string): boolean {
  if (name.startsWith('List')) return operationNamed(`${name}V2`)?.ofInstance === true;
  return Object.entries(operations).some(
    ([other, { search, ofInstance }]: [string, ConnectOperation]) =>
      other.startsWith('List') && ofInstance && search === name,
  );
}

function resourceOf(operation: string): InstanceResource {
  const { command = '', describe, search } = operationNamed(operation) ?? {};
  const details = search !== undefined && search !== operation ? operationNamed(search) : undefined;
  const singular = describe?.replace('Describe', '');
  return {
    name: resourceName(operation),
    operation,
    command,
    details: details?.ofInstance && search ? { operation: search, command: details.command } : undefined,
    idMember: singular && `${singular}Id`,
  };
}

/** The name of what an operation lists, such as `routing-profiles`. */
export function resourceName(operation: string): string {
  const name = operation.replace(/^(List|Search)/, '').replace(/V2$/, '');
  return name.replace(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '-').toLowerCase();
}
