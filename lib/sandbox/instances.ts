import { ACCOUNT_ID, instanceArn } from './arn.js';
import type { Ids } from './ids.js';

/** An instance as sent over the wire; times are epoch seconds. */
export interface Instance {
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

/** Twelve instances, two more than a page of ListInstances can hold. */
export function createInstances(ids: Ids): readonly Instance[] {
  return ALIASES.map((alias, index) => {
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
  });
}

const FIRST_CREATED = Date.UTC(2022, 2, 14, 9, 30) / 1000;

const ALIASES = [
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
