import { REGION } from './arn.js';
import { teamIds } from './hierarchy.js';
import type { Ids } from './ids.js';
import { RESOURCES, type ResourceKind, SITES } from './resources.js';
import { createRandom, scramble } from './scramble.js';
import type { User, UserChange, UserSummary } from './user.js';
import { fullName, NAME_COUNT } from './user-names.js';

export interface UserFactory {
  summary(index: number, change?: UserChange): UserSummary;
  details(index: number, change?: UserChange): User;
}

/** Computes the nth user from the seed and n alone, so a directory of any size takes no memory. */
export function createUserFactory({
  seed,
  ids,
  instanceArn,
}: {
  readonly seed: number;
  readonly ids: Ids;
  readonly instanceArn: string;
}): UserFactory {
  // Most instances of a sandbox are never asked for a user.
  let names: Uint16Array | undefined;
  const idsOf = (kind: ResourceKind) => RESOURCES[kind].map((_, index) => ids.of(kind, index));
  const securityProfiles = idsOf('securityProfile');
  const routingProfiles = idsOf('routingProfile');
  const hierarchyGroups = teamIds(ids);
  const nameOf = (index: number) => {
    names ??= shuffledNames(seed);
    return names[index % NAME_COUNT] ?? 0;
  };
  const summary = (index: number, change?: UserChange): UserSummary => {
    const Id = ids.of('user', index);
    const noise = scramble(seed ^ 0x05e2, index);
    return {
      Id,
      Arn: `${instanceArn}/agent/${Id}`,
      Username: change?.Username ?? username(nameOf(index), Math.floor(index / NAME_COUNT), noise),
      ...lastModified(noise, change),
    };
  };
  return {
    summary,
    details(index, change) {
      const user = summary(index, change);
      const noise = scramble(seed ^ 0xde7a, index);
      const { given, family } = fullName(nameOf(index));
      const isAddress = /^[\x21-\x7e]+$/.test(user.Username);
      const hasDeskPhone = noise % 16 === 0;
      const phone: User['PhoneConfig'] = {
        PhoneType: hasDeskPhone ? 'DESK_PHONE' : 'SOFT_PHONE',
        AutoAccept: noise % 8 === 3,
        AfterContactWorkTimeLimit: ((noise >>> 4) % 5) * 30,
        ...(hasDeskPhone && { DeskPhoneNumber: fictionalNumber(noise >>> 8) }),
        PersistentConnection: noise % 32 === 9,
      };
      const second = noise % 4 === 2 ? [pick(securityProfiles, noise >>> 11)] : [];
      return {
        ...user,
        IdentityInfo: {
          FirstName: change?.FirstName ?? given.written,
          LastName: change?.LastName ?? family.written,
          ...(isAddress && { Email: user.Username }),
          ...(isAddress && noise % 8 === 6 && { SecondaryEmail: `second.${user.Username}` }),
          ...(noise % 4 === 1 && { Mobile: fictionalNumber(noise) }),
        },
        PhoneConfig: phone,
        ...configsOf(phone),
        VoiceEnhancementConfigs: [
          { Channel: 'VOICE', VoiceEnhancementMode: noise % 2 ? 'NONE' : 'VOICE_ISOLATION' },
        ],
        SecurityProfileIds: [...new Set([pick(securityProfiles, noise >>> 8), ...second])],
        RoutingProfileId:
          routingProfiles[RESOURCES.routingProfile.indexOf(change?.RoutingProfileName ?? '')] ??
          pick(routingProfiles, noise >>> 12),
        ...(noise % 8 !== 5 && { HierarchyGroupId: pick(hierarchyGroups, noise >>> 16) }),
        Tags: noise % 2 ? { site: pick(SITES, noise >>> 20) } : {},
      };
    },
  };
}

const DOMAINS = [
  'acme.com',
  'acme.com',
  'acme.com',
  'acme.com',
  'acme.co.uk',
  'acme.de',
  'night-desk.example',
  'temps.example',
];

/** The settings of the phone as those of a channel, which the service returns next to them. */
function configsOf({
  PhoneType,
  AutoAccept,
  AfterContactWorkTimeLimit,
  DeskPhoneNumber,
  PersistentConnection,
}: User['PhoneConfig']) {
  const Channel = 'VOICE';
  const AfterContactWorkConfig = { AfterContactWorkTimeLimit };
  return {
    AutoAcceptConfigs: [{ Channel, AutoAccept, AgentFirstCallbackAutoAccept: AutoAccept }],
    AfterContactWorkConfigs: [
      { Channel, AfterContactWorkConfig, AgentFirstCallbackAfterContactWorkConfig: AfterContactWorkConfig },
    ],
    PhoneNumberConfigs: [
      { Channel, PhoneType, ...(DeskPhoneNumber !== undefined && { PhoneNumber: DeskPhoneNumber }) },
    ],
    PersistentConnectionConfigs: [{ Channel, PersistentConnection }],
  };
}

function pick(choices: readonly string[], n: number): string {
  return choices[n % choices.length] ?? '';
}

/** Every name is used once before any repeats; only the order depends on the seed. */
function shuffledNames(seed: number): Uint16Array {
  const names = Uint16Array.from({ length: NAME_COUNT }, (_, n) => n);
  const random = createRandom(seed);
  for (let last = NAME_COUNT - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [names[last], names[other]] = [names[other] ?? 0, names[last] ?? 0];
  }
  return names;
}

/** Unique: the name plus how often it was used before. One in 32 keeps its non-ASCII letters. */
function username(name: number, namesakes: number, noise: number): string {
  const { given, family } = fullName(name);
  const suffix = namesakes === 0 ? '' : namesakes + 1;
  const domain = pick(DOMAINS, noise);
  if ((noise >>> 7) % 32 !== 0) return `${given.ascii}.${family.ascii}${suffix}@${domain}`;
  return `${given.written}.${family.written}${suffix}@${domain}`.toLowerCase().replaceAll(' ', '');
}

const MODIFIED_FROM = Date.UTC(2023, 0, 1) / 1000;
const MODIFIED_WITHIN = 3 * 365 * 86_400;

/** All members of a user summary are optional in the model; one user in sixteen lacks these. */
function lastModified(noise: number, change: UserChange | undefined) {
  if (change) return { LastModifiedTime: change.modifiedAt, LastModifiedRegion: REGION };
  const kind = (noise >>> 3) % 16;
  if (kind === 0) return undefined;
  const LastModifiedTime =
    (Math.floor((noise / 2 ** 32) * MODIFIED_WITHIN + MODIFIED_FROM) * 1000 + (noise % 1000)) / 1000;
  return kind === 1 ? { LastModifiedTime } : { LastModifiedTime, LastModifiedRegion: REGION };
}

/** In the range reserved for fictional use in North America: 555-0100 to 555-0199. */
function fictionalNumber(noise: number): string {
  return `+1${200 + (noise % 700)}55501${String(noise % 100).padStart(2, '0')}`;
}
