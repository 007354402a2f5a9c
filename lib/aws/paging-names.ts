/**
 * Where AWS operations take a page token and where they return the next one, in order of preference: S3 and Route 53 echo
 * `Marker` next to the next token. Several names are the parts of one token. The schema of a command contains no
 * pagination traits, so these come from the public paginators of botocore (Apache-2.0, scripts/paginators.tsv) and, below
 * them, from the API references of operations that botocore does not page.
 */
export const TOKEN_NAMES = [
  ['NextToken', 'NextToken'],
  ['nextToken', 'nextToken'],
  ['nextToken', 'nextForwardToken'],
  ['startingToken', 'nextToken'],
  ['StartingToken', 'NextToken'],
  ['ContinuationToken', 'NextContinuationToken'],
  ['ContinuationToken', 'ContinuationToken'],
  ['continuationToken', 'continuationToken'],
  ['Marker', 'NextMarker'],
  ['Marker', 'NextPageMarker'],
  ['Marker', 'Marker'],
  ['marker', 'nextMarker'],
  ['marker', 'marker'],
  ['marker', 'Marker'],
  ['NextMarker', 'NextMarker'],
  ['PartNumberMarker', 'NextPartNumberMarker'],
  ['PaginationToken', 'PaginationToken'],
  ['NextPageToken', 'NextPageToken'],
  ['nextPageToken', 'nextPageToken'],
  ['PageToken', 'NextPageToken'],
  ['pageToken', 'nextPageToken'],
  ['PageToken', 'PageToken'],
  ['position', 'position'],
  ['ExclusiveStartKey', 'LastEvaluatedKey'],
  ['ExclusiveStartTableName', 'LastEvaluatedTableName'],
  ['ExclusiveStartBackupArn', 'LastEvaluatedBackupArn'],
  // DynamoDB, DynamoDB Streams.
  ['ExclusiveStartGlobalTableName', 'LastEvaluatedGlobalTableName'],
  ['ExclusiveStartStreamArn', 'LastEvaluatedStreamArn'],
  ['ExclusiveStartShardId', 'StreamDescription.LastEvaluatedShardId'],
  // Pinpoint, Lightsail, Route 53.
  ['Token', 'NextToken'],
  ['pageToken', 'nextForwardToken'],
  ['TrafficPolicyIdMarker', 'TrafficPolicyIdMarker'],
  ['TrafficPolicyVersionMarker', 'TrafficPolicyVersionMarker'],
  // Tokens in several parts: S3, Route 53.
  [
    ['KeyMarker', 'VersionIdMarker'],
    ['NextKeyMarker', 'NextVersionIdMarker'],
  ],
  [
    ['KeyMarker', 'UploadIdMarker'],
    ['NextKeyMarker', 'NextUploadIdMarker'],
  ],
  [
    ['StartRecordName', 'StartRecordType', 'StartRecordIdentifier'],
    ['NextRecordName', 'NextRecordType', 'NextRecordIdentifier'],
  ],
  [
    ['DNSName', 'HostedZoneId'],
    ['NextDNSName', 'NextHostedZoneId'],
  ],
  [
    ['StartContinentCode', 'StartCountryCode', 'StartSubdivisionCode'],
    ['NextContinentCode', 'NextCountryCode', 'NextSubdivisionCode'],
  ],
  [
    ['HostedZoneIdMarker', 'TrafficPolicyInstanceNameMarker', 'TrafficPolicyInstanceTypeMarker'],
    ['HostedZoneIdMarker', 'TrafficPolicyInstanceNameMarker', 'TrafficPolicyInstanceTypeMarker'],
  ],
  [
    ['TrafficPolicyInstanceNameMarker', 'TrafficPolicyInstanceTypeMarker'],
    ['TrafficPolicyInstanceNameMarker', 'TrafficPolicyInstanceTypeMarker'],
  ],
  // Tokens that are a member of the last item: Kinesis, Firehose, Kinesis Analytics.
  ['ExclusiveStartShardId', 'StreamDescription.Shards[-1].ShardId'],
  ['ExclusiveStartTagKey', 'Tags[-1].Key'],
  ['ExclusiveStartDeliveryStreamName', 'DeliveryStreamNames[-1]'],
  ['ExclusiveStartDestinationId', 'DeliveryStreamDescription.Destinations[-1].DestinationId'],
  ['ExclusiveStartApplicationName', 'ApplicationSummaries[-1].ApplicationName'],
] as const;

/** The names of the page size in the input of AWS operations, from the same paginators. */
export const PAGE_SIZE_NAMES = [
  'MaxResults',
  'maxResults',
  'MaxItems',
  'maxItems',
  'MaxRecords',
  'MaxKeys',
  'MaxParts',
  'MaxUploads',
  'MaxBuckets',
  'maxBuckets',
  'maxNamespaces',
  'maxTables',
  'MaxDirectoryBuckets',
  'MaxAnnotationResults',
  'MaxNumberOfDomains',
  'MaxDatapoints',
  'MaxRows',
  'MaxJobs',
  'Limit',
  'limit',
  'PageSize',
  'pageSize',
  'maximumPageSize',
  'ResourcesPerPage',
  'NumberOfLines',
] as const;

/**
 * The names of a service's own flag that there are more pages, such as `IsTruncated`, `Truncated`, `HasMoreStreams`,
 * `hasMoreResults`, `AdditionalRoutesAvailable` and `AdditionalDataPending`: all of those paginators, and of Firehose
 * and Kinesis Analytics, which botocore does not page. Only members that are booleans count.
 */
export const MORE_NAME = /^(is)?truncated$|^hasMore|^additional\w*(Available|Pending)$/i;
