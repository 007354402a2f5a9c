import { assertFunction } from '../../core/assert-function.js';
import { assertKnownOptions } from '../../core/assert-known-options.js';
import { assertOneOf } from '../../core/assert-one-of.js';
import { isRecord } from './csv-cell.js';
import { type Format, toBytes } from './format.js';
import { importCell } from './import-cell.js';
import { type Directory, IMPORT_COLUMNS } from './import-columns.js';
import { missingCells } from './missing-cells.js';

/**
 * A user as {@link connectImport} reads it: all members may be missing, and others are ignored. They have the names and
 * values of `DescribeUser`, with names instead of the ids of profiles and hierarchy groups.
 */
export interface ConnectImportRow {
  /** Not in the template, like the next two members: `onIncomplete` needs them to find what is missing. */
  readonly Id?: string | undefined;
  readonly HierarchyGroupId?: string | undefined;
  readonly SecurityProfileIds?: readonly string[] | undefined;
  readonly Username?: string | undefined;
  readonly FirstName?: string | undefined;
  readonly LastName?: string | undefined;
  /** Read for `CONNECT_MANAGED` only, as are the next five: the other template has no column for them. */
  readonly Email?: string | undefined;
  readonly SecondaryEmail?: string | undefined;
  readonly Mobile?: string | undefined;
  /** The API returns no passwords: add one here, or in the console before the import. */
  readonly Password?: string | undefined;
  readonly AutoAccept?: boolean | undefined;
  /** In seconds. */
  readonly AfterContactWorkTimeLimit?: number | undefined;
  readonly HierarchyGroupName?: string | undefined;
  readonly RoutingProfileName?: string | undefined;
  readonly SecurityProfileNames?: readonly string[] | undefined;
  readonly PhoneType?: 'SOFT_PHONE' | 'DESK_PHONE' | undefined;
  readonly DeskPhoneNumber?: string | undefined;
  /** Read for `SAML` only, as is the next one. */
  readonly PersistentConnection?: boolean | undefined;
  readonly VoiceEnhancementMode?: 'NONE' | 'VOICE_ISOLATION' | 'NOISE_SUPPRESSION' | undefined;
}

/** Options of `connectImport`. */
export interface ConnectImportOptions {
  /** How the instance that imports the file manages its users: each has its own template. */
  readonly directory: Directory;
  /**
   * Called for each user that lacks what the console needs, with the headers of the columns: names, user login, routing
   * profile, security profiles, the type of the phone, the number of a desk phone; and the hierarchy group or a security
   * profile that has an id and no name. The user is still written. If the file is published again, it is called again.
   */
  readonly onIncomplete?: ((user: ConnectImportRow, columns: readonly string[]) => void) | undefined;
}

/**
 * The CSV template of the Amazon Connect console for adding users in bulk ("Import users"): the header of the template,
 * and a line per user. The console takes up to 1,000 users a file, and adds users only. The columns are those of the
 * [administrator guide](https://docs.aws.amazon.com/connect/latest/adminguide/user-management.html); those for tags and
 * for the hierarchies a user has access to, whose cells it does not describe, stay blank.
 *
 * The console reads cells as they are, so formulas are not escaped: an apostrophe would become part of the name, and a
 * phone number begins with `+`. Use `csv()` for a file that people open in a spreadsheet.
 *
 * A value that a cell cannot hold is ERR_DESTINATION_FAILED, which names the column and the number of the row: a
 * security profile whose name contains `|`, which separates names, or a member of another type. Throws
 * ERR_INVALID_ARGUMENT for options that are not valid.
 *
 * @example
 * const format = connectImport({ directory: 'SAML' });
 */
export function connectImport(options: ConnectImportOptions): Format<ConnectImportRow> {
  assertKnownOptions('options of connectImport', options, ['directory', 'onIncomplete']);
  const { directory, onIncomplete } = options;
  assertOneOf('directory', directory, Object.keys(IMPORT_COLUMNS));
  if (onIncomplete !== undefined) assertFunction('onIncomplete', onIncomplete);
  return { name: 'connect-import', encode: (rows) => toBytes(lines(rows, options)) };
}

async function* lines(
  chunks: AsyncIterable<readonly ConnectImportRow[]>,
  { directory, onIncomplete }: ConnectImportOptions,
): AsyncGenerator<string, void, void> {
  const { stringify } = await import('csv-stringify/sync');
  const columns = IMPORT_COLUMNS[directory];
  yield stringify([columns.map(({ header }) => header)]);
  let row = 0;
  for await (const rows of chunks) {
    yield stringify(
      rows.map((user) => {
        row++;
        const cells = columns.map((column) => importCell(user, column, row));
        const missing = onIncomplete && isRecord(user) ? missingCells(user, directory) : [];
        if (missing.length > 0) onIncomplete?.(user, missing);
        return cells;
      }),
    );
  }
}
