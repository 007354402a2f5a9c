import { type ConnectClient, ListUsersCommand, SearchUsersCommand, type User } from '@aws-sdk/client-connect';
import { assertClient } from '../aws/create-send.js';
import { PAGINATE_OPTIONS, type PaginateOptions } from '../aws/paginate.js';
import { assertKnownOptions } from '../core/assert-known-options.js';
import { readableKey } from '../core/identity.js';
import { queryOf } from '../core/query-of.js';
import { type CreateListingOptions, createListing } from '../listing/create-listing.js';
import type { Listing } from '../listing/listing.js';
import { assertInstanceId } from './assert-instance-id.js';
import { checkedFields } from './checked-fields.js';
import { chooseWay } from './choose-way.js';
import { describeStage } from './describe-stage.js';
import { listSource } from './list.js';
import type { ListUsersInput } from './list-users.js';
import { createNames, type Names } from './names.js';
import { type DetailsVia, nameKindsOf, rowOf, SEARCHED_FIELDS, type UnsearchedField } from './user-fields.js';
import type { UserDetails, UserField, UserRow } from './user-row.js';
import { withOperator } from './with-operator.js';

/** Options of `userDetails`: those of `paginate`, without `key`, and these. */
export interface UserDetailsOptions<Fields extends readonly UserField[]>
  extends Omit<PaginateOptions<never>, 'key'> {
  /** What to read of each user. Default: everything that SearchUsers has, with the names of ids. */
  readonly fields?: Fields | undefined;
  /**
   * How to read it: `'list'` is ListUsers alone, `'search'` is SearchUsers, `'describe'` is ListUsers and a DescribeUser per
   * user. Default: the one with the fewest requests that has all fields.
   */
  readonly via?: DetailsVia | undefined;
}

type SearchedFields = readonly Exclude<UserField, UnsearchedField>[];

/**
 * Lists the users of an Amazon Connect instance with the chosen fields, in the fewest requests: 1,000 users a request
 * if ListUsers has all fields, 500 if SearchUsers has them, and one request per user for e-mail addresses, mobile
 * numbers, and modification times together with other details. `plan` returns how many these are. Names of ids come
 * from one listing each, read once per traversal. The units are those of DescribeUser.
 *
 * Via `'describe'`, a user who is deleted in the meantime is a row with `Vanished: true`. SearchUsers reads a search index,
 * which may be some seconds behind.
 *
 * The fields and the way belong to the query: a cursor of one way is ERR_CURSOR_MISMATCH for another. Throws
 * ERR_INVALID_ARGUMENT for a bad InstanceId or option, for an unknown field, with a suggestion, and for a way that lacks a
 * field, before anything is sent. Fails as `listUsers` does.
 *
 * @example
 * const fields = ['Username', 'RoutingProfileName', 'SecurityProfileNames'] as const;
 * for await (const user of userDetails(client, { InstanceId }, { fields })) console.log(user.RoutingProfileName);
 */
export function userDetails<K, const Fields extends readonly UserField[] = SearchedFields>(
  client: K extends ConnectClient ? K : 'userDetails needs a ConnectClient',
  input: ListUsersInput,
  options?: UserDetailsOptions<Fields>,
): Listing<UserDetails<Fields[number]>>;
export function userDetails(
  client: ConnectClient,
  input: ListUsersInput,
  options: UserDetailsOptions<readonly UserField[]> = {},
): Listing<Partial<UserRow>> {
  assertClient(client);
  assertKnownOptions('options', options, OPTIONS);
  const { fields: chosen, via, ...paginateOptions } = options;
  const { InstanceId, MaxResults }: Partial<ListUsersInput> = input ?? {};
  assertInstanceId(InstanceId);
  const fields = checkedFields(chosen, SEARCHED_FIELDS);
  const way = chooseWay(fields, via);
  const command = way === 'search' ? SearchUsersCommand : ListUsersCommand;
  const pageSize = paginateOptions.pageSize ?? MaxResults;
  const source: CreateListingOptions<User> = {
    ...listSource(client, command, { InstanceId }, { ...paginateOptions, pageSize }),
    key: undefined,
    query: queryOf('Connect.userDetails', { InstanceId, via: way, fields: fields.toSorted() }),
  };
  const { retry, pace, pacers, clock } = paginateOptions;
  const sending = { retry, pace, pacers, clock };
  if (way === 'describe')
    return withOperator(createListing(source), describeStage({ client, InstanceId, fields, sending }));
  const namesFor = createNames({ client, InstanceId, kinds: nameKindsOf(fields), sending });
  const read = way === 'search' ? inSeconds : (user: User) => user;
  const { acquire } = source;
  return createListing<NamedUser>({
    ...source,
    // The names may change between two runs, and the fields may have no identifier.
    key: ({ user }) => readableKey(user),
    // A pacer that all operations share may let one request through at a time: the page must not have its permit yet.
    acquire:
      acquire &&
      (async (call) => {
        await namesFor(call);
        return acquire(call);
      }),
    fetchPage: async (token, call) => {
      const names = await namesFor(call);
      const { items = [], ...page } = await source.fetchPage(token, call);
      return { ...page, items: items.map((user) => ({ user: read(user), names })) };
    },
  }).map(({ user, names }) => rowOf(user, fields, names));
}

const OPTIONS = [
  ...PAGINATE_OPTIONS.filter(
    (name) => !['key', 'items', 'token', 'next', 'more', 'pageSizeKey', 'firstPageOnly'].includes(name),
  ),
  'fields',
  'via',
];

interface NamedUser {
  readonly user: User;
  readonly names: Names;
}

/** "When returned by a SearchUsers call, AfterContactWorkTimeLimit is returned in milliseconds": UserPhoneConfig in the model. */
function inSeconds(user: User): User {
  const { PhoneConfig } = user;
  if (PhoneConfig?.AfterContactWorkTimeLimit === undefined) return user;
  const AfterContactWorkTimeLimit = PhoneConfig.AfterContactWorkTimeLimit / 1000;
  return { ...user, PhoneConfig: { ...PhoneConfig, AfterContactWorkTimeLimit } };
}
