import type { Ids } from './ids.js';
import { RESOURCES, type Resource, type ResourceOwner, resourceOf } from './resources.js';

/** The levels of the hierarchy: each site has teams, and every user who is in a group is in a team. */
const LEVELS = ['Site', 'Team'] as const;

/** How many of the hierarchy groups are teams; the sites come after them, in the order of their teams. */
const TEAMS = RESOURCES.hierarchyGroup.filter((name) => name.includes(' – ')).length;
const TEAMS_PER_SITE = TEAMS / (RESOURCES.hierarchyGroup.length - TEAMS);

/** The ids of the groups that users are in. */
export function teamIds(ids: Ids): readonly string[] {
  return Array.from({ length: TEAMS }, (_, index) => ids.of('hierarchyGroup', index));
}

/** The ids of a group and of the groups below it. */
export function withChildGroups(ids: Ids, group: string): ReadonlySet<string> {
  const index = ids.indexOf('hierarchyGroup', group);
  const children = index === undefined ? [] : teamIds(ids).filter((_, team) => siteOf(team) === index);
  return new Set([group, ...children]);
}

/** The members that tell where a group is: its level, and the groups above it and itself. */
export function placeOf(owner: ResourceOwner, index: number): object {
  const groups = index < TEAMS ? [siteOf(index), index] : [index];
  const path = groups.map((group, level) => {
    const { Id, Arn, Name, LastModifiedTime, LastModifiedRegion } = resourceOf(
      'hierarchyGroup',
      owner,
      group,
    );
    return [LEVEL_NAMES[level], { Id, Arn, Name, LastModifiedTime, LastModifiedRegion }];
  });
  return { LevelId: levelId(owner.ids, groups.length - 1), HierarchyPath: Object.fromEntries(path) };
}

/** The id of the group above a group, which its search knows as a field. */
export function parentOf({ HierarchyPath }: Readonly<Record<string, unknown>>): readonly string[] {
  const above = Object.values(Object(HierarchyPath) as Record<string, Pick<Resource, 'Id'>>).slice(0, -1);
  return above.slice(-1).map(({ Id }) => Id);
}

/** DescribeUserHierarchyStructure. */
export function hierarchyStructure({ ids, summary }: ResourceOwner): object {
  const levels = LEVELS.map((Name, level) => {
    const Id = levelId(ids, level);
    return [LEVEL_NAMES[level], { Id, Arn: `${summary.Arn}/agent-group-level/${Id}`, Name }];
  });
  return { HierarchyStructure: Object.fromEntries(levels) };
}

const LEVEL_NAMES = ['LevelOne', 'LevelTwo'];

function siteOf(team: number): number {
  return TEAMS + Math.floor(team / TEAMS_PER_SITE);
}

function levelId(ids: Ids, level: number): Resource['Id'] {
  return ids.of('hierarchyLevel', level);
}
