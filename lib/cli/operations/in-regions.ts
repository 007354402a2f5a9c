import type { ConnectClient } from '@aws-sdk/client-connect';
import type { ConnectionOptions } from '../arguments/options.js';
import { usageError } from '../cli-error.js';
import type { Column, Operation, RequestOptions } from './operation.js';

/** The Regions whose instances are all listed; undefined if one instance is. */
export function regionsOf({
  region = [],
  instanceId,
}: Pick<ConnectionOptions, 'region' | 'instanceId'>): readonly string[] | undefined {
  return region.length > 1 && instanceId === undefined ? region : undefined;
}

/** An operation in every instance of several Regions, side by side; each row says which one it comes from. */
export function inRegions<T>(operation: Operation<T>, regions: readonly string[]): Operation<object> {
  const { prepare, isDescribed, nameOf, modifiedAt } = operation;
  if (!prepare || isDescribed || operation.instance === 'none') {
    throw usageError(
      '--region is given more than once, but this reads a single instance; name it with --instance-id',
    );
  }
  // A row is an item with its origin in front.
  const asItem = (row: object): T => row as T & object;
  const columns = [...ORIGIN, ...operation.columns.filter(isOther)];
  const { prepare: _, rowsOf: __, ...rest } = operation;
  return {
    ...rest,
    instance: 'optional',
    columns,
    tableColumns: [...ORIGIN_TABLE, ...operation.tableColumns],
    settings: { ...operation.settings, region: regions.join(',') },
    idOf: (row) => `${Reflect.get(row, 'InstanceId')} ${operation.idOf(asItem(row))}`,
    nameOf: nameOf && ((row) => nameOf(asItem(row))),
    modifiedAt: modifiedAt && ((row) => modifiedAt(asItem(row))),
    async list(client, _, { clients = [client], ...options }: RequestOptions) {
      const { everywhere } = await import('../../connect/everywhere/everywhere.js');
      const list = await prepare(options);
      return everywhere<ConnectClient, object>({
        clients,
        list: (one, { InstanceId }) => list(one, InstanceId),
      });
    },
    rowsOf: (items) => (operation.rowsOf ? items.map((row) => pick(row, columns)) : items),
  };
}

/** What `everywhere` adds to a row. */
const ORIGIN: readonly Column[] = [
  { key: 'AccountId', header: 'AccountId', width: 12 },
  { key: 'Region', header: 'Region', width: 14 },
  { key: 'InstanceId', header: 'InstanceId', width: 36 },
  { key: 'InstanceAlias', header: 'InstanceAlias', width: 24 },
];

const ORIGIN_TABLE: readonly Column[] = [
  { key: 'Region', header: 'REGION', width: 14 },
  { key: 'InstanceAlias', header: 'INSTANCE', width: 24 },
];

function isOther({ header }: Column): boolean {
  return !ORIGIN.some((column) => column.header === header);
}

function pick(row: object, columns: readonly Column[]): object {
  return Object.fromEntries(columns.map(({ key }) => [key, Reflect.get(row, key)]));
}
