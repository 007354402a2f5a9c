import { operations } from '../operations.js';
import { resourceName } from '../resources/instance-resources.js';

/** A list that needs, besides the instance, an id from another list: it is read once for each parent. */
export interface ChildResource {
  /** Such as `queue-quick-connects`. */
  readonly name: string;
  /** The operation that lists it. */
  readonly operation: ChildOperation;
  /** The name of its command in the client. */
  readonly command: string;
  /** The member of the input that names the parent, such as `QueueId`. */
  readonly member: string;
  /** The resource that the parents are, such as `queues`; or the enumeration of the client that has them. */
  readonly parents: { readonly resource: string } | { readonly enumeration: string };
  /** Set if the parents are users, of whom there may be tens of thousands. */
  readonly isPerUser: boolean;
}

type ChildOperation = keyof typeof operations;

/** The operation, the member that names the parent, and what the parents are. */
const CHILDREN: readonly (readonly [operation: ChildOperation, member: string, resource: string])[] = [
  ['ListChildHoursOfOperations', 'HoursOfOperationId', 'hours-of-operations'],
  ['ListContactFlowModuleAliases', 'ContactFlowModuleId', 'contact-flow-modules'],
  ['ListContactFlowModuleVersions', 'ContactFlowModuleId', 'contact-flow-modules'],
  ['ListContactFlowVersions', 'ContactFlowId', 'contact-flows'],
  ['ListDataTableAttributes', 'DataTableId', 'data-tables'],
  ['ListDataTablePrimaryValues', 'DataTableId', 'data-tables'],
  ['ListDataTableValues', 'DataTableId', 'data-tables'],
  ['ListEvaluationFormVersions', 'EvaluationFormId', 'evaluation-forms'],
  ['ListQueueEmailAddresses', 'QueueId', 'queues'],
  ['ListQueueQuickConnects', 'QueueId', 'queues'],
  ['ListRoutingProfileManualAssignmentQueues', 'RoutingProfileId', 'routing-profiles'],
  ['ListRoutingProfileQueues', 'RoutingProfileId', 'routing-profiles'],
  ['ListSecurityProfileAIAgents', 'SecurityProfileId', 'security-profiles'],
  ['ListSecurityProfileApplications', 'SecurityProfileId', 'security-profiles'],
  ['ListSecurityProfileFlowModules', 'SecurityProfileId', 'security-profiles'],
  ['ListSecurityProfilePermissions', 'SecurityProfileId', 'security-profiles'],
  ['ListTrafficDistributionGroupUsers', 'TrafficDistributionGroupId', 'traffic-distribution-groups'],
  ['ListUseCases', 'IntegrationAssociationId', 'integration-associations'],
  ['ListUserProficiencies', 'UserId', 'users'],
  ['ListViewVersions', 'ViewId', 'views'],
  ['ListWorkspacePages', 'WorkspaceId', 'workspaces'],
];

/** As above, for parents that are the values of an enumeration. */
const ENUMERATED: readonly (readonly [operation: ChildOperation, member: string, enumeration: string])[] = [
  ['ListBots', 'LexVersion', 'LexVersion'],
  ['ListInstanceStorageConfigs', 'ResourceType', 'InstanceStorageResourceType'],
];

/** The lists of a backup that are read for each parent. */
export const CHILD_RESOURCES: readonly ChildResource[] = [
  ...CHILDREN.map(([operation, member, resource]) => childOf(operation, member, { resource })),
  ...ENUMERATED.map(([operation, member, enumeration]) => childOf(operation, member, { enumeration })),
];

function childOf(
  operation: ChildOperation,
  member: string,
  parents: ChildResource['parents'],
): ChildResource {
  const isPerUser = 'resource' in parents && parents.resource === 'users';
  const { command } = operations[operation];
  return { name: resourceName(operation), operation, command, member, parents, isPerUser };
}
