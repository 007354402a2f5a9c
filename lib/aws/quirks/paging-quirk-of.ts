import { botocorePaging } from './botocore-paging.js';
import { documentedPaging } from './documented-paging.js';
import type { PagingQuirk } from './paging-quirk.js';

/** What is known about an operation's paging beyond its schema. The service is an id such as `Route53`, in any case. */
export function pagingQuirkOf(service: string, operation: string): PagingQuirk {
  const id = service.toLowerCase();
  const documented = documentedPaging[id];
  const group = botocorePaging.find(
    (entry) => entry.service === id && Object.hasOwn(entry.operations, operation),
  );
  const items = group?.operations[operation];
  return {
    ...group?.paging,
    ...(items ? { items } : {}),
    ...documented?.['*'],
    ...documented?.[operation],
  };
}
