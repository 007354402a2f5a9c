import type { User } from '@aws-sdk/client-connect';
import type { NameKind, Names } from './names.js';
import type { UserField, UserRow } from './user-row.js';

/** How users can be read: by ListUsers alone, by SearchUsers, or by ListUsers and a DescribeUser per user. */
export type DetailsVia = 'list' | 'search' | 'describe';

interface FieldSource<F extends UserField> {
  /** The ways that have it. */
  readonly ways: readonly DetailsVia[];
  /** What has to be listed to name its ids. */
  readonly names?: NameKind;
  read(user: User, names: Names): UserRow[F];
}

const ALL = ['list', 'search', 'describe'] as const;
const SUMMARY = ['list', 'describe'] as const;
const DETAILS = ['search', 'describe'] as const;
const DESCRIBED = ['describe'] as const;

/**
 * Where each field comes from. The members of `UserSummary`, `UserSearchSummary` and `User` in the service model of Amazon
 * Connect, 2017-08-08. `SearchUsers` has the after-contact times per channel as well, but its unit is not documented.
 */
export const USER_FIELDS: { readonly [F in UserField]: FieldSource<F> } = {
  Id: { ways: ALL, read: (user) => user.Id },
  Arn: { ways: ALL, read: (user) => user.Arn },
  Username: { ways: ALL, read: (user) => user.Username },
  LastModifiedTime: { ways: SUMMARY, read: (user) => user.LastModifiedTime },
  LastModifiedRegion: { ways: SUMMARY, read: (user) => user.LastModifiedRegion },
  FirstName: { ways: DETAILS, read: (user) => user.IdentityInfo?.FirstName },
  LastName: { ways: DETAILS, read: (user) => user.IdentityInfo?.LastName },
  Email: { ways: DESCRIBED, read: (user) => user.IdentityInfo?.Email },
  SecondaryEmail: { ways: DESCRIBED, read: (user) => user.IdentityInfo?.SecondaryEmail },
  Mobile: { ways: DESCRIBED, read: (user) => user.IdentityInfo?.Mobile },
  DirectoryUserId: { ways: DETAILS, read: (user) => user.DirectoryUserId },
  RoutingProfileId: { ways: DETAILS, read: (user) => user.RoutingProfileId },
  RoutingProfileName: {
    ways: DETAILS,
    names: 'routingProfiles',
    read: ({ RoutingProfileId: id = '' }, names) => names.routingProfiles.get(id)?.name,
  },
  SecurityProfileIds: { ways: DETAILS, read: (user) => user.SecurityProfileIds },
  SecurityProfileNames: {
    ways: DETAILS,
    names: 'securityProfiles',
    read: ({ SecurityProfileIds }, names) =>
      SecurityProfileIds?.map((id) => names.securityProfiles.get(id)?.name ?? id),
  },
  HierarchyGroupId: { ways: DETAILS, read: (user) => user.HierarchyGroupId },
  HierarchyGroupName: {
    ways: DETAILS,
    names: 'hierarchyGroups',
    read: ({ HierarchyGroupId: id = '' }, names) => names.hierarchyGroups.get(id)?.name,
  },
  HierarchyPath: {
    ways: DETAILS,
    names: 'hierarchyPaths',
    read: ({ HierarchyGroupId: id = '' }, names) => names.hierarchyGroups.get(id)?.path,
  },
  PhoneType: { ways: DETAILS, read: (user) => user.PhoneConfig?.PhoneType },
  AutoAccept: { ways: DETAILS, read: (user) => user.PhoneConfig?.AutoAccept },
  AfterContactWorkTimeLimit: {
    ways: DETAILS,
    read: (user) => user.PhoneConfig?.AfterContactWorkTimeLimit,
  },
  DeskPhoneNumber: { ways: DETAILS, read: (user) => user.PhoneConfig?.DeskPhoneNumber },
  PersistentConnection: { ways: DETAILS, read: (user) => user.PhoneConfig?.PersistentConnection },
  VoiceEnhancementMode: {
    ways: DETAILS,
    read: (user) =>
      user.VoiceEnhancementConfigs?.find(({ Channel }) => Channel === 'VOICE')?.VoiceEnhancementMode,
  },
  AutoAcceptConfigs: { ways: DETAILS, read: (user) => user.AutoAcceptConfigs },
  AfterContactWorkConfigs: { ways: DESCRIBED, read: (user) => user.AfterContactWorkConfigs },
  PhoneNumberConfigs: { ways: DETAILS, read: (user) => user.PhoneNumberConfigs },
  PersistentConnectionConfigs: { ways: DETAILS, read: (user) => user.PersistentConnectionConfigs },
  VoiceEnhancementConfigs: { ways: DETAILS, read: (user) => user.VoiceEnhancementConfigs },
  Tags: { ways: DETAILS, read: (user) => user.Tags },
};

/** The names of all fields, in the order of the rows. */
export const USER_FIELD_NAMES = Object.keys(USER_FIELDS) as readonly UserField[];

/** The fields that SearchUsers and a DescribeUser both have: what `userDetails` reads by default. */
export const SEARCHED_FIELDS = USER_FIELD_NAMES.filter((name) => USER_FIELDS[name].ways.includes('search'));

/** The fields that only DescribeUser, or ListUsers, has. */
export type UnsearchedField =
  | 'LastModifiedTime'
  | 'LastModifiedRegion'
  | 'Email'
  | 'SecondaryEmail'
  | 'Mobile'
  | 'AfterContactWorkConfigs';

/** A row with the fields of a user. */
export function rowOf(user: User, fields: readonly UserField[], names: Names): Partial<UserRow> {
  return Object.fromEntries(fields.map((field) => [field, USER_FIELDS[field].read(user, names)]));
}

/** The lists that the names in some fields come from. */
export function nameKindsOf(fields: readonly UserField[]): readonly NameKind[] {
  const kinds = new Set(fields.flatMap((field) => USER_FIELDS[field].names ?? []));
  // Groups with their paths have names too.
  if (kinds.has('hierarchyPaths')) kinds.delete('hierarchyGroups');
  return [...kinds];
}
