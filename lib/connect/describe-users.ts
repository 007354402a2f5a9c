import type { ConnectClient } from '@aws-sdk/client-connect';
import { assertClient, SEND_OPTIONS, type SendOptions } from '../aws/create-send.js';
import { assertKnownOptions } from '../core/assert-known-options.js';
import { invalidArgument, PageturnError } from '../core/errors.js';
import { Listing } from '../listing/listing.js';
import { assertTolerate, type Tolerate } from '../listing/operators/tolerance.js';
import { assertInstanceId } from './assert-instance-id.js';
import { checkedFields } from './checked-fields.js';
import { describeStage } from './describe-stage.js';
import { USER_FIELD_NAMES } from './user-fields.js';
import type { UserDetails, UserField, UserRow } from './user-row.js';
import { withOperator } from './with-operator.js';

/** What a listing has of a user: only the id is needed. */
interface ListedUser {
  readonly Id?: string | undefined;
}

/** Options of `describeUsers`. Those that are left out are taken from the listing. */
export interface DescribeUsersOptions<Fields extends readonly UserField[], T = ListedUser>
  extends SendOptions {
  /** What to read of each user. Default: everything. */
  readonly fields?: Fields | undefined;
  /** Required, as `InstanceId` is, for a listing that pageturn has not made of users of Amazon Connect. */
  readonly client?: ConnectClient | undefined;
  readonly InstanceId?: string | undefined;
  /**
   * Lets some users fail, as `mapAsync` does: they go to `onFailed`, or to the destination `failed` of a drain, as the
   * listing has them. Refused credentials and permissions, a deleted instance and names that cannot be listed still
   * end the run. Default: none may fail.
   */
  readonly tolerate?: Tolerate<T> | undefined;
}

/**
 * Describes the users of a listing one by one with DescribeUser, in the listing's order, whatever operators it went through:
 * its items need their `Id`. Several requests run at once, retried, and paced by the quota. Names of ids come from one
 * listing each, read once per traversal. A user who no longer exists is a row with `Vanished: true`.
 *
 * Throws ERR_INVALID_ARGUMENT for an unknown field, with a suggestion, for a bad option, and for a listing that is not of
 * users of an instance, unless `client` and `InstanceId` are given.
 *
 * @example
 * const some = users.filter(({ Username = '' }) => Username.endsWith('@acme.com'));
 * for await (const user of describeUsers(some, { fields: ['Username', 'Email'] })) console.log(user.Email);
 */
export function describeUsers<
  const Fields extends readonly UserField[] = readonly UserField[],
  T extends ListedUser = ListedUser,
>(listing: Listing<T>, options?: DescribeUsersOptions<Fields, T>): Listing<UserDetails<Fields[number]>>;
export function describeUsers(
  listing: Listing<object>,
  options: DescribeUsersOptions<readonly UserField[]> = {},
): Listing<Partial<UserRow>> {
  assertKnownOptions('options of describeUsers', options, [
    'fields',
    'client',
    'InstanceId',
    'tolerate',
    ...SEND_OPTIONS,
  ]);
  const { fields, client, InstanceId, tolerate } = options;
  if (tolerate !== undefined) assertTolerate(tolerate);
  const origin = client === undefined || InstanceId === undefined ? originOf(listing) : undefined;
  const sender: unknown = client ?? origin?.client;
  assertClient(sender);
  const instance: unknown = InstanceId ?? origin?.InstanceId;
  assertInstanceId(instance);
  const listed: SendOptions = origin?.sending ?? {};
  const { retry = listed.retry, pace = listed.pace, pacers = listed.pacers, clock = listed.clock } = options;
  return withOperator(
    listing,
    describeStage({
      client: sender,
      InstanceId: instance,
      fields: checkedFields(fields, USER_FIELD_NAMES),
      sending: { retry, pace, pacers, clock },
      tolerate,
    }),
  );
}

/** The operations whose items are users of the instance in their input. */
const USERS = ['Connect.ListUsers', 'Connect.SearchUsers'];

function originOf(listing: unknown) {
  const plan = typeof listing === 'object' && listing !== null ? Listing.planOf(listing) : undefined;
  if (!plan) throw invalidArgument('listing', 'a listing of users', listing);
  const { origin } = plan.source;
  if (origin && USERS.includes(origin.operation)) {
    const { InstanceId }: { readonly InstanceId?: unknown } = origin.input;
    return { ...origin, InstanceId };
  }
  throw new PageturnError(
    'ERR_INVALID_ARGUMENT',
    'the listing does not show whose users it has; pass client and InstanceId to describeUsers',
  );
}
