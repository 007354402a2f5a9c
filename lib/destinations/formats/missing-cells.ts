import { type Directory, IMPORT_COLUMNS } from './import-columns.js';

/** The headers of the columns that the console needs and that are blank for a user. */
export function missingCells(
  user: Readonly<Record<string, unknown>>,
  directory: Directory,
): readonly string[] {
  const missing = new Set<string | undefined>(NEEDED.filter((member) => isBlank(user[member])));
  if (user['PhoneType'] === 'DESK_PHONE' && isBlank(user['DeskPhoneNumber'])) missing.add('DeskPhoneNumber');
  // Something with an id and no name is no longer in the list of the instance.
  if (!isBlank(user['HierarchyGroupId']) && isBlank(user['HierarchyGroupName']))
    missing.add('HierarchyGroupName');
  const ids: readonly unknown[] = listOf(user['SecurityProfileIds']);
  if (listOf(user['SecurityProfileNames']).some((name) => ids.includes(name)))
    missing.add('SecurityProfileNames');
  return IMPORT_COLUMNS[directory].filter(({ member }) => missing.has(member)).map(({ header }) => header);
}

/**
 * "required", and for names "required if you are using Connect Customer or SAML for identity management", in
 * CreateUserRequest and UserIdentityInfo of the service model of 2017-08-08. The API returns no passwords.
 */
const NEEDED = [
  'FirstName',
  'LastName',
  'Username',
  'RoutingProfileName',
  'SecurityProfileNames',
  'PhoneType',
] as const;

function isBlank(value: unknown): boolean {
  return (
    value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
  );
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
