import type { Input } from './operation.js';
import { invalidParameter } from './service-error.js';

export type Predicate<T> = (item: T) => boolean;

/** Turns one member of a search into a predicate; `path` names the member in an error. */
export type Parser<T> = (value: unknown, path: string) => Predicate<T>;

export type Parsers<T> = Readonly<Record<string, Parser<T>>>;

/** What a search understands: the conditions of its criteria, which may be nested, and the members of its filter. */
interface Search<T> {
  readonly conditions: Parsers<T>;
  readonly filter: Parsers<T>;
}

/** The predicates of a search's SearchCriteria and SearchFilter; none if both are empty. */
export function parseSearch<T>(
  { SearchCriteria, SearchFilter }: Input,
  { conditions, filter }: Search<T>,
): Predicate<T>[] {
  assertModest(SearchCriteria, 'SearchCriteria');
  assertModest(SearchFilter, 'SearchFilter');
  return [
    ...parseFields(SearchCriteria, 'SearchCriteria', nested(conditions)),
    ...parseFields(SearchFilter, 'SearchFilter', filter),
  ];
}

/** The predicates of an object's members; a member without a parser is rejected by name. */
export function parseFields<T>(value: unknown, path: string, parsers: Parsers<T>): Predicate<T>[] {
  if (value === undefined || value === null) return [];
  return Object.entries(asObject(value, path)).map(([name, inner]) => {
    const parser = Object.hasOwn(parsers, name) ? parsers[name] : undefined;
    if (!parser) throw invalidParameter(`${path}.${name.slice(0, MAX_NAME_LENGTH)} is not supported`);
    return parser(inner, `${path}.${name}`);
  });
}

/** Longer than the names in the model; bounds what an unknown one adds to the answer. */
const MAX_NAME_LENGTH = 100;

/** The predicates of a list of objects, one for each. */
export function parseAll<T>(value: unknown, path: string, parsers: Parsers<T>): Predicate<T>[] {
  return parseList(value, path).map(([inner, at]) => every(parseFields(inner, at, parsers)));
}

/** The parsers of leaf conditions, which AndConditions and OrConditions may nest. */
function nested<T>(leaves: Parsers<T>): Parsers<T> {
  const parsers: Parsers<T> = {
    ...leaves,
    AndConditions: (value, path) => every(parseAll(value, path, parsers)),
    OrConditions: (value, path) => some(parseAll(value, path, parsers)),
  };
  return parsers;
}

/** Bounds the recursion of the parsers, and the time that a search takes for each item. */
function assertModest(value: unknown, path: string): void {
  const rest: (readonly [value: unknown, depth: number])[] = [[value, 1]];
  let count = 0;
  for (let next = rest.pop(); next; next = rest.pop()) {
    const [inner, depth] = next;
    if (++count > MAX_VALUES) throw invalidParameter(`${path} has more than ${MAX_VALUES} members`);
    if (depth > MAX_DEPTH) throw invalidParameter(`${path} is nested more than ${MAX_DEPTH} deep`);
    if (typeof inner !== 'object' || inner === null) continue;
    for (const member of Object.values(inner)) rest.push([member, depth + 1]);
  }
}

/** About 200 conditions, and AndConditions in each other 14 times. */
const MAX_VALUES = 1000;
const MAX_DEPTH = 32;

export function every<T>(parts: readonly Predicate<T>[]): Predicate<T> {
  return (item) => parts.every((part) => part(item));
}

/** An empty list of alternatives restricts nothing. */
export function some<T>(parts: readonly Predicate<T>[]): Predicate<T> {
  return (item) => parts.length === 0 || parts.some((part) => part(item));
}

export function parseList(value: unknown, path: string): (readonly [unknown, string])[] {
  if (!Array.isArray(value)) throw invalidParameter(`${path} must be a list`);
  return value.map((item: unknown, index) => [item, `${path}[${index}]`]);
}

export function asObject(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidParameter(`${path} must be an object`);
  return { ...value };
}

export function parseString(value: unknown, path: string): string {
  if (typeof value !== 'string' || value === '') throw invalidParameter(`${path} must be a non-empty string`);
  return value;
}
