import type { UserEdit } from './sandbox-directory.js';

/** A user in ListUsers as sent over the wire; the time is in epoch seconds. */
export interface UserSummary {
  readonly Id: string;
  readonly Arn: string;
  readonly Username: string;
  readonly LastModifiedTime?: number;
  readonly LastModifiedRegion?: string;
}

/** A user in DescribeUser. */
export interface User extends UserSummary {
  readonly IdentityInfo: {
    readonly FirstName: string;
    readonly LastName: string;
    readonly Email?: string;
    readonly SecondaryEmail?: string;
    readonly Mobile?: string;
  };
  readonly PhoneConfig: {
    readonly PhoneType: 'SOFT_PHONE' | 'DESK_PHONE';
    readonly AutoAccept: boolean;
    /** Seconds. */
    readonly AfterContactWorkTimeLimit: number;
    readonly DeskPhoneNumber?: string;
    readonly PersistentConnection: boolean;
  };
  readonly AutoAcceptConfigs: readonly {
    readonly Channel: string;
    readonly AutoAccept: boolean;
    readonly AgentFirstCallbackAutoAccept: boolean;
  }[];
  /** In seconds. */
  readonly AfterContactWorkConfigs: readonly {
    readonly Channel: string;
    readonly AfterContactWorkConfig: AfterContactWorkConfig;
    readonly AgentFirstCallbackAfterContactWorkConfig: AfterContactWorkConfig;
  }[];
  readonly PhoneNumberConfigs: readonly {
    readonly Channel: string;
    readonly PhoneType: string;
    readonly PhoneNumber?: string;
  }[];
  readonly PersistentConnectionConfigs: readonly {
    readonly Channel: string;
    readonly PersistentConnection: boolean;
  }[];
  readonly VoiceEnhancementConfigs: readonly {
    readonly Channel: string;
    readonly VoiceEnhancementMode: string;
  }[];
  readonly SecurityProfileIds: readonly string[];
  readonly RoutingProfileId: string;
  readonly HierarchyGroupId?: string;
  readonly Tags: Readonly<Record<string, string>>;
}

/** A change to a user since the directory was created. */
export interface UserChange extends UserEdit {
  /** Epoch seconds. */
  readonly modifiedAt: number;
}

interface AfterContactWorkConfig {
  readonly AfterContactWorkTimeLimit: number;
}
