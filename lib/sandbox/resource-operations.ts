import { hierarchyStructure, placeOf } from './hierarchy.js';
import type { Call, PageRequest } from './operation.js';
import { type Page, pageOf } from './page-of.js';
import { RESOURCES, type ResourceKind, type ResourceOwner, resourceOf } from './resources.js';
import { invalidParameter, notFound } from './service-error.js';

/** How Describe and Search write a resource, which the operations of each kind name in their own way. */
interface Naming {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  /** Further members, from the position of the resource in its list. */
  readonly more?: (owner: ResourceOwner, index: number) => object;
}

const NAMINGS = {
  queue: {
    id: 'QueueId',
    arn: 'QueueArn',
    name: 'Name',
    more: ({ ids }, index) => ({
      HoursOfOperationId: ids.of('hoursOfOperation', index % RESOURCES.hoursOfOperation.length),
      Status: 'ENABLED',
    }),
  },
  routingProfile: {
    id: 'RoutingProfileId',
    arn: 'RoutingProfileArn',
    name: 'Name',
    more: ({ ids, summary }, index) => ({
      InstanceId: summary.Id,
      DefaultOutboundQueueId: ids.of('queue', index % RESOURCES.queue.length),
      MediaConcurrencies: [{ Channel: 'VOICE', Concurrency: 1 }],
    }),
  },
  securityProfile: {
    id: 'Id',
    arn: 'Arn',
    name: 'SecurityProfileName',
    more: ({ summary }) => ({ OrganizationResourceId: summary.Id }),
  },
  hoursOfOperation: {
    id: 'HoursOfOperationId',
    arn: 'HoursOfOperationArn',
    name: 'Name',
    more: () => ({ TimeZone: 'Europe/Lisbon', Config: [] }),
  },
  hierarchyGroup: { id: 'Id', arn: 'Arn', name: 'Name', more: placeOf },
} satisfies Partial<Record<ResourceKind, Naming>>;

export type DescribedKind = keyof typeof NAMINGS;

/** Describes one resource of a kind: `idKey` is its member of the input, `outputKey` that of the output. */
export function describeResource(kind: DescribedKind, idKey: string, outputKey: string) {
  return ({ instance, input }: Call): object => {
    const index = instance?.ids.indexOf(kind, String(input[idKey]));
    if (!instance || index === undefined || index >= RESOURCES[kind].length)
      throw notFound(`${outputKey} not found`);
    return { [outputKey]: detailsOf(kind, instance, index) };
  };
}

/** Searches the resources of a kind; criteria are rejected, because answering without regard to them would be wrong. */
export function searchResources(kind: DescribedKind) {
  return ({ instance, input, ...request }: PageRequest): Page => {
    for (const name of ['SearchCriteria', 'SearchFilter'])
      if (Object.keys(Object(input[name])).length > 0)
        throw invalidParameter(`${name} is not supported for this resource`);
    const rows = instance ? RESOURCES[kind].map((_, index) => detailsOf(kind, instance, index)) : [];
    return { ...pageOf(rows, request), extras: { ApproximateTotalCount: rows.length } };
  };
}

/** DescribeUserHierarchyStructure. */
export function describeHierarchy({ instance }: Call): object {
  return instance ? hierarchyStructure(instance) : {};
}

function detailsOf(kind: DescribedKind, owner: ResourceOwner, index: number): object {
  const { id, arn, name, more }: Naming = NAMINGS[kind];
  const { Id, Arn, Name, ...modified } = resourceOf(kind, owner, index);
  return { [id]: Id, [arn]: Arn, [name]: Name, ...more?.(owner, index), Tags: {}, ...modified };
}
