import type { ConnectClient, UserSummary } from '@aws-sdk/client-connect';
import { chooseWay } from '../../connect/choose-way.js';
import { SEARCHED_FIELDS } from '../../connect/user-fields.js';
import type { UserField } from '../../connect/user-row.js';
import type { Listing } from '../../listing/listing.js';
import { usageError } from '../cli-error.js';
import { failedUsers } from './failed-users.js';
import type { Column, Operation, RequestOptions, RowContext } from './operation.js';
import { listingOptions } from './operation.js';
import { USERS } from './users.js';

interface DetailedUsersOptions {
  /** What to read of each user, in the order of the columns. Default: everything that SearchUsers has. */
  readonly fields?: readonly UserField[] | undefined;
  /** Whether users are chosen by the time when they were modified, which SearchUsers does not have. */
  readonly isDated: boolean;
  /** A file with the users to read; undefined: all of the instance. */
  readonly only?: string | undefined;
}

/** The users of an instance with details, read in the fewest requests. Users are chosen before they are described. */
export function detailedUsers({
  fields = SEARCHED_FIELDS,
  isDated,
  only,
}: DetailedUsersOptions): Operation<UserSummary> {
  const cheapest = chooseWay(isDated ? [...fields, 'LastModifiedTime'] : fields, undefined);
  const way = only === undefined ? cheapest : 'describe';
  const listed = way === 'search' ? searchedUsers(fields) : USERS.list;
  const source = only === undefined ? listed : failedUsers(only);
  let describe: Describe | undefined;
  return {
    ...USERS,
    listMember: 'Users',
    columns: fields.map(columnOf),
    tableColumns: (fields === SEARCHED_FIELDS ? TABLE_FIELDS : fields).map(columnOf),
    ...(way === 'search' && { paged: 'Connect.SearchUsers', maxPageSize: 500 }),
    isDescribed: way === 'describe',
    settings: {
      ...(fields === SEARCHED_FIELDS ? { details: '' } : { fields: fields.join(',') }),
      ...(only !== undefined && { only }),
    },
    async prepare(options) {
      if (way === 'search') return userDetailsOf(fields, options);
      throw usageError(
        '--fields has a field that takes a request per user, which is possible in one instance at a time; pass a single --region',
      );
    },
    async list(client, InstanceId, options) {
      if (way === 'describe') describe = await describer({ client, InstanceId, fields, options });
      return source(client, InstanceId, options);
    },
    rowsOf(items, context) {
      if (describe) return describe(items, context);
      const { tolerate } = context;
      if (!tolerate) return items.map((user) => pick(user, fields));
      // Single users cannot fail here, but a run with --failed has to leave an empty file.
      return items.mapAsync((user) => pick(user, fields), { tolerate });
    },
  };
}

function searchedUsers(fields: readonly UserField[]): Operation<UserSummary>['list'] {
  return async (client, InstanceId, options) => (await userDetailsOf(fields, options))(client, InstanceId);
}

async function userDetailsOf(fields: readonly UserField[], options: RequestOptions) {
  const { userDetails } = await import('../../connect/user-details.js');
  // What --filter and the count of distinct users need costs no request.
  const all = [...new Set<UserField>(['Id', 'Username', ...fields])];
  const chosen = { ...listingOptions(options), fields: all, via: 'search' } as const;
  return (client: ConnectClient, InstanceId: string) => userDetails(client, { InstanceId }, chosen);
}

interface DescriberOptions {
  readonly client: ConnectClient;
  readonly InstanceId: string;
  readonly fields: readonly UserField[];
  readonly options: RequestOptions;
}

type Describe = (items: Listing<UserSummary>, context: RowContext) => Listing<unknown>;

async function describer({ client, InstanceId, fields, options }: DescriberOptions): Promise<Describe> {
  const { describeUsers } = await import('../../connect/describe-users.js');
  const { retry, pace } = listingOptions(options);
  return (items, { onVanished, tolerate }) =>
    describeUsers(items, { client, InstanceId, fields, retry, pace, tolerate }).filter(({ Vanished }) => {
      if (Vanished) onVanished();
      return !Vanished;
    });
}

function pick(user: object, fields: readonly UserField[]): object {
  const members = new Map<string, unknown>(Object.entries(user));
  return Object.fromEntries(fields.map((field) => [field, members.get(field)]));
}

function columnOf(field: UserField): Column {
  const { type = 'string', width = 20 } = COLUMNS[field] ?? {};
  return { key: field, header: field, type, width };
}

/** What a table has of all details: it is as wide as a screen. */
const TABLE_FIELDS: readonly UserField[] = ['Username', 'RoutingProfileName', 'SecurityProfileNames'];

const ID = { width: 36 };
const LIST = { type: 'json' } as const;
const FLAG = { type: 'boolean' } as const;

/** The fields that are no text of usual length. */
const COLUMNS: { readonly [F in UserField]?: Pick<Column, 'type' | 'width'> } = {
  Id: ID,
  Arn: { width: 132 },
  Username: { width: 40 },
  LastModifiedTime: { type: 'timestamp' },
  Email: { width: 40 },
  RoutingProfileId: ID,
  HierarchyGroupId: ID,
  RoutingProfileName: { width: 30 },
  SecurityProfileIds: LIST,
  SecurityProfileNames: LIST,
  HierarchyPath: LIST,
  AutoAccept: FLAG,
  PersistentConnection: FLAG,
  AfterContactWorkTimeLimit: { type: 'int32' },
  AutoAcceptConfigs: LIST,
  AfterContactWorkConfigs: LIST,
  PhoneNumberConfigs: LIST,
  PersistentConnectionConfigs: LIST,
  VoiceEnhancementConfigs: LIST,
  Tags: LIST,
};
