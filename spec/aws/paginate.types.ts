/**
 * What the type checker says about `paginate`, checked by `tsc` alone; nothing here runs. A line below `@ts-expect-error`
 * must not compile, every other line must.
 */
import {
  type CloudFrontClient,
  type DistributionSummary,
  ListDistributionsCommand,
} from '@aws-sdk/client-cloudfront';
import {
  type CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  type FilteredLogEvent,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  type LogGroup,
  type OutputLogEvent,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  type ConnectClient,
  DescribeUserCommand,
  type DescribeUserCommandOutput,
  GetCurrentMetricDataCommand,
  ListQueuesCommand,
  ListUsersCommand,
  type QueueSummary,
  SearchUsersCommand,
  type UserSearchSummary,
  type UserSummary,
} from '@aws-sdk/client-connect';
import {
  type AttributeValue,
  type DynamoDBClient,
  ListTablesCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import {
  GetAccountAuthorizationDetailsCommand,
  type IAMClient,
  ListEntitiesForPolicyCommand,
  ListUsersCommand as ListIamUsersCommand,
  type PolicyUser,
  type User,
} from '@aws-sdk/client-iam';
import { DescribeStreamCommand, type KinesisClient, type Shard } from '@aws-sdk/client-kinesis';
import { DescribeEngineDefaultParametersCommand, type Parameter, type RDSClient } from '@aws-sdk/client-rds';
import {
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  type Route53Client,
} from '@aws-sdk/client-route-53';
import {
  type _Object,
  type CommonPrefix,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  type ObjectVersion,
  type Part,
  type S3Client,
} from '@aws-sdk/client-s3';
import { type DynamoDBDocumentClient, ScanCommand as ScanDocumentsCommand } from '@aws-sdk/lib-dynamodb';
import { expectTypeOf } from 'vitest';
import type { CommandClass, OnlyListOf, TokenNamesOf } from '../../lib/aws/command.js';
import { createSender } from '../../lib/aws/create-sender.js';
import { paginate } from '../../lib/aws/paginate.js';
import { settled } from '../../lib/aws/settled.js';
import type { Listing } from '../../lib/listing/listing.js';

declare const connect: ConnectClient;
declare const iam: IAMClient;
declare const s3: S3Client;
declare const logs: CloudWatchLogsClient;
declare const dynamo: DynamoDBClient;
declare const documents: DynamoDBDocumentClient;
declare const cloudfront: CloudFrontClient;
declare const rds: RDSClient;
declare const kinesis: KinesisClient;
declare const route53: Route53Client;
const InstanceId = 'x';

// The item type follows from the command.
expectTypeOf(paginate(connect, ListUsersCommand, { InstanceId })).toEqualTypeOf<Listing<UserSummary>>();
expectTypeOf(paginate(connect, ListQueuesCommand, { InstanceId })).toEqualTypeOf<Listing<QueueSummary>>();
expectTypeOf(paginate(connect, SearchUsersCommand, { InstanceId })).toEqualTypeOf<
  Listing<UserSearchSummary>
>();
expectTypeOf(paginate(iam, ListIamUsersCommand, {})).toEqualTypeOf<Listing<User>>();
expectTypeOf(paginate(logs, DescribeLogGroupsCommand, {})).toEqualTypeOf<Listing<LogGroup>>();
expectTypeOf(paginate(logs, GetLogEventsCommand, { logStreamName: 'x' })).toEqualTypeOf<
  Listing<OutputLogEvent>
>();
expectTypeOf(paginate(dynamo, ListTablesCommand, {})).toEqualTypeOf<Listing<string>>();
expectTypeOf(paginate(dynamo, QueryCommand, { TableName: 'x' })).toEqualTypeOf<
  Listing<Record<string, AttributeValue>>
>();
expectTypeOf(paginate(dynamo, ScanCommand, { TableName: 'x' })).toEqualTypeOf<
  Listing<Record<string, AttributeValue>>
>();
expectTypeOf(paginate(s3, ListPartsCommand, { Bucket: 'x', Key: 'x', UploadId: 'x' })).toEqualTypeOf<
  Listing<Part>
>();

// Every paged command of the Connect client is plain: a known pair of token names, and one list.
type Connect = typeof import('@aws-sdk/client-connect');
type Commands = { [K in keyof Connect as Connect[K] extends CommandClass ? K : never]: Connect[K] };
type PagedOf<C> = {
  [K in keyof C]: C[K] extends CommandClass ? Unless<TokenNamesOf<C[K]>, K> : never;
}[keyof C];
type UnclearOf<C> = {
  [K in keyof C]: C[K] extends CommandClass
    ? Unless<TokenNamesOf<C[K]>, [OnlyListOf<C[K]>] extends [never] ? K : never>
    : never;
}[keyof C];
type Unless<N, T> = [N] extends [never] ? never : T;
type Paged = PagedOf<Commands>;
type Unclear = UnclearOf<Commands>;
expectTypeOf<Unclear>().toBeNever();
expectTypeOf<'ListUsersCommand' | 'SearchUsersCommand' | 'GetMetricDataV2Command'>().toExtend<Paged>();
expectTypeOf<Extract<Paged, 'DescribeUserCommand' | 'CreateUserCommand'>>().toBeNever();

// Options know the item.
paginate(connect, ListUsersCommand, { InstanceId }, { key: (user) => user.Username ?? '' });
paginate(connect, ListUsersCommand, { InstanceId } as const, { pageSize: 100, retry: false, pace: false });
// @ts-expect-error a misspelt option
paginate(connect, ListUsersCommand, { InstanceId }, { pagesize: 100 });
// @ts-expect-error a key that is no string
paginate(connect, ListUsersCommand, { InstanceId }, { key: (user) => user });

// A command that is not paged does not compile.
// @ts-expect-error
paginate(connect, DescribeUserCommand, { InstanceId, UserId: 'x' });

// Neither does a command of another service, nor an input that is not the command's.
// @ts-expect-error
paginate(connect, ListIamUsersCommand, {});
// @ts-expect-error
paginate(iam, ListUsersCommand, { InstanceId });
// @ts-expect-error
paginate(connect, ListUsersCommand, { InstanceId: 3 });
// @ts-expect-error
paginate(connect, ListUsersCommand, { InstanceId, instanceId: 'x' });
// @ts-expect-error
paginate(s3, ListObjectsV2Command, {}, { items: 'Contents' });

// Several lists: `items` says which.
// @ts-expect-error
paginate(iam, ListEntitiesForPolicyCommand, { PolicyArn: 'x' });
// @ts-expect-error
paginate(iam, ListEntitiesForPolicyCommand, { PolicyArn: 'x' }, { pageSize: 3 }).take(1);
// @ts-expect-error
paginate(iam, GetAccountAuthorizationDetailsCommand, {});
// @ts-expect-error
paginate(logs, FilterLogEventsCommand, {});
// @ts-expect-error
paginate(s3, ListObjectsV2Command, { Bucket: 'x' }, { items: 'KeyCount' });
expectTypeOf(
  paginate(iam, ListEntitiesForPolicyCommand, { PolicyArn: 'x' }, { items: 'PolicyUsers' }),
).toEqualTypeOf<Listing<PolicyUser>>();
expectTypeOf(paginate(logs, FilterLogEventsCommand, {}, { items: 'events', pageSize: 10 })).toEqualTypeOf<
  Listing<FilteredLogEvent>
>();
expectTypeOf(
  paginate(
    s3,
    ListObjectsV2Command,
    { Bucket: 'x' },
    { items: 'Contents', key: (object) => object.Key ?? '' },
  ),
).toEqualTypeOf<Listing<_Object>>();

// A function reaches a nested list, or makes one of two.
expectTypeOf(
  paginate(
    s3,
    ListObjectsV2Command,
    { Bucket: 'x', Delimiter: '/' },
    { items: (page) => [...(page.CommonPrefixes ?? []), ...(page.Contents ?? [])] },
  ),
).toEqualTypeOf<Listing<CommonPrefix | _Object>>();
expectTypeOf(
  paginate(s3, ListBucketsCommand, {}, { items: (page) => page.Buckets?.map((b) => b.Name) }),
).toEqualTypeOf<Listing<string | undefined>>();

// Names are the command's own, and a must where none is known.
paginate(connect, GetCurrentMetricDataCommand, {} as never, {
  token: 'NextToken',
  pageSizeKey: 'MaxResults',
});
// @ts-expect-error
paginate(connect, ListUsersCommand, { InstanceId }, { token: 'nextToken' });
// @ts-expect-error
paginate(connect, DescribeUserCommand, {} as never, { items: (page) => [page.User] });
paginate(connect, DescribeUserCommand, {} as never, {
  items: (page) => [page.User],
  token: 'UserId',
  next: (page) => page.User?.Id,
});

// Tokens in structures, in the last item and in several parts are known, and so are the lists next to them.
expectTypeOf(paginate(cloudfront, ListDistributionsCommand, {})).toEqualTypeOf<
  Listing<DistributionSummary>
>();
expectTypeOf(
  paginate(rds, DescribeEngineDefaultParametersCommand, { DBParameterGroupFamily: 'x' }),
).toEqualTypeOf<Listing<Parameter>>();
expectTypeOf(paginate(kinesis, DescribeStreamCommand, { StreamName: 'x' })).toEqualTypeOf<Listing<Shard>>();
expectTypeOf(paginate(route53, ListResourceRecordSetsCommand, { HostedZoneId: 'x' })).toEqualTypeOf<
  Listing<ResourceRecordSet>
>();
expectTypeOf(paginate(s3, ListObjectVersionsCommand, { Bucket: 'x' }, { items: 'Versions' })).toEqualTypeOf<
  Listing<ObjectVersion>
>();
expectTypeOf(paginate(documents, ScanDocumentsCommand, { TableName: 'x' })).toExtend<
  AsyncIterable<Record<string, unknown>>
>();

// Paths are those of the output.
expectTypeOf(
  paginate(
    cloudfront,
    ListDistributionsCommand,
    {},
    {
      items: 'DistributionList.Items',
      token: 'Marker',
      next: 'DistributionList.Items[-1].Id',
      more: 'DistributionList.IsTruncated',
      firstPageOnly: ['MaxItems'],
    },
  ),
).toEqualTypeOf<Listing<DistributionSummary>>();
paginate(
  s3,
  ListObjectVersionsCommand,
  { Bucket: 'x' },
  {
    items: 'Versions',
    token: ['KeyMarker', 'VersionIdMarker'],
    next: ['Versions[-1].Key', 'NextVersionIdMarker'],
  },
);
// @ts-expect-error a list that is not in the structure
paginate(cloudfront, ListDistributionsCommand, {}, { items: 'DistributionList.NextMarker' });
// @ts-expect-error a path that does not exist
paginate(cloudfront, ListDistributionsCommand, {}, { next: 'DistributionList.Token' });
// @ts-expect-error the last item of something that is not a list
paginate(cloudfront, ListDistributionsCommand, {}, { next: 'DistributionList[-1].NextMarker' });
// @ts-expect-error a flag that is not a boolean
paginate(cloudfront, ListDistributionsCommand, {}, { more: 'DistributionList.Quantity' });
// @ts-expect-error a member that is not in the input
paginate(cloudfront, ListDistributionsCommand, {}, { firstPageOnly: ['Id'] });

// A sender takes and gives what its command does, and keeps its types through mapAsync and settled.
const describe = createSender(connect, DescribeUserCommand);
expectTypeOf(describe({ InstanceId, UserId: 'x' })).toEqualTypeOf<Promise<DescribeUserCommandOutput>>();
// @ts-expect-error
describe({ InstanceId });
// @ts-expect-error
createSender(iam, DescribeUserCommand);
const described = paginate(connect, ListUsersCommand, { InstanceId }).mapAsync(
  settled((user, call) => describe({ InstanceId, UserId: user.Id }, call)),
);
expectTypeOf(described.find(() => true)).resolves.toMatchTypeOf<{ item: UserSummary } | undefined>();
described.map(({ item, value, error }) => {
  expectTypeOf(item).toEqualTypeOf<UserSummary>();
  if (error) {
    expectTypeOf(value).toEqualTypeOf<undefined>();
    return expectTypeOf(error).toEqualTypeOf<Error>();
  }
  return expectTypeOf(value).toEqualTypeOf<DescribeUserCommandOutput>();
});
// @ts-expect-error a misspelt option
settled(async (user: UserSummary) => user, { wen: () => true });
