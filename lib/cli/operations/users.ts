import type { UserSummary } from '@aws-sdk/client-connect';
import { listingOptions, type Operation } from './operation.js';

/** The users of an instance, as summaries. */
export const USERS: Operation<UserSummary> = {
  noun: 'user',
  listMember: 'UserSummaryList',
  paged: 'Connect.ListUsers',
  // The members of UserSummary in the service model of 2017-08-08.
  columns: [
    { key: 'Id', header: 'Id', width: 36 },
    { key: 'Arn', header: 'Arn', width: 132 },
    { key: 'Username', header: 'Username', width: 40 },
    { key: 'LastModifiedTime', header: 'LastModifiedTime', width: 20, type: 'timestamp' },
    { key: 'LastModifiedRegion', header: 'LastModifiedRegion', width: 18 },
  ],
  // The name comes last: its length is unknown, and in some scripts a character is wider or narrower than one column.
  tableColumns: [
    { key: 'Id', header: 'ID', width: 36 },
    { key: 'LastModifiedTime', header: 'LAST MODIFIED', width: 20 },
    { key: 'Username', header: 'USERNAME' },
  ],
  idOf: ({ Id }) => Id,
  nameOf: ({ Username }) => Username ?? '',
  modifiedAt: ({ LastModifiedTime }) => LastModifiedTime,
  async prepare(options) {
    const { listUsers } = await import('../../connect/list-users.js');
    return (client, InstanceId) => listUsers(client, { InstanceId }, listingOptions(options));
  },
  async list(client, InstanceId, options) {
    const { listUsers } = await import('../../connect/list-users.js');
    return listUsers(client, { InstanceId }, listingOptions(options));
  },
};
