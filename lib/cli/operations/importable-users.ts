import type { ConnectClient, UserSummary } from '@aws-sdk/client-connect';
import { USER_FIELD_NAMES } from '../../connect/user-fields.js';
import type { UserField } from '../../connect/user-row.js';
import { fieldsOf } from '../../core/error-fields.js';
import { type Directory, IMPORT_COLUMNS } from '../../destinations/formats/import-columns.js';
import { connectImport } from '../../destinations/formats/index.js';
import { CliError } from '../cli-error.js';
import { formatCount, formatList, formatNumber } from '../format.js';
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
  let incomplete = new Map<string, string[]>();
  // Without `prepare`, several Regions are refused: a file is for one instance, because others have other profiles.
  const { prepare: _, ...users } = USERS;
  return {
    ...users,
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
    adviceFor: (written) => [
      ...(written > MOST_USERS ? ['the console imports up to 1,000 users a file: split it first'] : []),
      ...(incomplete.size > 0 ? [`complete the file before the import: ${listOf(incomplete)}`] : []),
    ],
    format: {
      name: 'connect-import',
      encode(rows) {
        // The rows of all runs are encoded when they are published, and again if that failed.
        const idsOf = new Map<string, string[]>();
        incomplete = idsOf;
        return connectImport({
          directory: directory ?? 'SAML',
          onIncomplete({ Id = 'without an id' }, columns) {
            for (const column of columns) {
              const ids = idsOf.get(column) ?? [];
              idsOf.set(column, ids);
              ids.push(Id);
            }
          },
        }).encode(rows as AsyncIterable<object[]>);
      },
    },
    async list(client, instanceId, options) {
      directory ??= await directoryOf(client, instanceId, options);
      details = detailedUsers({ fields: importableFields(directory), isDated, only });
      return details.list(client, instanceId, options);
    },
    rowsOf: (items, context) => details?.rowsOf?.(items, context) ?? items,
  };
}

/** https://docs.aws.amazon.com/connect/latest/adminguide/user-management.html */
const MOST_USERS = 1000;

/** Columns with the users who lack them: by id, because messages contain no names. */
function listOf(incomplete: ReadonlyMap<string, readonly string[]>): string {
  const columns = [...incomplete].sort(([a], [b]) => a.localeCompare(b));
  return columns
    .map(([column, ids]) => {
      const more = ids.length > MOST_NAMED ? [`${formatNumber(ids.length - MOST_NAMED)} more`] : [];
      const named = formatList([...ids.slice(0, MOST_NAMED), ...more]);
      return `"${column}" of ${formatCount(ids.length, 'user')} (${named})`;
    })
    .join(', ');
}

const MOST_NAMED = 5;

/** The fields of users that the template has, and the ids that show which names are missing; they cost no request. */
export function importableFields(directory: Directory): readonly UserField[] {
  const members = new Set<string | undefined>(IMPORT_COLUMNS[directory].map(({ member }) => member));
  for (const id of ['Id', 'HierarchyGroupId', 'SecurityProfileIds']) members.add(id);
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
  const { Instance } = await describe({ InstanceId }, { signal }).catch((error: unknown) => {
    if (fieldsOf(Object(error).cause).name !== 'AccessDeniedException') throw error;
    throw new CliError(
      'cannot find out how the instance manages its users without the permission connect:DescribeInstance; pass --directory SAML or --directory CONNECT_MANAGED',
      1,
      error,
    );
  });
  const directory = Instance?.IdentityManagementType;
  if (directory === 'SAML' || directory === 'CONNECT_MANAGED') return directory;
  throw new CliError(
    `the instance manages its users with ${directory ?? 'a directory it does not name'}, and the console has no template for that; choose one with --directory`,
  );
}
