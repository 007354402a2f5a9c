import { withChildGroups } from './hierarchy.js';
import type { Ids } from './ids.js';
import type { Input } from './operation.js';
import { invalidParameter } from './service-error.js';
import type { User } from './user.js';

export type Predicate = (user: User) => boolean;

/**
 * Turns the SearchCriteria and SearchFilter of SearchUsers into a predicate, or undefined if both are empty.
 * Comparisons ignore case (an assumption). A ListCondition matches no one: the sandbox's users have no proficiencies.
 */
export function parseSearch({ SearchCriteria, SearchFilter }: Input, ids: Ids): Predicate | undefined {
  assertModest(SearchCriteria, 'SearchCriteria');
  assertModest(SearchFilter, 'SearchFilter');
  const parts = [
    ...parseFields(SearchCriteria, 'SearchCriteria', criteriaOf(ids)),
    ...parseFields(SearchFilter, 'SearchFilter', {
      TagFilter: (value, path) => every(parseFields(value, path, TAGS)),
      UserAttributeFilter: (value, path) => every(parseFields(value, path, attributesOf(ids))),
    }),
  ];
  return parts.length > 0 ? every(parts) : undefined;
}

/** Bounds the recursion of the parsers, and the time that a search takes for each user. */
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

type Parser = (value: unknown, path: string) => Predicate;

function criteriaOf(ids: Ids): Readonly<Record<string, Parser>> {
  const criteria: Readonly<Record<string, Parser>> = {
    AndConditions: (value, path) => every(parseAll(value, path, criteria)),
    OrConditions: (value, path) => some(parseAll(value, path, criteria)),
    StringCondition: parseStringCondition,
    ListCondition: parseListCondition,
    HierarchyGroupCondition: (value, path) => parseHierarchyGroup(value, path, ids),
  };
  return criteria;
}

function attributesOf(ids: Ids): Readonly<Record<string, Parser>> {
  const together: Readonly<Record<string, Parser>> = {
    TagConditions: (value, path) => every(parseList(value, path).map(([tag, at]) => parseTag(tag, at))),
    HierarchyGroupCondition: (value, path) => parseHierarchyGroup(value, path, ids),
  };
  return {
    OrConditions: (value, path) => some(parseAll(value, path, together)),
    AndCondition: (value, path) => every(parseFields(value, path, together)),
    TagCondition: parseTag,
    HierarchyGroupCondition: (value, path) => parseHierarchyGroup(value, path, ids),
  };
}

const TAGS: Readonly<Record<string, Parser>> = {
  TagCondition: parseTag,
  AndConditions: (value, path) => every(parseList(value, path).map(([tag, at]) => parseTag(tag, at))),
  OrConditions: (value, path) =>
    some(
      parseList(value, path).map(([tags, at]) =>
        every(parseList(tags, at).map(([tag, below]) => parseTag(tag, below))),
      ),
    ),
};

function parseAll(value: unknown, path: string, parsers: Readonly<Record<string, Parser>>): Predicate[] {
  return parseList(value, path).map(([inner, at]) => every(parseFields(inner, at, parsers)));
}

function parseHierarchyGroup(value: unknown, path: string, ids: Ids): Predicate {
  const { Value, HierarchyGroupMatchType = 'EXACT' } = asObject(value, path);
  const group = parseString(Value, `${path}.Value`);
  if (HierarchyGroupMatchType === 'EXACT') return (user) => user.HierarchyGroupId === group;
  if (HierarchyGroupMatchType !== 'WITH_CHILD_GROUPS')
    throw invalidParameter(`${path}.HierarchyGroupMatchType must be EXACT or WITH_CHILD_GROUPS`);
  const groups = withChildGroups(ids, group);
  return ({ HierarchyGroupId }) => HierarchyGroupId !== undefined && groups.has(HierarchyGroupId);
}

function parseListCondition(value: unknown, path: string): Predicate {
  const { TargetListType, Conditions } = asObject(value, path);
  if (TargetListType !== 'PROFICIENCIES')
    throw invalidParameter(`${path}.TargetListType must be PROFICIENCIES`);
  parseList(Conditions, `${path}.Conditions`);
  return () => false;
}

function parseStringCondition(value: unknown, path: string): Predicate {
  const { FieldName, Value, ComparisonType } = asObject(value, path);
  const fields = FIELDS.get(parseString(FieldName, `${path}.FieldName`).toLowerCase());
  if (!fields) throw invalidParameter(`${path}.FieldName is not a field that can be searched`);
  const wanted = parseString(Value, `${path}.Value`).toLowerCase();
  const comparison = parseString(ComparisonType, `${path}.ComparisonType`);
  const compare = COMPARISONS.get(comparison);
  if (!compare)
    throw invalidParameter(`${path}.ComparisonType must be one of ${[...COMPARISONS.keys()].join(', ')}`);
  if (comparison === 'CONTAINS' && (wanted.length < 2 || wanted.length > 25)) {
    throw invalidParameter(`${path}.Value must have 2 to 25 characters for CONTAINS`);
  }
  return (user) => fields(user).some((text) => compare(text.toLowerCase(), wanted));
}

const COMPARISONS = new Map<string, (text: string, wanted: string) => boolean>([
  ['EXACT', (text, wanted) => text === wanted],
  ['STARTS_WITH', (text, wanted) => text.startsWith(wanted)],
  ['CONTAINS', (text, wanted) => text.includes(wanted)],
]);

/** The fields that StringCondition supports according to the service's documentation. */
const FIELDS = new Map<string, (user: User) => readonly string[]>([
  ['username', (user) => [user.Username]],
  ['firstname', (user) => [user.IdentityInfo.FirstName]],
  ['lastname', (user) => [user.IdentityInfo.LastName]],
  ['routingprofileid', (user) => [user.RoutingProfileId]],
  ['securityprofileid', (user) => user.SecurityProfileIds],
  ['resourceid', (user) => [user.Id]],
]);

function parseTag(value: unknown, path: string): Predicate {
  const { TagKey, TagValue } = asObject(value, path);
  const key = parseString(TagKey, `${path}.TagKey`);
  return ({ Tags }) => Object.hasOwn(Tags, key) && (TagValue === undefined || Tags[key] === TagValue);
}

function parseFields(value: unknown, path: string, parsers: Readonly<Record<string, Parser>>): Predicate[] {
  if (value === undefined || value === null) return [];
  return Object.entries(asObject(value, path)).map(([name, inner]) => {
    const parser = Object.hasOwn(parsers, name) ? parsers[name] : undefined;
    if (!parser) throw invalidParameter(`${path}.${name.slice(0, MAX_NAME_LENGTH)} is not supported`);
    return parser(inner, `${path}.${name}`);
  });
}

/** Longer than the names in the model; bounds what an unknown one adds to the answer. */
const MAX_NAME_LENGTH = 100;

function parseList(value: unknown, path: string): (readonly [unknown, string])[] {
  if (!Array.isArray(value)) throw invalidParameter(`${path} must be a list`);
  return value.map((item: unknown, index) => [item, `${path}[${index}]`]);
}

function asObject(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidParameter(`${path} must be an object`);
  return { ...value };
}

function parseString(value: unknown, path: string): string {
  if (typeof value !== 'string' || value === '') throw invalidParameter(`${path} must be a non-empty string`);
  return value;
}

function every(parts: readonly Predicate[]): Predicate {
  return (user) => parts.every((part) => part(user));
}

function some(parts: readonly Predicate[]): Predicate {
  return (user) => parts.length === 0 || parts.some((part) => part(user));
}
