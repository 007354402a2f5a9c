import { checkedFields } from '../../connect/checked-fields.js';
import type { UserField } from '../../connect/user-row.js';
import { usageError } from '../cli-error.js';
import { names } from './parsers.js';

/** A commander parser for fields of users. Throws a usage error, with a suggestion, for an unknown name. */
export function userFields(value: string): readonly UserField[] {
  const list = names(value);
  const twice = list.find((name, n) => list.indexOf(name) !== n);
  if (twice !== undefined) throw usageError(`--fields names ${twice} twice`);
  try {
    return checkedFields(list, []);
  } catch (error) {
    throw usageError(`--fields: ${(error as Error).message}`);
  }
}
