import type { ConnectClient } from '@aws-sdk/client-connect';
import type { CommandClass, FittingClient, InputOf, OnlyListOf, OutputOf } from '../aws/command.js';
import { commandOf } from '../aws/command-of.js';
import { assertClient } from '../aws/create-send.js';
import { commandSource, type ItemOf, type PaginateOptions, type PlainlyPaged } from '../aws/paginate.js';
import { assertObject } from '../core/assert-known-options.js';
import { invalidArgument } from '../core/errors.js';
import { type CreateListingOptions, createListing } from '../listing/create-listing.js';
import type { Listing } from '../listing/listing.js';
import { operationNamed } from './operation-named.js';

/**
 * Lists the items of any paged operation of Amazon Connect, in the fewest requests: with the largest page that the
 * operation has, paced by its documented quota. The options are those of `paginate`; a `MaxResults` in the input is the
 * page size, and `pageSize` takes precedence.
 *
 * Throws ERR_NOT_PAGED for an operation that is not paged, and ERR_INVALID_ARGUMENT for a command of another service, a
 * page size above the operation's largest, or a bad option, before anything is sent.
 *
 * @example
 * for await (const queue of list(client, ListQueuesCommand, { InstanceId })) console.log(queue.Name);
 */
export function list<C extends CommandClass, K>(
  client: K extends ConnectClient ? FittingClient<K, C> : 'list needs a ConnectClient',
  command: C & PlainlyPaged<C>,
  input: InputOf<C>,
  options?: PaginateOptions<ItemOf<OutputOf<C>, OnlyListOf<C>>>,
): Listing<ItemOf<OutputOf<C>, OnlyListOf<C>>>;
export function list(
  client: unknown,
  command: unknown,
  input: { readonly MaxResults?: unknown },
  options?: PaginateOptions<never>,
): Listing<never> {
  return createListing<never>(listSource(client, command, input, options));
}

/** What `list` reads from, for listings that do more with its pages. */
export function listSource(
  client: unknown,
  command: unknown,
  input: { readonly InstanceId?: unknown; readonly MaxResults?: unknown },
  options: PaginateOptions<never> = {},
): CreateListingOptions<never> {
  assertClient(client);
  assertObject('options', options);
  const [name = '', service = 'Connect'] = commandOf(client, command, input).operation.split('.').reverse();
  if (service !== 'Connect')
    throw invalidArgument(
      'the client and the command',
      'of Amazon Connect; paginate lists other services',
      `${service}.${name}`,
    );
  return commandSource(client, command, input, { ...options, ...fullPages(name, input, options) });
}

/** The page size to ask for; nothing for an operation without one, or one that is newer than the table. */
function fullPages(
  name: string,
  { MaxResults }: { readonly MaxResults?: unknown },
  options: { readonly pageSize?: unknown },
): { readonly pageSize?: number } {
  const { maxPageSize } = operationNamed(name) ?? {};
  if (maxPageSize === undefined) return {};
  const pageSize = options?.pageSize ?? MaxResults ?? maxPageSize;
  if (
    typeof pageSize === 'number' &&
    Number.isSafeInteger(pageSize) &&
    pageSize >= 1 &&
    pageSize <= maxPageSize
  )
    return { pageSize };
  throw invalidArgument('pageSize', `a whole number from 1 to ${maxPageSize}`, pageSize);
}
