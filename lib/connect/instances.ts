import { type ConnectClient, type InstanceSummary, ListInstancesCommand } from '@aws-sdk/client-connect';
import type { PaginateOptions } from '../aws/paginate.js';
import type { Listing } from '../listing/listing.js';
import { list } from './list.js';

/**
 * Lists the Amazon Connect instances of the client's account and Region: `Id`, `Arn`, `InstanceAlias` and
 * `InstanceStatus` (`ACTIVE`, `CREATION_IN_PROGRESS` or `CREATION_FAILED`) among others, 10 per request, the most that the
 * service returns. The options are those of `paginate`. The account and the Region of an instance are in its `Arn`.
 *
 * Throws ERR_INVALID_ARGUMENT for bad arguments before anything is sent.
 *
 * @example
 * const active = instances(client).filter(({ InstanceStatus }) => InstanceStatus === 'ACTIVE');
 * for await (const { Id, InstanceAlias } of active) console.log(Id, InstanceAlias);
 */
export function instances<K>(
  client: K extends ConnectClient ? K : 'instances needs a ConnectClient',
  options?: PaginateOptions<InstanceSummary>,
): Listing<InstanceSummary>;
export function instances(
  client: ConnectClient,
  options?: PaginateOptions<InstanceSummary>,
): Listing<InstanceSummary> {
  return list(client, ListInstancesCommand, {}, options);
}
