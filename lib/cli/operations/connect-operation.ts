import type { ConnectClient } from '@aws-sdk/client-connect';
import type { ConnectOperation } from '../../connect/connect-operation.js';
import { operations } from '../../connect/operations.js';
import { defaultKey } from '../../core/identity.js';
import { memberAt, VALUE_COLUMN } from '../../destinations/formats/csv-cell.js';
import { createListing } from '../../listing/create-listing.js';
import type { Listing } from '../../listing/listing.js';
import type { PagedName } from '../arguments/operation-name.js';
import { singular } from '../format.js';
import { needsInstance, type OperationInput, takesInstance } from './checked-input.js';
import { type Member, parseMembers } from './connect-members.js';
import { type Column, listingOptions, type Operation, type RequestOptions } from './operation.js';
import { operationMembers } from './operation-members.js';

type ListInstance<T> = (client: ConnectClient, instanceId: string) => Listing<T>;

/** Any paged operation of Amazon Connect, with an input for it. */
export function connectOperation(name: PagedName, input: OperationInput): Operation<unknown> {
  const { items, maxPageSize, command }: ConnectOperation = operations[name];
  const { item } = operationMembers[name] ?? { item: undefined };
  const members = item === undefined ? [TEXT_ITEM] : parseMembers(item);
  const columns = members.map(columnOf);
  const nameMember = nameOf(members);
  const modified = members.find((one) => one.kind === 'time' && one.name === 'LastModifiedTime');
  const id = idOf(members);
  const prepared = async (options: RequestOptions): Promise<ListInstance<unknown>> => {
    const connect: object = await import('@aws-sdk/client-connect');
    const { listSource } = await import('../../connect/list.js');
    const { pageSize, ...rest } = listingOptions(options);
    const chosen = { ...rest, ...(pageSize !== undefined && { pageSize }) };
    return (client, InstanceId) => {
      const request = InstanceId !== '' && takesInstance(name) ? { InstanceId, ...input } : input;
      const source = listSource(client, Reflect.get(connect, command), request, chosen);
      return createListing<unknown>({ ...source, key: undefined });
    };
  };
  return {
    noun: nounOf(name),
    listMember: items,
    paged: `Connect.${name}`,
    ...(!needsInstance(name) && { instance: takesInstance(name) ? 'optional' : 'none' }),
    columns,
    tableColumns: tableColumnsOf(members, { id, nameMember }),
    maxPageSize: maxPageSize ?? 0,
    idOf: defaultKey,
    nameOf: nameMember === undefined ? undefined : (row) => text(row, nameMember) ?? '',
    modifiedAt:
      modified &&
      ((row) => {
        const at = memberOf(row, modified.name);
        return at instanceof Date ? at : undefined;
      }),
    // Rows that are text cannot say where they come from.
    ...(item !== undefined && { prepare: (options) => prepared(options) as Promise<ListInstance<object>> }),
    list: async (client, InstanceId, options) => (await prepared(options))(client, InstanceId),
  };
}

/** What a text among the items is, for formats with columns. */
const TEXT_ITEM: Member = { name: VALUE_COLUMN, kind: 'text', isRequired: true };

function columnOf({ name, kind }: Member): Column {
  const width = /Id$/.test(name) ? 36 : undefined;
  return { key: name, header: name, type: TYPES[kind], ...(width !== undefined && { width }) };
}

const TYPES = {
  text: 'string',
  number: 'double',
  flag: 'boolean',
  time: 'timestamp',
  list: 'json',
  object: 'json',
} as const;

/** The id, when it was modified, and the name last, whose length is unknown; the first members of items without them. */
function tableColumnsOf(
  members: readonly Member[],
  { id, nameMember }: { readonly id: string; readonly nameMember: string | undefined },
): readonly Column[] {
  const simple = members.filter(
    ({ kind, name }) => kind !== 'list' && kind !== 'object' && !/Arn$/i.test(name),
  );
  const chosen = simple.filter(({ name, kind }) => name === id || name === nameMember || kind === 'time');
  const shown = nameMember === undefined ? simple.slice(0, 5) : chosen.slice(0, 4);
  const columns = (shown.length > 0 ? shown : members.slice(0, 3)).map(columnOf);
  const last = columns.filter(({ key }) => key === nameMember);
  return [...columns.filter(({ key }) => key !== nameMember), ...last];
}

function nameOf(members: readonly Member[]): string | undefined {
  if (members[0] === TEXT_ITEM) return VALUE_COLUMN;
  const texts = members.filter(({ kind }) => kind === 'text').map(({ name }) => name);
  return (
    ['Username', 'Name'].find((name) => texts.includes(name)) ?? texts.find((name) => /Name$/.test(name))
  );
}

function idOf(members: readonly Member[]): string {
  const names = members.map(({ name }) => name);
  return (
    ['Id', 'Arn'].find((name) => names.includes(name)) ??
    names.find((name) => /Id$/.test(name)) ??
    names[0] ??
    ''
  );
}

function text(row: unknown, member: string): string | undefined {
  const value = typeof row === 'string' ? row : memberOf(row, member);
  return typeof value === 'string' ? value : undefined;
}

function memberOf(row: unknown, member: string): unknown {
  return typeof row === 'object' && row !== null ? memberAt(row, member) : undefined;
}

/** `queue` for ListQueues, `hours of operation` for SearchHoursOfOperations. */
function nounOf(name: PagedName): string {
  const listed = /^(?:List|Search)(.+?)(?:V2)?$/.exec(name)?.[1] ?? operations[name].items;
  const words = listed
    .replace(/(?:Summary)?List$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, ' ')
    .split(' ')
    .map((word) => (/^[A-Z]{2}/.test(word) ? word : word.toLowerCase()));
  return [...words.slice(0, -1), singular(words.at(-1) ?? '')].join(' ');
}
