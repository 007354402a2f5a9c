import { USER_FIELD_NAMES } from '../../connect/user-fields.js';
import type { UserField } from '../../connect/user-row.js';
import type { Directory } from '../../destinations/formats/import-columns.js';
import { usageError } from '../cli-error.js';
import type { Operation } from '../operations/operation.js';
import { assertList } from './assert-list.js';
import { assertOwnFiles } from './assert-own-files.js';
import { assertUserCount } from './assert-user-count.js';
import { inputFlaw } from './input-flaw.js';
import type { ItemsOptions } from './options.js';
import { targetOf } from './target.js';

/** The options of `pageturn users`. */
export interface UsersOptions extends ItemsOptions {
  readonly details?: boolean;
  /** What to read of each user; implies `details`. */
  readonly fields?: readonly UserField[];
  /** The number of users to plan for, instead of listing any; true asks the instance for it. */
  readonly plan?: number | true;
  readonly directory?: Directory;
  /** A file with failed users: only those are read. */
  readonly only?: string;
}

/** Throws a usage error for options that contradict each other, before anything is opened or sent. */
export function assertUsers<T>(options: UsersOptions, operation: Operation<T>): void {
  const { fields, columns = [], query, output, directory } = options;
  if (output === 'connect-import') {
    const own = Object.entries({ '--fields': fields, '--columns': options.columns, '--query': query });
    const [flag] = own.find(([, value]) => value !== undefined) ?? [];
    if (flag !== undefined) {
      throw usageError(
        `--output connect-import has the columns of the console's template: leave ${flag} out`,
      );
    }
  } else if (directory !== undefined) {
    throw usageError('--directory needs --output connect-import');
  }
  assertFailures(options);
  const unread = query === undefined ? columns.find((name) => isUnread(name, operation)) : undefined;
  if (unread !== undefined) throw usageError(`--columns: ${unread} is not read; add it to --fields`);
  assertList(options, operation);
}

function assertFailures({
  details,
  fields,
  output,
  failed,
  maxFailures,
  only,
  out,
  receipt,
}: UsersOptions): void {
  if (maxFailures !== undefined && failed === undefined)
    throw usageError('--max-failures needs --failed FILE');
  const hasDetails = details || fields !== undefined || output === 'connect-import';
  for (const [flag, path] of Object.entries({ '--failed': failed, '--only': only })) {
    if (path !== undefined && !hasDetails)
      throw usageError(`${flag} needs --details or --fields: only details are read user by user`);
  }
  if (failed !== undefined && targetOf(failed).kind !== 'file')
    throw usageError(`--failed needs a regular file, but ${failed} is not one`);
  // --failed may name it: it is replaced when the run is over.
  assertOwnFiles({ '--only': only, '--out': out, '--receipt': receipt });
  const flaw = only === undefined ? undefined : inputFlaw(only);
  if (flaw !== undefined) throw usageError(`--only: ${only} ${flaw}; name a file that --failed wrote`);
}

/** Like {@link assertUsers}, for `--plan`, which lists nothing. */
export function assertPlan({ output, directory, ...options }: UsersOptions): void {
  if (output === 'connect-import' && directory === undefined) {
    throw usageError('--plan with --output connect-import needs --directory');
  }
  assertUserCount(options);
}

/** Whether a column is a field that users have, but not those of this run. */
function isUnread<T>(name: string, { columns }: Operation<T>): boolean {
  return USER_FIELD_NAMES.some((field) => field === name) && !columns.some(({ header }) => header === name);
}
