import { asObject, every, type Predicate, parseList, parseSearch, parseString } from './conditions.js';
import { withChildGroups } from './hierarchy.js';
import type { Ids } from './ids.js';
import type { Input } from './operation.js';
import { invalidParameter } from './service-error.js';
import { stringCondition, type TextOf } from './string-condition.js';
import { attributeFilter, tagFilter } from './tag-filter.js';
import type { User } from './user.js';

/**
 * Turns the SearchCriteria and SearchFilter of SearchUsers into a predicate, or undefined if both are empty. A
 * ListCondition matches no one: the sandbox's users have no proficiencies.
 */
export function parseUserSearch(input: Input, ids: Ids): Predicate<User> | undefined {
  const groups = {
    HierarchyGroupCondition: (value: unknown, path: string) => parseHierarchyGroup(value, path, ids),
  };
  const parts = parseSearch<User>(input, {
    conditions: {
      StringCondition: stringCondition<User>((name) => FIELDS.get(name)),
      ListCondition: parseListCondition,
      ...groups,
    },
    filter: { TagFilter: tagFilter, UserAttributeFilter: attributeFilter(groups) },
  });
  return parts.length > 0 ? every(parts) : undefined;
}

/** The fields that StringCondition supports according to the service's documentation. */
const FIELDS = new Map<string, TextOf<User>>([
  ['username', (user) => [user.Username]],
  ['firstname', (user) => [user.IdentityInfo.FirstName]],
  ['lastname', (user) => [user.IdentityInfo.LastName]],
  ['routingprofileid', (user) => [user.RoutingProfileId]],
  ['securityprofileid', (user) => user.SecurityProfileIds],
  ['resourceid', (user) => [user.Id]],
]);

function parseHierarchyGroup(value: unknown, path: string, ids: Ids): Predicate<User> {
  const { Value, HierarchyGroupMatchType = 'EXACT' } = asObject(value, path);
  const group = parseString(Value, `${path}.Value`);
  if (HierarchyGroupMatchType === 'EXACT') return (user) => user.HierarchyGroupId === group;
  if (HierarchyGroupMatchType !== 'WITH_CHILD_GROUPS')
    throw invalidParameter(`${path}.HierarchyGroupMatchType must be EXACT or WITH_CHILD_GROUPS`);
  const groups = withChildGroups(ids, group);
  return ({ HierarchyGroupId }) => HierarchyGroupId !== undefined && groups.has(HierarchyGroupId);
}

function parseListCondition(value: unknown, path: string): Predicate<User> {
  const { TargetListType, Conditions } = asObject(value, path);
  if (TargetListType !== 'PROFICIENCIES')
    throw invalidParameter(`${path}.TargetListType must be PROFICIENCIES`);
  parseList(Conditions, `${path}.Conditions`);
  return () => false;
}
