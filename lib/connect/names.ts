import {
  type HierarchyGroupSummary,
  type HierarchyPath,
  ListRoutingProfilesCommand,
  ListSecurityProfilesCommand,
  ListUserHierarchyGroupsCommand,
  SearchUserHierarchyGroupsCommand,
} from '@aws-sdk/client-connect';
import type { SendOptions } from '../aws/create-send.js';
import type { PageCall } from '../core/page.js';
import { createListing } from '../listing/create-listing.js';
import { listSource } from './list.js';

/** A list of the instance that has names. */
export type NameKind = 'routingProfiles' | 'securityProfiles' | 'hierarchyGroups' | 'hierarchyPaths';

interface Named {
  readonly name: string | undefined;
  /** Of a hierarchy group, if paths were listed. */
  readonly path?: readonly string[] | undefined;
}

type NamesById = ReadonlyMap<string, Named>;

/** The names of an instance's resources by id; those that no field needs are empty. */
export interface Names {
  readonly routingProfiles: NamesById;
  readonly securityProfiles: NamesById;
  readonly hierarchyGroups: NamesById;
}

/** What a request is sent for: its traversal is known by its stats. */
export type NamesCall = Pick<PageCall, 'signal' | 'stats'>;

interface CreateNamesOptions {
  readonly client: object;
  readonly InstanceId: string;
  /** The lists to read. */
  readonly kinds: readonly NameKind[];
  readonly sending: SendOptions;
}

/** The names of ids, listed once per traversal, when they are first asked for. */
export function createNames({
  client,
  InstanceId,
  kinds,
  sending,
}: CreateNamesOptions): (call: NamesCall) => Promise<Names> {
  const byTraversal = new WeakMap<object, Promise<Names>>();
  const load = async (call: NamesCall): Promise<Names> => {
    const names = { routingProfiles: NONE, securityProfiles: NONE, hierarchyGroups: NONE };
    for (const kind of kinds) {
      const source = listSource(client, NAME_LISTS[kind].command, { InstanceId }, sending);
      const { acquire } = source;
      // The requests, and their waits for the quota, belong to the traversal that needs the names.
      const ofTraversal = (own: PageCall) => ({ ...own, stats: call.stats });
      const resources = createListing<NamedResource>({
        ...source,
        fetchPage: (token, own) => source.fetchPage(token, ofTraversal(own)),
        acquire: acquire && ((own) => acquire(ofTraversal(own))),
        key: undefined,
      });
      const byId = new Map<string, Named>();
      for await (const one of resources.open({ signal: call.signal }))
        if (one.Id !== undefined) byId.set(one.Id, namedOf(one));
      names[NAME_LISTS[kind].names] = byId;
    }
    return names;
  };
  return (call) => {
    const key = call.stats ?? call;
    const cached = byTraversal.get(key);
    if (cached) return cached;
    const loading = load(call);
    byTraversal.set(key, loading);
    // A traversal that continues after a failure asks again.
    loading.catch(() => byTraversal.delete(key));
    return loading;
  };
}

/**
 * The operations that list names. Only SearchUserHierarchyGroups tells where a group is; it has 100 a page.
 * `most`: "User hierarchy groups per instance" and similar, before an increase of the quota:
 * https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html
 */
export const NAME_LISTS = {
  routingProfiles: {
    operation: 'ListRoutingProfiles',
    command: ListRoutingProfilesCommand,
    names: 'routingProfiles',
    most: 500,
  },
  securityProfiles: {
    operation: 'ListSecurityProfiles',
    command: ListSecurityProfilesCommand,
    names: 'securityProfiles',
    most: 100,
  },
  hierarchyGroups: {
    operation: 'ListUserHierarchyGroups',
    command: ListUserHierarchyGroupsCommand,
    names: 'hierarchyGroups',
    most: 500,
  },
  hierarchyPaths: {
    operation: 'SearchUserHierarchyGroups',
    command: SearchUserHierarchyGroupsCommand,
    names: 'hierarchyGroups',
    most: 500,
  },
} as const;

interface NamedResource {
  readonly Id?: string | undefined;
  readonly Name?: string | undefined;
  readonly HierarchyPath?: HierarchyPath | undefined;
}

function namedOf({ Name, HierarchyPath }: NamedResource): Named {
  return { name: Name, path: HierarchyPath && pathOf(HierarchyPath) };
}

function pathOf({ LevelOne, LevelTwo, LevelThree, LevelFour, LevelFive }: HierarchyPath): readonly string[] {
  return [LevelOne, LevelTwo, LevelThree, LevelFour, LevelFive]
    .map((level: HierarchyGroupSummary | undefined) => level?.Name ?? level?.Id)
    .filter((name) => name !== undefined);
}

const NONE: NamesById = new Map();
