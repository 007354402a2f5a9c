import type { Column } from './operation.js';

/** The columns of a user as SearchUsers returns one, with those nested members that are useful on their own. */
export const FOUND_USER_COLUMNS: readonly Column[] = [
  { key: 'Id', header: 'Id', width: 36 },
  { key: 'Arn', header: 'Arn', width: 132 },
  { key: 'Username', header: 'Username', width: 40 },
  { key: 'IdentityInfo.FirstName', header: 'FirstName', width: 20 },
  { key: 'IdentityInfo.LastName', header: 'LastName', width: 20 },
  { key: 'RoutingProfileId', header: 'RoutingProfileId', width: 36 },
  { key: 'SecurityProfileIds', header: 'SecurityProfileIds', type: 'json' },
  { key: 'HierarchyGroupId', header: 'HierarchyGroupId', width: 36 },
  { key: 'PhoneConfig', header: 'PhoneConfig', type: 'json' },
  { key: 'Tags', header: 'Tags', type: 'json' },
];

/** The columns of a table. */
export const FOUND_USER_TABLE: readonly Column[] = [
  { key: 'Id', header: 'ID', width: 36 },
  { key: 'IdentityInfo.FirstName', header: 'FIRST NAME', width: 16 },
  { key: 'IdentityInfo.LastName', header: 'LAST NAME', width: 16 },
  { key: 'Username', header: 'USERNAME' },
];
