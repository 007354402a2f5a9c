import { REGION } from './arn.js';
import type { IdKind, Ids } from './ids.js';

/** The sites of an instance, whose names are also tags. */
export const SITES = ['Lisbon', 'Manila', 'Kraków', 'Tulsa', 'Cape Town'];

/** The names of an instance's resources by kind; all other members are derived from the position in the list. */
export const RESOURCES = {
  queue: cross(
    ['Billing', 'Claims', 'Sales', 'Support', 'Retention', 'Complaints', 'Onboarding', 'Fraud', 'Night Desk'],
    ['English', 'Español', 'Français', 'Português'],
  ),
  routingProfile: cross(['Voice', 'Chat', 'Voice and Chat', 'Tasks'], ['Tier 1', 'Tier 2', 'Specialist']),
  securityProfile: [
    'Admin',
    'Agent',
    'CallCenterManager',
    'QualityAnalyst',
    'Supervisor',
    'Workforce Planner',
  ],
  hoursOfOperation: ['Always Open', 'Basic Hours', 'Europe Weekdays', 'Night Desk', 'Saturday'],
  hierarchyGroup: [...cross(SITES, ['Red Team', 'Blue Team', 'Green Team']), ...SITES],
  view: ['Case Detail', 'Confirmation', 'Customer Card', 'Form', 'Order Lookup', 'Refund', 'Wrap Up'],
} as const satisfies Partial<Record<IdKind, readonly string[]>>;

export type ResourceKind = keyof typeof RESOURCES;

/** A resource as sent over the wire; the time is in epoch seconds. */
export interface Resource {
  readonly Id: string;
  readonly Arn: string;
  readonly Name: string;
  readonly LastModifiedTime: number;
  readonly LastModifiedRegion: string;
}

/** The instance that a resource belongs to. */
export interface ResourceOwner {
  readonly ids: Ids;
  readonly summary: { readonly Id: string; readonly Arn: string };
}

/** The resources of a kind in an instance. */
export function listResources(kind: ResourceKind, owner: ResourceOwner): Resource[] {
  return RESOURCES[kind].map((_, index) => resourceOf(kind, owner, index));
}

/** One of the resources of a kind, by its position in the list. */
export function resourceOf(kind: ResourceKind, { ids, summary }: ResourceOwner, index: number): Resource {
  const Id = ids.of(kind, index);
  return {
    Id,
    Arn: `${summary.Arn}/${ARN_SEGMENTS[kind]}/${Id}`,
    Name: RESOURCES[kind][index] ?? '',
    LastModifiedTime: FIRST_MODIFIED + index * 86_400,
    LastModifiedRegion: REGION,
  };
}

const FIRST_MODIFIED = Date.UTC(2024, 4, 6, 8) / 1000;

const ARN_SEGMENTS: Readonly<Record<ResourceKind, string>> = {
  queue: 'queue',
  routingProfile: 'routing-profile',
  securityProfile: 'security-profile',
  hoursOfOperation: 'operating-hours',
  hierarchyGroup: 'agent-group',
  view: 'view',
};

function cross(topics: readonly string[], variants: readonly string[]): readonly string[] {
  return topics.flatMap((topic) => variants.map((variant) => `${topic} – ${variant}`));
}
