import { listChildHours, listEntityProfiles, listGroupUsers } from './assignments.js';
import { describeInstance, describeUser } from './describe.js';
import { listUsers } from './list-users.js';
import { modelDescribes, modelOperations } from './model.js';
import type { Operation, PageRequest } from './operation.js';
import { pageOf } from './page-of.js';
import { type ModelOperationName, paged } from './paged.js';
import { describePhoneNumber, listPhoneNumbers, listPhoneNumbersV2 } from './phone-numbers.js';
import { listManualQueues, listProfileQueues } from './profile-queues.js';
import { VIEW } from './resource-details.js';
import { describeHierarchy, describeResource, searchResources } from './resource-operations.js';
import { listResources, type ResourceKind } from './resources.js';
import { type ModelDescribeName, sampleDescribe } from './sample-describe.js';
import { sampleListing } from './sample-listing.js';
import { searchUsers } from './search-users.js';

// Paths of the Describe operations are from the public Amazon Connect model, 2017-08-08.
const OWN = [
  paged('ListUsers', listUsers),
  paged('SearchUsers', searchUsers),
  { name: 'DescribeUser', method: 'GET', path: '/users/{InstanceId}/{UserId}', describe: describeUser },
  {
    ...paged('ListInstances', ({ account: { instances }, ...request }) => {
      const summaries = instances.map(({ summary }) => summary);
      return pageOf(summaries, request);
    }),
    accountWide: true,
  },
  { name: 'DescribeInstance', method: 'GET', path: '/instance/{InstanceId}', describe: describeInstance },
  paged('ListPhoneNumbers', listPhoneNumbers),
  { ...paged('ListPhoneNumbersV2', listPhoneNumbersV2), accountWide: true },
  {
    name: 'DescribePhoneNumber',
    method: 'GET',
    path: '/phone-number/{PhoneNumberId}',
    accountWide: true,
    describe: describePhoneNumber,
  },
  {
    name: 'DescribeUserHierarchyStructure',
    method: 'GET',
    path: '/user-hierarchy-structure/{InstanceId}',
    describe: describeHierarchy,
  },
  describing('DescribeQueue', '/queues/{InstanceId}/{QueueId}', 'queue'),
  describing('DescribeRoutingProfile', '/routing-profiles/{InstanceId}/{RoutingProfileId}', 'routingProfile'),
  describing(
    'DescribeSecurityProfile',
    '/security-profiles/{InstanceId}/{SecurityProfileId}',
    'securityProfile',
  ),
  describing(
    'DescribeHoursOfOperation',
    '/hours-of-operations/{InstanceId}/{HoursOfOperationId}',
    'hoursOfOperation',
  ),
  describing(
    'DescribeUserHierarchyGroup',
    '/user-hierarchy-groups/{InstanceId}/{HierarchyGroupId}',
    'hierarchyGroup',
  ),
  paged('ListRoutingProfileQueues', listProfileQueues),
  paged('ListRoutingProfileManualAssignmentQueues', listManualQueues),
  paged('ListChildHoursOfOperations', listChildHours),
  { ...paged('ListTrafficDistributionGroupUsers', listGroupUsers), accountWide: true },
  paged('ListEntitySecurityProfiles', listEntityProfiles),
  paged('SearchQueues', searchResources('queue')),
  paged('SearchRoutingProfiles', searchResources('routingProfile')),
  paged('SearchSecurityProfiles', searchResources('securityProfile')),
  paged('SearchHoursOfOperations', searchResources('hoursOfOperation')),
  paged('SearchUserHierarchyGroups', searchResources('hierarchyGroup')),
  paged('ListQueues', resources('queue', { QueueType: 'STANDARD' })),
  paged('ListRoutingProfiles', resources('routingProfile')),
  paged('ListSecurityProfiles', resources('securityProfile')),
  paged('ListHoursOfOperations', resources('hoursOfOperation')),
  paged('ListUserHierarchyGroups', resources('hierarchyGroup')),
  { ...paged('ListViews', resources('view', VIEW)), acceptsArn: true },
  { ...paged('SearchViews', searchResources('view')), acceptsArn: true },
  { ...describing('DescribeView', '/views/{InstanceId}/{ViewId}', 'view'), acceptsArn: true },
] as const satisfies readonly Operation[];

/** The name of an operation that the sandbox serves, such as `ListUsers`. */
export type OperationName = (typeof OWN)[number]['name'] | ModelOperationName | ModelDescribeName;

/** All operations: those with their own answer, and all other paged ones of the model with their Describes. */
export const OPERATIONS: readonly (Operation & { readonly name: OperationName })[] = [
  ...OWN,
  ...(Object.keys(modelOperations) as ModelOperationName[]).filter(isOthers).map(sampleListing),
  ...(Object.keys(modelDescribes) as ModelDescribeName[]).filter(isOthers).map(sampleDescribe),
];

function isOthers(name: string): boolean {
  return !OWN.some((own) => own.name === name);
}

/** An operation that describes one kind of resource, which its path and its output name alike. */
function describing<Name extends string>(name: Name, path: string, kind: ResourceKind) {
  const [, idKey = ''] = /\{InstanceId\}\/\{(\w+)\}/.exec(path) ?? [];
  return {
    name,
    method: 'GET',
    path,
    describe: describeResource(kind, idKey, idKey.replace(/Id$/, '')),
  } as const;
}

/** Lists one kind of resource. */
function resources(
  kind: ResourceKind,
  extra: { readonly QueueType?: string; readonly Type?: string; readonly Status?: string } = {},
) {
  return ({ instance, input, ...request }: PageRequest) => {
    // The only filter these operations have: the sandbox has no queues of type AGENT.
    const { QueueTypes } = input;
    const matches = !Array.isArray(QueueTypes) || QueueTypes.includes(extra.QueueType);
    const rows = instance && matches ? listResources(kind, instance) : [];
    return pageOf(
      rows.map((row) => ({ ...row, ...extra })),
      request,
    );
  };
}
