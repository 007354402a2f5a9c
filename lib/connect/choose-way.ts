import { assertOneOf } from '../core/assert-one-of.js';
import { PageturnError } from '../core/errors.js';
import { type DetailsVia, USER_FIELDS } from './user-fields.js';
import type { UserField } from './user-row.js';

/** The cheapest first: 1,000 users a request, 500, and one. */
const WAYS: readonly DetailsVia[] = ['list', 'search', 'describe'];

/** The ways that have all of some fields, the cheapest first. */
export function waysOf(fields: readonly UserField[]): readonly DetailsVia[] {
  return WAYS.filter((way) => fields.every((field) => USER_FIELDS[field].ways.includes(way)));
}

/** The cheapest way that has all of some fields, or the given one. Throws ERR_INVALID_ARGUMENT if that lacks some. */
export function chooseWay(fields: readonly UserField[], via: DetailsVia | undefined): DetailsVia {
  if (via === undefined) return waysOf(fields)[0] ?? 'describe';
  assertOneOf('via', via, WAYS);
  const missing = fields.filter((field) => !USER_FIELDS[field].ways.includes(via));
  if (missing.length === 0) return via;
  throw new PageturnError(
    'ERR_INVALID_ARGUMENT',
    `users read via '${via}' have no ${missing.join(', ')}; leave these out, or use via '${waysOf(fields)[0]}'`,
  );
}
