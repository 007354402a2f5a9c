/** How many of a resource an instance may have. */
export interface ResourceQuota {
  /** In Service Quotas; undefined for a limit that it does not have. */
  readonly code?: string;
  /** Before an increase; undefined if it is not documented. */
  readonly value?: number;
}

/**
 * The quotas of resources per instance, by the name of the resource. Sources:
 * values  the table "Connect Customer quotas" in
 *         https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html#connect-quotas; approved
 *         origins, evaluation forms and vocabularies are in the tables of
 *         https://docs.aws.amazon.com/connect/latest/adminguide/feature-limits.html, which cannot be increased
 * codes   of Service Quotas, service code `connect`; notifications and workspaces have one, but no documented value
 * Limits of another thing than the resource are left out: rules are limited by the source of their events, integrations by
 * their type, and overrides by their hours of operation.
 */
export const RESOURCE_QUOTAS: Readonly<Record<string, ResourceQuota | undefined>> = {
  'agent-statuses': { code: 'L-D945C9A8', value: 50 },
  'approved-origins': { value: 100 },
  'contact-flow-modules': { code: 'L-19755C7E', value: 200 },
  'contact-flows': { code: 'L-22922690', value: 100 },
  'data-tables': { code: 'L-D492D362', value: 100 },
  'email-addresses': { code: 'L-F4C86B27', value: 100 },
  'evaluation-forms': { value: 400 },
  'hours-of-operations': { code: 'L-20CD02F7', value: 100 },
  'lambda-functions': { code: 'L-E3D2F503', value: 50 },
  'lex-bots': { code: 'L-B93A6612', value: 70 },
  notifications: { code: 'L-DFA239E1' },
  'phone-numbers': { code: 'L-8F812903', value: 5 },
  'predefined-attributes': { code: 'L-3828FBF0', value: 150 },
  prompts: { code: 'L-0865B754', value: 500 },
  queues: { code: 'L-19A87C94', value: 100 },
  'quick-connects': { code: 'L-68BBE2E8', value: 100 },
  'routing-profiles': { code: 'L-D3E7BE26', value: 500 },
  'security-profiles': { code: 'L-F325A715', value: 100 },
  'task-templates': { value: 50 },
  'user-hierarchy-groups': { code: 'L-D68AAAE4', value: 500 },
  users: { code: 'L-9A46857E', value: 500 },
  vocabularies: { value: 20 },
  workspaces: { code: 'L-6402A996' },
};
