import { didYouMean } from '../core/did-you-mean.js';
import { invalidArgument, PageturnError } from '../core/errors.js';
import { quoted } from '../core/quoted.js';
import { USER_FIELD_NAMES } from './user-fields.js';
import type { UserField } from './user-row.js';

/** The fields to read, each once. Throws ERR_INVALID_ARGUMENT, with a suggestion, for a name that is not a field. */
export function checkedFields(
  fields: readonly unknown[] | undefined,
  fallback: readonly UserField[],
): readonly UserField[] {
  if (fields === undefined) return fallback;
  if (!Array.isArray(fields) || fields.length === 0)
    throw invalidArgument('fields', 'a list of at least one field', fields);
  const wrong: unknown = fields.find((field) => !isField(field));
  if (wrong !== undefined) throw unknownField(wrong);
  return [...new Set(fields.filter(isField))];
}

function isField(name: unknown): name is UserField {
  return USER_FIELD_NAMES.some((known) => known === name);
}

function unknownField(name: unknown): PageturnError {
  if (typeof name !== 'string') return invalidArgument('fields', 'a list of names', [name]);
  const hint = didYouMean(name, USER_FIELD_NAMES);
  return new PageturnError(
    'ERR_INVALID_ARGUMENT',
    `users have no field ${quoted(name)}${hint}; the fields are ${USER_FIELD_NAMES.join(', ')}`,
  );
}
