import { describeInstance, describeUser } from './describe.js';
import { listUsers } from './list-users.js';
import { modelOperations } from './model.js';
import { type ModelOperationName, modelListing } from './model-listing.js';
import type { Operation, PageRequest } from './operation.js';
import { pageOf } from './page-of.js';
import { listPhoneNumbers, listPhoneNumbersV2 } from './phone-numbers.js';
import {
  type DescribedKind,
  describeHierarchy,
  describeResource,
  searchResources,
} from './resource-operations.js';
import { listResources, type ResourceKind } from './resources.js';
import { searchUsers } from './search-users.js';

const upTo = (max: number) => ({ max, default: Math.min(max, 100) });

// Methods, paths, keys and bounds are from the public Amazon Connect model, 2017-08-08. Some operations document a
// default page size of 100; the others use their maximum, capped at 100.
const OWN = [
  {
    name: 'ListUsers',
    method: 'GET',
    path: '/users-summary/{InstanceId}',
    itemsKey: 'UserSummaryList',
    pageSize: upTo(1000),
    list: listUsers,
  },
  {
    name: 'SearchUsers',
    method: 'POST',
    path: '/search-users',
    itemsKey: 'Users',
    pageSize: upTo(500),
    list: searchUsers,
  },
  { name: 'DescribeUser', method: 'GET', path: '/users/{InstanceId}/{UserId}', describe: describeUser },
  {
    name: 'ListInstances',
    method: 'GET',
    path: '/instance',
    accountWide: true,
    itemsKey: 'InstanceSummaryList',
    pageSize: upTo(10),
    list: ({ account: { instances }, ...request }) => {
      const summaries = instances.map(({ summary }) => summary);
      return pageOf(summaries, request);
    },
  },
  { name: 'DescribeInstance', method: 'GET', path: '/instance/{InstanceId}', describe: describeInstance },
  {
    name: 'ListPhoneNumbers',
    method: 'GET',
    path: '/phone-numbers-summary/{InstanceId}',
    itemsKey: 'PhoneNumberSummaryList',
    pageSize: upTo(1000),
    list: listPhoneNumbers,
  },
  {
    name: 'ListPhoneNumbersV2',
    method: 'POST',
    path: '/phone-number/list',
    accountWide: true,
    itemsKey: 'ListPhoneNumbersSummaryList',
    pageSize: upTo(1000),
    list: listPhoneNumbersV2,
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
  searching('SearchQueues', '/search-queues', 'Queues', 'queue', 500),
  searching('SearchRoutingProfiles', '/search-routing-profiles', 'RoutingProfiles', 'routingProfile', 500),
  searching('SearchSecurityProfiles', '/search-security-profiles', 'SecurityProfiles', 'securityProfile'),
  searching(
    'SearchHoursOfOperations',
    '/search-hours-of-operations',
    'HoursOfOperations',
    'hoursOfOperation',
  ),
  searching(
    'SearchUserHierarchyGroups',
    '/search-user-hierarchy-groups',
    'UserHierarchyGroups',
    'hierarchyGroup',
  ),
  listing('ListQueues', '/queues-summary/{InstanceId}', 'QueueSummaryList', 'queue', {
    QueueType: 'STANDARD',
  }),
  listing(
    'ListRoutingProfiles',
    '/routing-profiles-summary/{InstanceId}',
    'RoutingProfileSummaryList',
    'routingProfile',
  ),
  listing(
    'ListSecurityProfiles',
    '/security-profiles-summary/{InstanceId}',
    'SecurityProfileSummaryList',
    'securityProfile',
  ),
  listing(
    'ListHoursOfOperations',
    '/hours-of-operations-summary/{InstanceId}',
    'HoursOfOperationSummaryList',
    'hoursOfOperation',
  ),
  listing(
    'ListUserHierarchyGroups',
    '/user-hierarchy-groups-summary/{InstanceId}',
    'UserHierarchyGroupSummaryList',
    'hierarchyGroup',
  ),
  {
    ...listing('ListViews', '/views/{InstanceId}', 'ViewsSummaryList', 'view', {
      Type: 'CUSTOMER_MANAGED',
      Status: 'PUBLISHED',
    }),
    pageSize: upTo(100),
    acceptsArn: true,
    throttle: 'TooManyRequestsException',
  },
] as const satisfies readonly Operation[];

export type OperationName = (typeof OWN)[number]['name'] | ModelOperationName;

/** All operations: those with an answer of their own, and all other paged ones of the model. */
export const OPERATIONS: readonly (Operation & { readonly name: OperationName })[] = [
  ...OWN,
  ...(Object.keys(modelOperations) as ModelOperationName[])
    .filter((name) => !OWN.some((own) => own.name === name))
    .map(modelListing),
];

/** An operation that describes one kind of resource, which its path and its output name alike. */
function describing<Name extends string>(name: Name, path: string, kind: DescribedKind) {
  const [, idKey = ''] = /\{InstanceId\}\/\{(\w+)\}/.exec(path) ?? [];
  return {
    name,
    method: 'GET',
    path,
    describe: describeResource(kind, idKey, idKey.replace(/Id$/, '')),
  } as const;
}

/** An operation that searches one kind of resource. */
function searching<Name extends string>(
  name: Name,
  path: string,
  itemsKey: string,
  kind: DescribedKind,
  max = 100,
) {
  return { name, method: 'POST', path, itemsKey, pageSize: upTo(max), list: searchResources(kind) } as const;
}

/** An operation that lists one kind of resource. */
function listing<Name extends string>(
  name: Name,
  path: string,
  itemsKey: string,
  kind: ResourceKind,
  extra: { readonly QueueType?: string; readonly Type?: string; readonly Status?: string } = {},
) {
  return {
    name,
    method: 'GET',
    path,
    itemsKey,
    pageSize: upTo(1000),
    list: ({ instance, input, ...request }: PageRequest) => {
      // The only filter these operations have: the sandbox has no queues of type AGENT.
      const { QueueTypes } = input;
      const matches = !Array.isArray(QueueTypes) || QueueTypes.includes(extra.QueueType);
      const rows = instance && matches ? listResources(kind, instance) : [];
      return pageOf(
        rows.map((row) => ({ ...row, ...extra })),
        request,
      );
    },
  } as const;
}
