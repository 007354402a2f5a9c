import { type ConnectClient, ListUsersCommand, type UserSummary } from '@aws-sdk/client-connect';
import { assertClient } from '../aws/create-send.js';
import { PAGINATE_OPTIONS, type PaginateOptions } from '../aws/paginate.js';
import { assertKnownOptions } from '../core/assert-known-options.js';
import type { Listing } from '../listing/listing.js';
import { assertInstanceId } from './assert-instance-id.js';
import { list } from './list.js';

/** The instance whose users to list. */
export interface ListUsersInput {
  /** The id of the Amazon Connect instance, 1 to 100 characters. */
  readonly InstanceId: string;
  /** The SDK's name for the option `pageSize`, which takes precedence. */
  readonly MaxResults?: number | undefined;
}

/**
 * Lists the users of an Amazon Connect instance as summaries (`Id`, `Arn`, `Username`, `LastModifiedTime`,
 * `LastModifiedRegion`, any of which the service may omit), in the service's order, 1,000 per page: the fewest requests,
 * because the quota is two per second. The options are those of `paginate`; `pageSize` is 1 to 1,000.
 *
 * Throws ERR_INVALID_ARGUMENT for an invalid InstanceId or option before anything is sent. For an instance that does not
 * exist, the traversal fails with ERR_REQUEST_FAILED and the service's ResourceNotFoundException as its `cause`.
 *
 * @example
 * const client = new ConnectClient({ region: 'eu-central-1' });
 * for await (const user of listUsers(client, { InstanceId })) console.log(user.Username);
 */
export function listUsers<K>(
  client: K extends ConnectClient ? K : 'listUsers needs a ConnectClient',
  input: ListUsersInput,
  options?: PaginateOptions<UserSummary>,
): Listing<UserSummary>;
export function listUsers(
  client: ConnectClient,
  input: ListUsersInput,
  options: PaginateOptions<UserSummary> = {},
): Listing<UserSummary> {
  assertClient(client);
  assertKnownOptions('options', options, PAGINATE_OPTIONS);
  const { InstanceId }: Partial<ListUsersInput> = input ?? {};
  assertInstanceId(InstanceId);
  return list(client, ListUsersCommand, input, options);
}
