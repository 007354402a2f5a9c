import type { Account } from './account.js';
import { describeInstance, describeUser } from './describe.js';
import type { Instance } from './instances.js';
import { listUsers } from './list-users.js';
import { type Page, pageOf } from './page-of.js';
import { listResources, type ResourceKind } from './resources.js';
import { searchUsers } from './search-users.js';

/** What a request asks for, by the names of the model, wherever it travelled: path, query string or body. */
export type Input = Readonly<Record<string, unknown>>;

export interface Call {
  readonly account: Account;
  /** The instance named by InstanceId; undefined for operations that take none. */
  readonly instance: Instance | undefined;
  readonly input: Input;
}

export interface PageRequest extends Call {
  /** Where the page begins, as the operation itself said on the page before; undefined: at the start. */
  readonly after: number | undefined;
  readonly limit: number;
}

interface Endpoint {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** ARNs are taken by the few operations whose model says so. */
  readonly acceptsArn?: boolean;
  /** Takes no InstanceId. */
  readonly accountWide?: boolean;
  /** ThrottlingException where it is not given. */
  readonly throttle?: string;
}

export interface DescribeOperation extends Endpoint {
  readonly describe: (call: Call) => object;
}

export interface PagedOperation extends Endpoint {
  readonly itemsKey: string;
  readonly pageSize: { readonly max: number; readonly default: number };
  readonly list: (request: PageRequest) => Page;
}

export type Operation = DescribeOperation | PagedOperation;

const upTo = (max: number) => ({ max, default: Math.min(max, 100) });

// Methods, paths, keys and bounds are those of the public Amazon Connect model, 2017-08-08. A default page is
// documented for some (100); for the others it is the largest allowed, at most 100.
export const OPERATIONS = [
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
    list: ({ account, ...request }) => pageOf(account.instances, request),
  },
  { name: 'DescribeInstance', method: 'GET', path: '/instance/{InstanceId}', describe: describeInstance },
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

export type OperationName = (typeof OPERATIONS)[number]['name'];

/** A list of a few dozen names. */
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
    list: ({ account, instance, input, ...request }: PageRequest) => {
      // The one filter of these lists: the sandbox has no queues of type AGENT.
      const { QueueTypes } = input;
      const isWanted = !Array.isArray(QueueTypes) || QueueTypes.includes(extra.QueueType);
      const arn = instance === account.instances[0] && isWanted ? instance?.Arn : undefined;
      const rows = arn ? listResources(kind, account.ids, arn) : [];
      return pageOf(
        rows.map((row) => ({ ...row, ...extra })),
        request,
      );
    },
  } as const;
}
