import type { Ids } from './ids.js';
import { modelOperations } from './model.js';
import { type Origin, recordOf } from './model-record.js';
import type { Input } from './operation.js';
import type { ModelOperationName } from './paged.js';
import type { Row } from './search-rows.js';

/** How many records these operations list: as many as fit on three pages, where a page is small. */
const MODEL_RECORDS = 120;

/**
 * What other records belong to, and storage, of which there is one for each type: few, so that a list for each of them
 * takes seconds at the documented quota.
 */
const FEW: Readonly<Record<string, number>> = {
  ContactFlowModules: 12,
  ContactFlows: 12,
  DataTables: 12,
  EvaluationForms: 12,
  InstanceStorageConfigs: 1,
  IntegrationAssociations: 12,
  TrafficDistributionGroups: 12,
  Workspaces: 12,
};

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

/** The records that an operation lists: a List and a Search of the same resources have the same ids. */
export function modelRecords(name: ModelOperationName, owner: RecordOwner): Row[] {
  const { item } = modelOperations[name];
  return Array.from({ length: countOf(name, owner) }, (_, n) =>
    Object(recordOf(item, originOf(name, owner, n))),
  );
}

/** The nth record of an operation in another structure. */
export function modelRecord(
  name: ModelOperationName,
  owner: RecordOwner,
  { n, structure }: { readonly n: number; readonly structure: string },
): object {
  return Object(recordOf(structure, originOf(name, owner, n)));
}

function countOf(name: ModelOperationName, owner: RecordOwner): number {
  const { maxPageSize = MODEL_RECORDS } = modelOperations[name];
  const few = FEW[resourceOf(name)];
  if (few !== undefined) return few;
  return isYoungerSibling(name, owner) ? CHILD_RECORDS : Math.min(MODEL_RECORDS, 3 * maxPageSize);
}

/** Whether the records belong to another resource of the sandbox, and not to the first of its kind. */
function isYoungerSibling(name: ModelOperationName, { ids, input }: RecordOwner): boolean {
  const parents = modelOperations[name].required.split(' ').filter((member) => /.Id$/.test(member));
  return parents
    .filter((member) => member !== 'InstanceId')
    .some((member) => {
      const indexes = PARENT_KINDS.map((kind) => ids.indexOf(kind, String(input[member])));
      return indexes.some((index = 0) => index % MODEL_RECORDS > 0);
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
  const resource = resourceOf(name);
  const id = ids.of('record', RESOURCES.indexOf(resource) * MODEL_RECORDS + n);
  return {
    n,
    id,
    arn: `${arn}/${resource.toLowerCase()}/${id}`,
    input: { ...input, ...ownMember(resource) },
  };
}

/** An associated contact has a ContactId of its own, and not the one that is asked for. */
function ownMember(resource: string): Input {
  return resource.endsWith('Contacts') ? { ContactId: undefined } : {};
}

function resourceOf(name: string): string {
  return name.replace(/^(List|Search)/, '');
}

const RESOURCES = [...new Set(Object.keys(modelOperations).map(resourceOf))];
