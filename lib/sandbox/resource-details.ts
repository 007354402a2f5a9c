import { parseString } from './conditions.js';
import { parentOf, placeOf } from './hierarchy.js';
import { manualQueuesOf, queuesOf } from './profile-queues.js';
import { RESOURCES, type ResourceKind, type ResourceOwner, resourceOf, SITES } from './resources.js';
import type { Row, SearchExtras } from './search-rows.js';
import { invalidParameter } from './service-error.js';

/** A resource as Describe returns it, by its position in the list. */
export function detailsOf(kind: ResourceKind, owner: ResourceOwner, index: number): Row {
  const { id, arn, name, more } = NAMINGS[kind];
  const { Id, Arn, Name, ...modified } = resourceOf(kind, owner, index);
  const Tags = index % 2 ? { site: SITES[index % SITES.length] ?? '' } : {};
  const Description = `${Name}, made by the sandbox`;
  const isDescribed = kind !== 'hierarchyGroup';
  return {
    [id]: Id,
    [arn]: Arn,
    [name]: Name,
    ...(isDescribed && { Description }),
    ...more?.(owner, index),
    Tags,
    ...modified,
  };
}

/** What the search of a kind understands, and whether its rows say when they were modified. */
export function searchOf(kind: ResourceKind): Pick<Naming, 'search' | 'isSearchBrief'> {
  return NAMINGS[kind];
}

/** How Describe and Search write a resource, which the operations of each kind name in their own way. */
interface Naming {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  /** Further members, from the position of the resource in its list. */
  readonly more?: (owner: ResourceOwner, index: number) => object;
  /** Whether its search omits when and where it was modified. */
  readonly isSearchBrief?: boolean;
  readonly search?: SearchExtras;
}

const NAMINGS: Readonly<Record<ResourceKind, Naming>> = {
  queue: {
    id: 'QueueId',
    arn: 'QueueArn',
    name: 'Name',
    more: ({ ids }, index) => ({
      OutboundCallerConfig: { OutboundCallerIdNumberId: ids.of('phoneNumber', 0) },
      HoursOfOperationId: ids.of('hoursOfOperation', index % RESOURCES.hoursOfOperation.length),
      ...(index % 3 === 0 && { MaxContacts: 10 + index }),
      Status: 'ENABLED',
    }),
    search: { conditions: { QueueTypeCondition: queueType } },
  },
  routingProfile: {
    id: 'RoutingProfileId',
    arn: 'RoutingProfileArn',
    name: 'Name',
    more: ({ ids, summary }, index) => {
      const AssociatedQueueIds = queuesOf(index).map((queue) => ids.of('queue', queue));
      const AssociatedManualAssignmentQueueIds = manualQueuesOf(index).map((queue) => ids.of('queue', queue));
      return {
        InstanceId: summary.Id,
        DefaultOutboundQueueId: AssociatedQueueIds[0],
        MediaConcurrencies: [
          {
            Channel: 'VOICE',
            Concurrency: 1,
            CrossChannelBehavior: { BehaviorType: 'ROUTE_CURRENT_CHANNEL_ONLY' },
          },
          { Channel: 'CHAT', Concurrency: 2, CrossChannelBehavior: { BehaviorType: 'ROUTE_ANY_CHANNEL' } },
        ],
        NumberOfAssociatedQueues: AssociatedQueueIds.length,
        NumberOfAssociatedManualAssignmentQueues: AssociatedManualAssignmentQueueIds.length,
        AgentAvailabilityTimer: 'TIME_SINCE_LAST_ACTIVITY',
        IsDefault: index === 0,
        AssociatedQueueIds,
        AssociatedManualAssignmentQueueIds,
      };
    },
  },
  securityProfile: {
    id: 'Id',
    arn: 'Arn',
    name: 'SecurityProfileName',
    more: ({ summary }) => ({ OrganizationResourceId: summary.Id }),
    isSearchBrief: true,
  },
  hoursOfOperation: {
    id: 'HoursOfOperationId',
    arn: 'HoursOfOperationArn',
    name: 'Name',
    more: () => ({
      TimeZone: 'Europe/Lisbon',
      Config: ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'].map((Day) => ({
        Day,
        StartTime: { Hours: 8, Minutes: 0 },
        EndTime: { Hours: 18, Minutes: 30 },
      })),
    }),
  },
  hierarchyGroup: {
    id: 'Id',
    arn: 'Arn',
    name: 'Name',
    more: placeOf,
    search: { fields: new Map([['parentid', parentOf]]) },
  },
  view: {
    id: 'Id',
    arn: 'Arn',
    name: 'Name',
    more: () => ({
      ...VIEW,
      Version: 1,
      Content: { InputSchema: '{}', Template: '{}', Actions: ['Submit'] },
    }),
  },
};

/** Members that the summary of a view has too. */
export const VIEW = { Type: 'CUSTOMER_MANAGED', Status: 'PUBLISHED' } as const;

/** The sandbox has no queues of agents, which a search cannot name either. */
function queueType(value: unknown, path: string) {
  if (parseString(value, path) !== 'STANDARD') throw invalidParameter(`${path} must be STANDARD`);
  return () => true;
}
