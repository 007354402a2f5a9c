import type { Ids } from './ids.js';
import { modelOperations } from './model.js';
import { type Origin, recordOf } from './model-record.js';
import type { Input } from './operation.js';
import type { ModelOperationName } from './paged.js';
import type { Row } from './search-rows.js';

/** How many records these operations list: as many as fit on three pages, where a page is small. */
const MODEL_RECORDS = 120;

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
  const { item, maxPageSize = MODEL_RECORDS } = modelOperations[name];
  const count = Math.min(MODEL_RECORDS, 3 * maxPageSize);
  return Array.from({ length: count }, (_, n) => Object(recordOf(item, originOf(name, owner, n))));
}

/** The nth record of an operation in another structure. */
export function modelRecord(
  name: ModelOperationName,
  owner: RecordOwner,
  { n, structure }: { readonly n: number; readonly structure: string },
): object {
  return Object(recordOf(structure, originOf(name, owner, n)));
}

function originOf(name: ModelOperationName, { ids, arn, input }: RecordOwner, n: number): Origin {
  const resource = resourceOf(name);
  const id = ids.of('record', RESOURCES.indexOf(resource) * MODEL_RECORDS + n);
  return { n, id, arn: `${arn}/${resource.toLowerCase()}/${id}`, input };
}

function resourceOf(name: string): string {
  return name.replace(/^(List|Search)/, '');
}

const RESOURCES = [...new Set(Object.keys(modelOperations).map(resourceOf))];
