import { modelOperations } from './model.js';
import { recordOf } from './model-record.js';
import type { Call, PagedOperation, PageRequest } from './operation.js';
import { pageOf } from './page-of.js';
import { type ModelOperationName, paged } from './paged.js';
import { type Row, searchRows } from './search-rows.js';
import { invalidParameter } from './service-error.js';

/** How many records these operations list: as many as fit on three pages, where a page is small. */
const MODEL_RECORDS = 120;

/** A paged operation that nothing else answers: its records have all members that the model has, made from their names. */
export function modelListing(
  name: ModelOperationName,
): PagedOperation & { readonly name: ModelOperationName } {
  const { item, required } = modelOperations[name];
  const names = required === '' ? [] : required.split(' ');
  const list = (request: PageRequest) => {
    assertRequired(names, request);
    return pageOf(searchRows(recordsOf(name, item, request), request.input), request);
  };
  return {
    ...paged(name, list),
    accountWide: !names.includes('InstanceId'),
    acceptsArn: true,
  };
}

function assertRequired(names: readonly string[], { input }: Call): void {
  const missing = names.find((name) => input[name] === undefined);
  if (missing !== undefined) throw invalidParameter(`${missing} is required`);
}

function recordsOf(name: ModelOperationName, item: string, { account, instance }: PageRequest): Row[] {
  const resource = resourceOf(name);
  const first = RESOURCES.indexOf(resource) * MODEL_RECORDS;
  const arn = (instance ?? account.instances[0])?.summary.Arn ?? '';
  const { maxPageSize = MODEL_RECORDS } = modelOperations[name];
  return Array.from({ length: Math.min(MODEL_RECORDS, 3 * maxPageSize) }, (_, n) => {
    const id = (instance ?? account).ids.of('record', first + n);
    return Object(recordOf(item, { n, id, arn: `${arn}/${resource.toLowerCase()}/${id}` }));
  });
}

/** What an operation lists: a List and a Search of the same resources have the same ids. */
function resourceOf(name: string): string {
  return name.replace(/^(List|Search)/, '');
}

const RESOURCES = [...new Set(Object.keys(modelOperations).map(resourceOf))];
