import { modelOperations } from './model.js';
import type { PagedOperation } from './operation.js';

export type ModelOperationName = keyof typeof modelOperations;

/**
 * A paged operation as the model has it. Some operations document a default page size of 100; the others use their maximum,
 * capped at 100.
 */
export function paged<Name extends ModelOperationName>(
  name: Name,
  list: PagedOperation['list'],
): PagedOperation & { readonly name: Name } {
  const { method, path, itemsKey, maxPageSize: max = 100 } = modelOperations[name as ModelOperationName];
  return {
    name,
    method,
    path,
    itemsKey,
    pageSize: { max, default: Math.min(max, 100) },
    ...(TOO_MANY_REQUESTS.has(name) && { throttle: 'TooManyRequestsException' }),
    list,
  };
}

/** Two operations throttle under another name than the rest (service model, 2017-08-08). */
const TOO_MANY_REQUESTS = new Set<string>(['ListViews', 'ListViewVersions']);
