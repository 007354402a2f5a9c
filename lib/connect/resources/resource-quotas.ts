/** How many of a resource an instance may have. */
export interface ResourceQuota {
  /** In Service Quotas. */
  readonly code: string;
  /** Before an increase. */
  readonly value: number;
}

/**
 * The quotas of resources per instance, by the name of the resource: codes and default values of Service Quotas, and the
 * table "Amazon Connect quotas" in
 * https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html. Resources whose default
 * value these disagree about are left out.
 */
export const RESOURCE_QUOTAS: Readonly<Record<string, ResourceQuota | undefined>> = {
  'contact-flow-modules': { code: 'L-19755C7E', value: 200 },
  'contact-flows': { code: 'L-22922690', value: 100 },
  'hours-of-operations': { code: 'L-20CD02F7', value: 100 },
  'lambda-functions': { code: 'L-E3D2F503', value: 50 },
  'lex-bots': { code: 'L-B93A6612', value: 70 },
  'phone-numbers': { code: 'L-8F812903', value: 5 },
  prompts: { code: 'L-0865B754', value: 500 },
  queues: { code: 'L-19A87C94', value: 50 },
  'quick-connects': { code: 'L-68BBE2E8', value: 100 },
  'routing-profiles': { code: 'L-D3E7BE26', value: 500 },
  'security-profiles': { code: 'L-F325A715', value: 100 },
  'user-hierarchy-groups': { code: 'L-D68AAAE4', value: 500 },
  users: { code: 'L-9A46857E', value: 500 },
};
