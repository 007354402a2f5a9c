/** A user as a client sees it. */
export interface SandboxUser {
  readonly Id: string;
  readonly Arn: string;
  readonly Username: string;
  readonly LastModifiedTime?: Date;
  readonly LastModifiedRegion?: string;
}

/**
 * The sandbox's users, which a test can read and change while a listing runs. Changes take memory, users do not.
 * Changes are timestamped from 1 January 2026, one second apart, so the same changes give the same directory.
 */
export interface SandboxDirectory {
  readonly size: number;
  /**
   * Adds a user and returns it. A missing `Username` is generated; a given one is not checked for uniqueness.
   * `place` is the position in the list: the start, the end (the default), or after another user and any users
   * inserted there earlier.
   */
  insert(user?: { readonly Username?: string }, place?: UserPlace): SandboxUser;
  /** Removes a user. Like `rename`, throws ERR_INVALID_ARGUMENT if no user has this Id. */
  remove(id: string): void;
  /** Changes the user name and the modification time; the position in the list stays. */
  rename(id: string, username: string): SandboxUser;
  /**
   * Changes fields of a user, and the modification time. Throws ERR_INVALID_ARGUMENT for an unknown user, field or routing
   * profile.
   */
  update(id: string, edit: UserEdit): SandboxUser;
  find(id: string): SandboxUser | undefined;
  /** All users in list order. Copy them (`[...users()]`) before making changes. */
  users(): Generator<SandboxUser, void, undefined>;
}

/** Where `SandboxDirectory.insert` puts a user in the list. */
/** New values of fields of a user. */
export interface UserEdit {
  readonly Username?: string;
  readonly FirstName?: string;
  readonly LastName?: string;
  /** One that the instance has, such as `Tasks – Specialist`. */
  readonly RoutingProfileName?: string;
}

export type UserPlace = 'start' | 'end' | { readonly after: string };
