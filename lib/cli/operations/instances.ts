import type { ConnectClient, InstanceSummary } from '@aws-sdk/client-connect';
import { queryOf } from '../../core/query-of.js';
import { type CreateListingOptions, createListing } from '../../listing/create-listing.js';
import { CliError } from '../cli-error.js';
import { describeError } from '../describe-error.js';
import { connectOperation } from './connect-operation.js';
import { listingOptions, type Operation, type RequestOptions } from './operation.js';

/** An instance, and the Region and the account that are in its ARN. */
export interface InstanceRow extends InstanceSummary {
  readonly Region: string | undefined;
  readonly AccountId: string | undefined;
}

const { prepare: _, ...summaries } = connectOperation('ListInstances', {});

/** The instances of an account, in all Regions that were named, one Region after the other. */
export const INSTANCES: Operation<InstanceRow> = {
  ...summaries,
  columns: [
    ...summaries.columns,
    { key: 'Region', header: 'Region', width: 14 },
    { key: 'AccountId', header: 'AccountId', width: 12 },
  ],
  tableColumns: [
    { key: 'Id', header: 'ID', width: 36 },
    { key: 'Region', header: 'REGION', width: 14 },
    { key: 'InstanceStatus', header: 'STATUS', width: 20 },
    { key: 'InstanceAlias', header: 'ALIAS' },
  ],
  idOf: ({ Id }) => Id,
  nameOf: ({ InstanceAlias }) => InstanceAlias ?? '',
  modifiedAt: undefined,
  async list(client, _, { clients = [client], ...options }) {
    const sources = await Promise.all(clients.map((one) => sourceOf(one, options)));
    const { regionOf } = await import('../../connect/everywhere/client-region.js');
    // A missing one is described with the first request.
    const regions = await Promise.all(clients.map(async (one) => (await regionOf(one)) ?? null));
    return createListing<InstanceRow>({
      query: queryOf('Connect.ListInstances', clients.length > 1 ? { regions } : {}),
      isTokenRejected: (error) => sources.some(({ isTokenRejected }) => isTokenRejected?.(error)),
      async fetchPage(token, call) {
        const [at, inner] = positionOf(token);
        const source = sources[at];
        if (!source)
          throw new CliError('the unfinished run has other Regions; rerun it with the same --region');
        const page = await source.fetchPage(inner, call).catch((error: unknown) => {
          throw call.signal?.aborted || clients.length === 1 ? error : inRegion(regions[at] ?? '', error);
        });
        const more = at + 1 < sources.length ? tokenOf(at + 1, undefined) : undefined;
        return {
          items: (page.items ?? []).map(rowOf),
          next: page.next ? tokenOf(at, page.next) : more,
        };
      },
    });
  },
};

async function sourceOf(
  client: ConnectClient,
  options: RequestOptions,
): Promise<CreateListingOptions<InstanceSummary>> {
  const { ListInstancesCommand } = await import('@aws-sdk/client-connect');
  const { listSource } = await import('../../connect/list.js');
  const { pageSize, ...rest } = listingOptions(options);
  const chosen = { ...rest, ...(pageSize !== undefined && { pageSize }) };
  return { ...listSource(client, ListInstancesCommand, {}, chosen), key: undefined };
}

function tokenOf(region: number, token: string | undefined): string {
  return `${region} ${token ?? ''}`;
}

function positionOf(token: string | undefined): readonly [region: number, token: string | undefined] {
  if (token === undefined) return [0, undefined];
  const space = token.indexOf(' ');
  return [Number(token.slice(0, space)), token.slice(space + 1) || undefined];
}

function rowOf(summary: InstanceSummary): InstanceRow {
  // arn:aws:connect:REGION:ACCOUNT:instance/ID
  const [, , , Region, AccountId] = summary.Arn?.split(':') ?? [];
  return { ...summary, Region, AccountId };
}

/** Which of several Regions has failed. */
function inRegion(region: string, error: unknown): CliError {
  return new CliError(`in ${region}: ${describeError(error).message}`, 1, error);
}
