import { REGION } from './arn.js';
import type { IdKind, Ids } from './ids.js';

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
  hierarchyGroup: cross(
    ['Lisbon', 'Manila', 'Kraków', 'Tulsa', 'Cape Town'],
    ['Red Team', 'Blue Team', 'Green Team'],
  ),
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

/** The resources of a kind in an instance. */
export function listResources(
  kind: ResourceKind,
  { ids, summary }: { readonly ids: Ids; readonly summary: { readonly Arn: string } },
): Resource[] {
  return RESOURCES[kind].map((Name, index) => {
    const Id = ids.of(kind, index);
    return {
      Id,
      Arn: `${summary.Arn}/${ARN_SEGMENTS[kind]}/${Id}`,
      Name,
      LastModifiedTime: FIRST_MODIFIED + index * 86_400,
      LastModifiedRegion: REGION,
    };
  });
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
