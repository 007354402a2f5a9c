import type { Ids } from './ids.js';
import { listedResource, SAMPLES, sampleCount } from './listed-resource.js';
import { modelOperations } from './model.js';
import type { Input } from './operation.js';
import type { ModelOperationName } from './paged.js';
import { sampleIds } from './sample-ids.js';
import { type Origin, sampleValue } from './sample-value.js';
import type { Row } from './search-rows.js';

/** How many records every parent but the first has. */
const CHILD_RECORDS = 2;

/** What the records of an operation belong to. */
export interface RecordOwner {
  readonly ids: Ids;
  /** The ARN that theirs begin with. */
  readonly arn: string;
  /** The input of the request: a record has its text members of the same name, such as the `InstanceId`. */
  readonly input: Input;
}

/**
 * The made-up records that an operation lists, with all members that the model has. All operations that list the same
 * resource have the same ids and values.
 */
export function sampleRecords(name: ModelOperationName, owner: RecordOwner): Row[] {
  return sampleNumbers(name, owner).map((n) => sampleRecord(name, owner, n));
}

/** The numbers of the records that an operation lists. */
export function sampleNumbers(name: ModelOperationName, owner: RecordOwner): number[] {
  const numbers = Array.from({ length: countOf(name, owner) }, (_, n) => n);
  const member = parentMember(name);
  const parent = member && owner.input[member];
  if (member === undefined || parent === undefined) return numbers;
  return numbers.filter((n) => sampleIds(owner.ids, listedResource(name), n)(member) === parent);
}

/** The nth record of an operation, in the structure that it lists or in another one. */
export function sampleRecord(
  name: ModelOperationName,
  owner: RecordOwner,
  n: number,
  structure: string = modelOperations[name].item,
): Row {
  return Object(sampleValue(structure, originOf(name, owner, n)));
}

function countOf(name: ModelOperationName, owner: RecordOwner): number {
  const { maxPageSize = SAMPLES } = modelOperations[name];
  const most = Math.min(sampleCount(listedResource(name)), 3 * maxPageSize);
  if (parentMember(name) !== undefined) return most;
  return isYoungerSibling(name, owner) ? Math.min(most, CHILD_RECORDS) : most;
}

/** The member that names the parent of a list, if there is a search for the records of all parents. */
function parentMember(name: ModelOperationName): string | undefined {
  const search = SEARCHES.get(name.replace('List', 'Search'));
  if (search === undefined || !name.startsWith('List')) return undefined;
  return modelOperations[name].required.split(' ').find((member) => !search.split(' ').includes(member));
}

const SEARCHES = new Map<string, string>(
  Object.entries(modelOperations).map(([name, { required }]) => [name, required]),
);

/** Whether the records belong to another resource of the sandbox, and not to the first of its kind. */
function isYoungerSibling(name: ModelOperationName, { ids, input }: RecordOwner): boolean {
  const parents = modelOperations[name].required.split(' ').filter((member) => /.Id$/.test(member));
  return parents
    .filter((member) => member !== 'InstanceId')
    .some((member) => {
      const indexes = PARENT_KINDS.map((kind) => ids.indexOf(kind, String(input[member])));
      return indexes.some((index = 0) => index % SAMPLES > 0);
    });
}

const PARENT_KINDS = [
  'hoursOfOperation',
  'queue',
  'record',
  'routingProfile',
  'securityProfile',
  'user',
  'view',
] as const;

function originOf(name: ModelOperationName, { ids, arn, input }: RecordOwner, n: number): Origin {
  const resource = listedResource(name);
  const idOf = sampleIds(ids, resource, n);
  return {
    n,
    arn: `${arn}/${resource.toLowerCase()}/${idOf('Id')}`,
    idOf,
    input: { ...input, ...ownMember(name) },
  };
}

/** An associated contact has its own ContactId, not the one in the request. */
function ownMember(name: string): Input {
  return name.endsWith('Contacts') ? { ContactId: undefined } : {};
}
