import { commandOf } from '../lib/aws/command-of.js';
import { type Paging, type PagingNames, resolvePaging } from '../lib/aws/resolve-paging.js';
import { PageturnError } from '../lib/core/errors.js';
import type { ServiceClient } from './paginated-clients.js';
import type { Paginator } from './read-paginators.js';

/** How pageturn and botocore agree on an operation. */
export interface Outcome {
  readonly name: string;
  readonly kind: 'exact' | 'refused' | 'wrong' | 'absent' | 'named' | 'unnamed';
  readonly why?: string | undefined;
}

/** Compares what pageturn resolves from the schema of a command with what botocore knows of its operation. */
export function comparePaginator({ client, commands }: ServiceClient, paginator: Paginator): Outcome {
  const name = `${paginator.service}.${paginator.operation}`;
  const command = commands.get(paginator.operation);
  if (command === undefined) return { name, kind: 'absent' };
  const resolve = (names: PagingNames): Paging => {
    const { operation, shape, quirk } = commandOf(client, command, {});
    return resolvePaging(operation, shape, names, quirk);
  };
  try {
    const paging = resolve({});
    return outcome(name, 'exact', undefined, [
      ...differences(paging, paginator),
      ...itemsDifference(paging, paginator),
    ]);
  } catch (error) {
    if (!(error instanceof PageturnError)) throw error;
    // Without the choice of the items, the rest must be exact.
    const found = error.code === 'ERR_NOT_PAGED' ? [] : differences(resolve({ items: () => [] }), paginator);
    return outcome(name, 'refused', error.message, found);
  }
}

function outcome(name: string, kind: Outcome['kind'], why: string | undefined, found: string[]): Outcome {
  return found.length > 0 ? { name, kind: 'wrong', why: found.join('; ') } : { name, kind, why };
}

function differences(paging: Paging, { token, next, pageSize, more }: Paginator): string[] {
  return [
    ...difference('token', paging.tokenKeys.join(), token.join()),
    ...difference('next', paging.nextName, next.join(', ')),
    // A few paginators leave out a page size or a flag that the operation has.
    ...(pageSize === '' ? [] : difference('page size', paging.pageSizeKey, pageSize)),
    ...(more === '' ? [] : difference('more', paging.moreName, more)),
  ];
}

function itemsDifference({ itemsName }: Paging, { lists }: Paginator): string[] {
  return lists.length === 0 || lists.includes(itemsName) ? [] : difference('items', itemsName, lists.join());
}

function difference(what: string, ours: string | undefined, theirs: string): string[] {
  return ours === theirs ? [] : [`${what} is ${ours}, botocore has ${theirs}`];
}
