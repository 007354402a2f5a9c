import { type ConnectClient, SearchUsersCommand, type UserSearchSummary } from '@aws-sdk/client-connect';
import { assertClient, SEND_OPTIONS, type SendOptions } from '../aws/create-send.js';
import { assertKnownOptions } from '../core/assert-known-options.js';
import { invalidArgument } from '../core/errors.js';
import { ambiguousUser } from './ambiguous-user.js';
import { assertInstanceId } from './assert-instance-id.js';
import { list } from './list.js';
import { usernameKey } from './username-key.js';

/** Options of `findUser`. */
export interface FindUserOptions extends SendOptions {
  /** Aborts the request and every wait. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Finds the user with a user name in one request of SearchUsers. Resolves to the row of SearchUsers (`Id`, `Arn`,
 * `Username`, `RoutingProfileId`, `SecurityProfileIds`, `HierarchyGroupId`, `IdentityInfo`, `PhoneConfig`, `Tags`), where
 * `AfterContactWorkTimeLimit` is in milliseconds, or to undefined if there is no such user. A user created a moment ago may
 * not be found yet.
 *
 * What the service returns is compared again here, because it does not document how it compares: case is ignored,
 * everything else must be equal. To look up more than a few users, list them once: `usernameIndex`.
 *
 * Rejects with ERR_AMBIGUOUS_USER if several users have the name; the message has their ids. Rejects with
 * ERR_INVALID_ARGUMENT for bad arguments before anything is sent, and otherwise as a listing does.
 *
 * @example
 * const user = await findUser(client, instanceId, 'li.wei@acme.com');
 * console.log(user?.Id ?? 'no such user');
 */
export async function findUser<K>(
  client: K extends ConnectClient ? K : 'findUser needs a ConnectClient',
  instanceId: string,
  username: string,
  options?: FindUserOptions,
): Promise<UserSearchSummary | undefined>;
export async function findUser(
  client: ConnectClient,
  instanceId: string,
  username: string,
  options: FindUserOptions = {},
): Promise<UserSearchSummary | undefined> {
  assertClient(client);
  assertInstanceId(instanceId);
  if (typeof username !== 'string' || username.trim() === '')
    throw invalidArgument('username', 'a user name, at least one character', username);
  assertKnownOptions('options', options, [...SEND_OPTIONS, 'signal']);
  const key = usernameKey(username);
  // A listing, because a service may split even one row over several pages; the first one normally has all.
  const rows = list(
    client,
    SearchUsersCommand,
    {
      InstanceId: instanceId,
      SearchCriteria: {
        StringCondition: { FieldName: 'Username', Value: username, ComparisonType: 'EXACT' },
      },
    },
    options,
  );
  const found = new Map<string | undefined, UserSearchSummary>();
  for await (const row of rows) {
    if (row.Username !== undefined && usernameKey(row.Username) === key) found.set(row.Id, row);
  }
  const [first, ...others] = found.values();
  if (first && others.length > 0) throw ambiguousUser([first, ...others]);
  return first;
}
