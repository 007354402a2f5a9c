import type { UserSummary } from '@aws-sdk/client-connect';
import { SEARCHED_FIELDS, USER_FIELD_NAMES, USER_FIELDS } from '../../connect/user-fields.js';
import type { UserField } from '../../connect/user-row.js';
import type { UsersOptions } from '../arguments/users-options.js';
import { detailedUsers } from './detailed-users.js';
import { importableFields, importableUsers } from './importable-users.js';
import type { Operation } from './operation.js';
import { USERS } from './users.js';

/** What `pageturn users` lists with some options: summaries, details, or rows for the console's import. */
export function usersOperation(options: UsersOptions): Operation<UserSummary> {
  const { details, fields, output, directory, modifiedSince, only } = options;
  const isDated = modifiedSince !== undefined;
  if (output === 'connect-import') return importableUsers({ directory, isDated, only });
  return details || fields ? detailedUsers({ fields, isDated, only }) : USERS;
}

/** The fields that `pageturn users` reads of each user with some options. */
export function plannedFields(options: UsersOptions): readonly UserField[] {
  const {
    details,
    output,
    directory,
    modifiedSince,
    fields = details ? SEARCHED_FIELDS : SUMMARY_FIELDS,
  } = options;
  const read = output === 'connect-import' && directory ? importableFields(directory) : fields;
  return modifiedSince ? [...new Set<UserField>([...read, 'LastModifiedTime'])] : read;
}

/** Those of ListUsers. */
const SUMMARY_FIELDS = USER_FIELD_NAMES.filter((name) => USER_FIELDS[name].ways.includes('list'));
