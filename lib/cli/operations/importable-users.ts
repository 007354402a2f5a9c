import type { ConnectClient, UserSummary } from '@aws-sdk/client-connect';
import { USER_FIELD_NAMES } from '../../connect/user-fields.js';
import type { UserField } from '../../connect/user-row.js';
import { type Directory, IMPORT_COLUMNS } from '../../destinations/formats/import-columns.js';
import { connectImport } from '../../destinations/formats/index.js';
import { CliError } from '../cli-error.js';
import { detailedUsers } from './detailed-users.js';
import type { Operation } from './operation.js';
import { listingOptions, type RequestOptions } from './operation.js';
import { USERS } from './users.js';

interface ImportableUsersOptions {
  /** How the instance manages its users, if that was said; otherwise the instance is asked. */
  readonly directory: Directory | undefined;
  readonly isDated: boolean;
  readonly only: string | undefined;
}

/** The users of an instance with the details that the console's template for adding users has. */
export function importableUsers({
  directory: known,
  isDated,
  only,
}: ImportableUsersOptions): Operation<UserSummary> {
  let directory = known;
  let details: Operation<UserSummary> | undefined;
  return {
    ...USERS,
    get paged() {
      return (details ?? USERS).paged;
    },
    get isDescribed() {
      return details?.isDescribed ?? false;
    },
    get settings() {
      return {
        output: 'connect-import',
        ...(directory && { directory }),
        ...(only !== undefined && { only }),
      };
    },
    // https://docs.aws.amazon.com/connect/latest/adminguide/user-management.html
    mostRows: { count: 1000, advice: 'the console imports up to 1,000 users a file: split it first' },
    format: {
      name: 'connect-import',
      encode: (rows) =>
        connectImport({ directory: directory ?? 'SAML' }).encode(rows as AsyncIterable<object[]>),
    },
    async list(client, instanceId, options) {
      directory ??= await directoryOf(client, instanceId, options);
      details = detailedUsers({ fields: importableFields(directory), isDated, only });
      return details.list(client, instanceId, options);
    },
    rowsOf: (items, context) => details?.rowsOf?.(items, context) ?? items,
  };
}

/** The fields of users that the template has. */
export function importableFields(directory: Directory): readonly UserField[] {
  const members = new Set(IMPORT_COLUMNS[directory].map(({ member }) => member));
  return USER_FIELD_NAMES.filter((field) => members.has(field));
}

/** How an instance manages its users: DescribeInstance says so. */
async function directoryOf(
  client: ConnectClient,
  InstanceId: string,
  { signal, ...options }: RequestOptions,
): Promise<Directory> {
  const { DescribeInstanceCommand } = await import('@aws-sdk/client-connect');
  const { createSender } = await import('../../aws/create-sender.js');
  const { retry, pace } = listingOptions(options);
  const describe = createSender(client, DescribeInstanceCommand, { retry, pace });
  const { Instance } = await describe({ InstanceId }, { signal });
  const directory = Instance?.IdentityManagementType;
  if (directory === 'SAML' || directory === 'CONNECT_MANAGED') return directory;
  throw new CliError(
    `the instance manages its users with ${directory ?? 'a directory it does not name'}, and the console has no template for that; choose one with --directory`,
  );
}
