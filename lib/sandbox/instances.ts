import { ACCOUNT_ID, instanceArn } from './arn.js';
import { createDirectory, type Directory } from './directory.js';
import { createIds, type Ids } from './ids.js';
import { scramble } from './scramble.js';
import { createUserFactory } from './user-factory.js';

/** An instance with what is in it. */
export interface Instance {
  readonly summary: InstanceSummary;
  /** The ids of its users and resources: no two instances share one. */
  readonly ids: Ids;
  readonly directory: Directory;
}

/** An instance as sent over the wire; times are epoch seconds. */
export interface InstanceSummary {
  readonly Id: string;
  readonly Arn: string;
  readonly IdentityManagementType: 'SAML' | 'CONNECT_MANAGED';
  readonly InstanceAlias: string;
  readonly CreatedTime: number;
  readonly ServiceRole: string;
  readonly InstanceStatus: 'ACTIVE' | 'CREATION_IN_PROGRESS';
  readonly InboundCallsEnabled: boolean;
  readonly OutboundCallsEnabled: boolean;
  readonly InstanceAccessUrl: string;
}

/**
 * Twelve instances, two more than a page of ListInstances can hold, with `users` in each. As in a copy of an instance, the
 * users and resources of all of them have the same names and different ids.
 */
export function createInstances(ids: Ids, seed: number, users: readonly number[]): Instance[] {
  return ALIASES.map((alias, index) => {
    const summary = summaryOf(ids, alias, index);
    const own = index === 0 ? ids : createIds(scramble(seed ^ 0x1257, index));
    const factory = createUserFactory({ seed, ids: own, instanceArn: summary.Arn });
    return { summary, ids: own, directory: createDirectory(users[index] ?? 0, own, factory) };
  });
}

function summaryOf(ids: Ids, alias: string, index: number): InstanceSummary {
  const Id = ids.of('instance', index);
  return {
    Id,
    Arn: instanceArn(Id),
    IdentityManagementType: index % 3 === 2 ? 'CONNECT_MANAGED' : 'SAML',
    InstanceAlias: alias,
    CreatedTime: FIRST_CREATED + index * 31 * 86_400,
    ServiceRole: `arn:aws:iam::${ACCOUNT_ID}:role/aws-service-role/connect.amazonaws.com/AWSServiceRoleForAmazonConnect_${alias}`,
    InstanceStatus: index === ALIASES.length - 1 ? 'CREATION_IN_PROGRESS' : 'ACTIVE',
    InboundCallsEnabled: true,
    OutboundCallsEnabled: index % 4 !== 3,
    InstanceAccessUrl: `https://${alias}.my.connect.aws`,
  };
}

const FIRST_CREATED = Date.UTC(2022, 2, 14, 9, 30) / 1000;

/** The names of all instances. */
export const ALIASES = [
  'acme-contact-center',
  'acme-staging',
  'acme-training',
  'acme-claims',
  'acme-claims-staging',
  'acme-travel',
  'acme-bank',
  'acme-bank-staging',
  'acme-health',
  'acme-collections',
  'acme-night-desk',
  'acme-pilot',
];
