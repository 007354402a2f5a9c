import type { ConnectClient } from '@aws-sdk/client-connect';
import type { SendOptions } from '../../aws/create-send.js';
import { fieldsOf } from '../../core/error-fields.js';
import { PageturnError } from '../../core/errors.js';
import { areCredentialsRefused, isCredentialError } from '../../core/is-credential-error.js';
import { queryOf } from '../../core/query-of.js';
import { createListing } from '../../listing/create-listing.js';
import type { Listing } from '../../listing/listing.js';
import { listSource } from '../list.js';
import { commandsOf } from '../resources/commands-of.js';
import type { InstanceResource } from '../resources/instance-resources.js';
import { userDetails } from '../user-details.js';
import { childListing, type ParentIds } from './child-listing.js';
import type { ChildResource } from './child-resources.js';

interface BackupListingsOptions {
  readonly sending: SendOptions;
  readonly signal: AbortSignal | undefined;
}

interface OpenedListing {
  readonly rows: Listing<object>;
  /** Why the rows have no details, although there is a search for them. */
  readonly detailsError: Error | undefined;
  /** Whether the search for details was answered, and found nothing. */
  readonly hasNoDetails: boolean;
  /** How many of the rows the search did not give. */
  countWithoutDetails(rows: AsyncIterable<object>): Promise<number>;
}

export interface BackupListings {
  /** Throws the service's error if the instance is not there, or the credentials are wrong. */
  assertInstance(): Promise<void>;
  /** The rows of a resource. Its details are listed first; the signal ends that. */
  open(resource: InstanceResource, signal: AbortSignal): Promise<OpenedListing>;
  /** The rows of a resource that has parents; `rowsOf` reads those of a resource that is backed up already. */
  openChild(
    resource: ChildResource,
    rowsOf: (name: string) => AsyncIterable<object>,
  ): Promise<Listing<object>>;
}

/** The lists of an instance, each row with its details. */
export async function createBackupListings(
  client: ConnectClient,
  InstanceId: string,
  { sending, signal }: BackupListingsOptions,
): Promise<BackupListings> {
  const commands = await commandsOf();
  const listOf = (command: string) =>
    createListing<object>({
      ...listSource(client, commands(command), { InstanceId }, sending),
      key: undefined,
    });
  const detailsOf = async ({ details, idMember, name }: InstanceResource, signal: AbortSignal) => {
    const rows: AsyncIterable<object> =
      name === 'users'
        ? userDetails(client, { InstanceId }, sending).open({ signal })
        : listOf(details?.command ?? '').open({ signal });
    const byId = new Map<string, object>();
    for await (const row of rows) {
      const id = idOf(row, idMember);
      if (id !== undefined) byId.set(id, row);
    }
    return byId;
  };
  const assertInstance = async () => {
    const users = listSource(client, commands('ListUsersCommand'), { InstanceId, MaxResults: 1 }, sending);
    try {
      await createListing<object>({ ...users, key: undefined })
        .take(1)
        .open({ signal })
        .next();
    } catch (error) {
      if (signal?.aborted || !isAccessDenied(error)) throw error;
    }
  };
  return {
    assertInstance,
    async open(resource, signal) {
      let details: ReadonlyMap<string, object> | undefined;
      let detailsError: Error | undefined;
      try {
        if (resource.details) details = await detailsOf(resource, signal);
      } catch (error) {
        signal.throwIfAborted();
        const { cause } = error instanceof PageturnError ? error : {};
        if (!(error instanceof Error) || areCredentialsRefused(cause)) throw error;
        detailsError = error;
      }
      const source = listSource(client, commands(resource.command), { InstanceId }, sending);
      const rows = createListing<object>({
        ...source,
        key: undefined,
        query: queryOf(`Connect.backup.${resource.operation}`, {
          InstanceId,
          details: details !== undefined,
        }),
        fetchPage: async (token, call) => {
          const { items = [], ...page } = await source.fetchPage(token, call);
          return { ...page, items: items.map((item) => withDetails(item, details, resource.idMember)) };
        },
      });
      const countWithoutDetails = async (written: AsyncIterable<object>) => {
        let count = 0;
        for await (const row of written) {
          if (details && !details.has(idOf(row, resource.idMember) ?? '')) count += 1;
        }
        return count;
      };
      return { rows, detailsError, hasNoDetails: details?.size === 0, countWithoutDetails };
    },
    async openChild(resource, rowsOf) {
      const { command, parents: from } = resource;
      const ids =
        'enumeration' in from
          ? { parents: Object.values<string>(Object(commands(from.enumeration))), withoutId: 0 }
          : await idsOf(rowsOf(from.resource), resource.member);
      const options = { client, InstanceId, ...ids, sending, assertInstance };
      return childListing(resource, { ...options, command: commands(command) });
    },
  };
}

/**
 * The ids of parents, and how many rows have none. The queue of an agent has none of what other queues have, and there is
 * one for each user.
 */
async function idsOf(rows: AsyncIterable<object>, member: string): Promise<ParentIds> {
  const parents: string[] = [];
  let withoutId = 0;
  for await (const row of rows) {
    const { QueueType, Id, [member]: id = Id }: Readonly<Record<string, unknown>> = { ...row };
    if (QueueType === 'AGENT') continue;
    if (typeof id === 'string' && id !== '') parents.push(id);
    else withoutId += 1;
  }
  return { parents, withoutId };
}

function withDetails(
  item: object,
  details: ReadonlyMap<string, object> | undefined,
  idMember: string | undefined,
): object {
  const own = details?.get(idOf(item, idMember) ?? '');
  return own ? { ...item, ...own } : item;
}

/** The identifier that a summary and its details share. */
function idOf(row: unknown, idMember: string | undefined): string | undefined {
  if (typeof row !== 'object' || row === null) return undefined;
  const members: Readonly<Record<string, unknown>> = { ...row };
  const id = members['Id'] ?? members[idMember ?? ''] ?? members['Name'];
  return typeof id === 'string' ? id : undefined;
}

/** One operation may be denied, and the others not. */
function isAccessDenied(error: unknown): boolean {
  const { cause } = error instanceof PageturnError ? error : { cause: error };
  return isCredentialError(cause) && /^AccessDenied/.test(String(fieldsOf(cause).name));
}
