import { invalidArgument } from '../../core/errors.js';

/** The name of a member of `T`, or the path of a member of one of its structures, such as `IdentityInfo.Email`. */
export type FieldOf<T> = {
  [K in keyof T & string]:
    | K
    | (NonNullable<T[K]> extends Structure ? `${K}.${MemberOf<NonNullable<T[K]>>}` : never);
}[keyof T & string];

type MemberOf<S> = keyof S & string;

/** Anything with named members that is no list, date or function. */
type Structure = object & { readonly length?: never; readonly getTime?: never; readonly call?: never };

/**
 * A filter for items that lack at least one of the fields: the service omits it, or it is null, an empty text, an empty list
 * or an empty structure. A path reaches into a structure: `IdentityInfo.Email`. Filter twice for items that lack both of two
 * fields. Which fields a row can have depends on its operation; a field that it never has does not compile.
 *
 * Throws ERR_INVALID_ARGUMENT without a field, or for a field that is not a text.
 *
 * @example
 * const unplaced = list(client, SearchUsersCommand, { InstanceId }).filter(missing('HierarchyGroupId'));
 */
export function missing<T extends object>(
  ...fields: readonly [FieldOf<T>, ...FieldOf<T>[]]
): (item: T) => boolean {
  const paths = fields.map((field: unknown) => {
    if (typeof field !== 'string' || field === '')
      throw invalidArgument('fields', "names of fields, such as 'HierarchyGroupId'", field);
    return field.split('.');
  });
  if (paths.length === 0) throw invalidArgument('fields', 'at least one name of a field', undefined);
  return (item) => paths.some((path) => isEmpty(valueAt(item, path)));
}

function valueAt(item: object, path: readonly string[]): unknown {
  let value: unknown = item;
  for (const name of path)
    value = value === undefined || value === null ? undefined : Reflect.get(Object(value), name);
  return value;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (typeof value !== 'object' || value instanceof Date) return false;
  return Object.keys(value).length === 0;
}
