import { every, type Parsers, parseSearch } from './conditions.js';
import type { Input } from './operation.js';
import { stringCondition, type TextOf } from './string-condition.js';
import { attributeFilter, type Tagged, tagFilter } from './tag-filter.js';

/** A resource as a search returns it. */
export type Row = Tagged & { readonly [member: string]: unknown };

/** What a search understands besides the text members of its rows, tags, and conditions in conditions. */
export interface SearchExtras {
  /** Fields that are no members, by their names in lower case. */
  readonly fields?: ReadonlyMap<string, TextOf<Row>>;
  readonly conditions?: Parsers<Row>;
}

/**
 * The rows that the SearchCriteria and the SearchFilter of a search select, in any search but SearchUsers. `name` and
 * `resourceID` also stand for members with the resource's own prefix, such as `QueueId`. What the sandbox does not know is
 * rejected: an answer without regard to it would be wrong.
 */
export function searchRows(
  rows: readonly Row[],
  input: Input,
  { fields, conditions }: SearchExtras = {},
): readonly Row[] {
  const fieldOf = (name: string) => fields?.get(name) ?? memberOf(name, rows);
  const parts = parseSearch<Row>(input, {
    conditions: { StringCondition: stringCondition(fieldOf), ...conditions },
    filter: { TagFilter: tagFilter, AttributeFilter: attributeFilter<Row>() },
  });
  return rows.filter(every(parts));
}

/** What `name` and `resourceID` stand for, after the prefix of the resource. */
const SUFFIXES = new Map([
  ['name', 'Name'],
  ['resourceid', 'Id'],
]);

function memberOf(field: string, rows: readonly Row[]): TextOf<Row> | undefined {
  const suffix = SUFFIXES.get(field);
  const members = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const member =
    members.find((name) => name === suffix || name.toLowerCase() === field) ??
    members.find((name) => suffix !== undefined && name.endsWith(suffix));
  return member === undefined
    ? undefined
    : (row) => [row[member]].flat().filter((value) => typeof value === 'string');
}
