import { PageturnError } from '../../core/errors.js';
import { isRecord, valueAt } from './csv-cell.js';
import type { ImportColumn } from './import-columns.js';

/** What a user has in a column of the template; `row` is its number, for the error. */
export function importCell(user: unknown, column: ImportColumn, row: number): string {
  const { header, member, kind = 'text', words } = column;
  if (!isRecord(user)) throw unfit(header, row, 'the row is not an object');
  const value = member === undefined ? undefined : valueAt(user, member);
  if (value === undefined || value === null) return '';
  if (kind === 'names') return namesOf(value, header, row);
  if (kind === 'yes/no') {
    if (typeof value !== 'boolean') throw unfit(header, row, `${member} must be true or false`);
    return value ? 'yes' : 'no';
  }
  if (kind === 'number') {
    if (!Number.isFinite(value)) throw unfit(header, row, `${member} must be a number`);
    return String(value);
  }
  if (typeof value !== 'string') throw unfit(header, row, `${member} must be a text`);
  if (!words) return value;
  if (Object.hasOwn(words, value)) return words[value] ?? '';
  throw unfit(header, row, `${member} must be ${Object.keys(words).join(' or ')}`);
}

const SEPARATOR = '|';

function namesOf(value: unknown, header: string, row: number): string {
  if (!(Array.isArray(value) && value.every((name) => typeof name === 'string' && name !== '')))
    throw unfit(header, row, 'it must be a list of names');
  if (value.some((name: string) => name.includes(SEPARATOR)))
    throw unfit(header, row, `a name contains ${SEPARATOR}, which separates names in the template`);
  return value.join(SEPARATOR);
}

/** Without the value, which may be personal. */
function unfit(header: string, row: number, why: string): PageturnError {
  return new PageturnError(
    'ERR_DESTINATION_FAILED',
    `row ${row} does not fit the column "${header}" of the import template: ${why}; correct it, or leave out the row`,
  );
}
