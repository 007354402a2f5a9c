import type { IdKind, Ids } from './ids.js';
import {
  describedMember,
  listedResource,
  sampleCount,
  sampleNumber,
  UNDESCRIBED,
} from './listed-resource.js';
import { modelDescribes } from './model.js';
import { RESOURCES, type ResourceKind } from './resources.js';

/**
 * The ids of the nth sample of a resource, by the names of its members: its own, and those of the resources that it names,
 * which another operation lists.
 */
export function sampleIds(ids: Ids, resource: string, n: number): (member: string) => string {
  const sampleId = (of: string) => ids.of('record', sampleNumber(of, n % sampleCount(of)));
  return (member) => {
    const name = NAMES.find((one) => member.endsWith(one)) ?? '';
    const kind = OWN_KINDS[name];
    // There may be no more than one user or phone number.
    if (kind) return ids.of(kind, isNamed(kind) ? n % RESOURCES[kind].length : 0);
    return sampleId(LISTED.get(name) ?? resource);
  };
}

/** The resources that are not samples. */
const OWN_KINDS: Readonly<Record<string, IdKind>> = {
  HierarchyGroupId: 'hierarchyGroup',
  HoursOfOperationId: 'hoursOfOperation',
  PhoneNumberId: 'phoneNumber',
  QueueId: 'queue',
  RoutingProfileId: 'routingProfile',
  SecurityProfileId: 'securityProfile',
  UserId: 'user',
  ViewId: 'view',
};

/** The resource that a member with an id names: what the Describe that takes the member describes, and two without one. */
const LISTED = new Map<string, string>([
  ...Object.values(modelDescribes).flatMap(({ path, listing }) => {
    const member = describedMember(path);
    return member === undefined ? [] : [[member, listedResource(listing)] as const];
  }),
  ...UNDESCRIBED.map(([member, listing]) => [member, listedResource(listing)] as const),
]);

/** The longest first, because `IntegrationAssociationId` ends in `AssociationId`. */
const NAMES = [...LISTED.keys(), ...Object.keys(OWN_KINDS)].sort((a, b) => b.length - a.length);

function isNamed(kind: IdKind): kind is ResourceKind {
  return Object.hasOwn(RESOURCES, kind);
}
