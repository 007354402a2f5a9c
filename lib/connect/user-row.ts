import type {
  AfterContactWorkConfigPerChannel,
  AutoAcceptConfig,
  PersistentConnectionConfig,
  PhoneNumberConfig,
  PhoneType,
  VoiceEnhancementConfig,
  VoiceEnhancementMode,
} from '@aws-sdk/client-connect';

/**
 * Everything that a row of `userDetails` can have, in the names and units of `DescribeUser`, with names next to the ids.
 * A member that the service omits is undefined.
 */
export interface UserRow {
  readonly Id: string | undefined;
  readonly Arn: string | undefined;
  readonly Username: string | undefined;
  readonly LastModifiedTime: Date | undefined;
  readonly LastModifiedRegion: string | undefined;
  readonly FirstName: string | undefined;
  readonly LastName: string | undefined;
  readonly Email: string | undefined;
  readonly SecondaryEmail: string | undefined;
  readonly Mobile: string | undefined;
  readonly DirectoryUserId: string | undefined;
  readonly RoutingProfileId: string | undefined;
  /** Undefined if the routing profile is not in the list of the instance. */
  readonly RoutingProfileName: string | undefined;
  readonly SecurityProfileIds: readonly string[] | undefined;
  /** In the order of the ids. A profile that is not in the list of the instance stays as its id. */
  readonly SecurityProfileNames: readonly string[] | undefined;
  readonly HierarchyGroupId: string | undefined;
  /** Undefined for a user without a group, and if the group is not in the list of the instance. */
  readonly HierarchyGroupName: string | undefined;
  /** The names of the groups from the top level down to the user's own; a level without a name has the group's id. */
  readonly HierarchyPath: readonly string[] | undefined;
  readonly PhoneType: PhoneType | undefined;
  readonly AutoAccept: boolean | undefined;
  /** In seconds, whichever operation it comes from. */
  readonly AfterContactWorkTimeLimit: number | undefined;
  readonly DeskPhoneNumber: string | undefined;
  readonly PersistentConnection: boolean | undefined;
  /** The mode for voice, the only channel that has one. */
  readonly VoiceEnhancementMode: VoiceEnhancementMode | undefined;
  readonly AutoAcceptConfigs: readonly AutoAcceptConfig[] | undefined;
  /** In seconds. */
  readonly AfterContactWorkConfigs: readonly AfterContactWorkConfigPerChannel[] | undefined;
  readonly PhoneNumberConfigs: readonly PhoneNumberConfig[] | undefined;
  readonly PersistentConnectionConfigs: readonly PersistentConnectionConfig[] | undefined;
  readonly VoiceEnhancementConfigs: readonly VoiceEnhancementConfig[] | undefined;
  readonly Tags: Readonly<Record<string, string>> | undefined;
}

/** A member of a row of `userDetails`. */
export type UserField = keyof UserRow;

/** A user with the chosen fields. */
export type UserDetails<F extends UserField = UserField> = Pick<UserRow, F> & {
  /**
   * True if `DescribeUser` does not find the user: deleted after it was listed, or so new that it cannot be read yet.
   * Such a row has what the listing knew of the user, and undefined for the rest.
   */
  readonly Vanished?: true;
};
