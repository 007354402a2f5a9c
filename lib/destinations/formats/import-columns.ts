/** The identity management of an instance whose users can be imported. */
export type Directory = 'SAML' | 'CONNECT_MANAGED';

/** A column of a template, and the member of a user that it holds. */
export interface ImportColumn {
  readonly header: string;
  /** Undefined: the column stays blank. */
  readonly member?: string;
  readonly kind?: 'text' | 'names' | 'yes/no' | 'number';
  /** The words of the template for the values of the API. */
  readonly words?: Readonly<Record<string, string>>;
}

const FIRST_NAME = { header: 'first name', member: 'FirstName' };
const LAST_NAME = { header: 'last name', member: 'LastName' };
const PLACE = [
  { header: 'user login', member: 'Username' },
  { header: 'agent hierarchy', member: 'HierarchyGroupName' },
  { header: 'routing profile name', member: 'RoutingProfileName' },
  {
    header: 'security_profile_name_1|security_profile_name_2',
    member: 'SecurityProfileNames',
    kind: 'names',
  },
  { header: 'user_hierarchy_1|user_hierarchy_2' },
  {
    header: 'phone type (soft/desk)',
    member: 'PhoneType',
    words: { SOFT_PHONE: 'soft', DESK_PHONE: 'desk' },
  },
  { header: 'phone number', member: 'DeskPhoneNumber' },
] as const satisfies ImportColumn[];

/**
 * "The CSV template has the following columns in the first row", in the section "Add users in bulk from a CSV file" of
 * docs.aws.amazon.com/connect/latest/adminguide/user-management.html: for SAML as of 2026, when the guide no longer lists a
 * column for an email address or a password; for CONNECT_MANAGED as of 2025, when it listed both.
 */
export const IMPORT_COLUMNS: Readonly<Record<Directory, readonly ImportColumn[]>> = {
  SAML: [
    FIRST_NAME,
    LAST_NAME,
    ...PLACE,
    { header: 'tags' },
    { header: 'persistent connection', member: 'PersistentConnection', kind: 'yes/no' },
    {
      header: 'audio enhancement(none/isolate voice/suppress noise)',
      member: 'VoiceEnhancementMode',
      words: { NONE: 'none', VOICE_ISOLATION: 'isolate voice', NOISE_SUPPRESSION: 'suppress noise' },
    },
  ],
  CONNECT_MANAGED: [
    FIRST_NAME,
    LAST_NAME,
    { header: 'email address', member: 'Email' },
    { header: 'secondary email address', member: 'SecondaryEmail' },
    { header: 'mobile', member: 'Mobile' },
    { header: 'password', member: 'Password' },
    ...PLACE,
    { header: 'soft phone auto accept (yes/no)', member: 'AutoAccept', kind: 'yes/no' },
    { header: 'ACW timeout (seconds)', member: 'AfterContactWorkTimeLimit', kind: 'number' },
    { header: 'tags' },
  ],
};
