/**
 * The names under which AWS operations take and give page tokens, in the order of preference: S3 echoes
 * `Marker` and `ContinuationToken` beside the next one. From the generated paginators of the SDK; no pagination trait survives into the
 * schemas a command carries.
 */
export const TOKEN_NAMES = [
  ['NextToken', 'NextToken'],
  ['nextToken', 'nextToken'],
  ['nextToken', 'nextForwardToken'],
  ['ContinuationToken', 'NextContinuationToken'],
  ['ContinuationToken', 'ContinuationToken'],
  ['Marker', 'NextMarker'],
  ['Marker', 'Marker'],
  ['marker', 'nextMarker'],
  ['marker', 'marker'],
  ['NextMarker', 'NextMarker'],
  ['PartNumberMarker', 'NextPartNumberMarker'],
  ['PaginationToken', 'PaginationToken'],
  ['NextPageToken', 'NextPageToken'],
  ['nextPageToken', 'nextPageToken'],
  ['PageToken', 'NextPageToken'],
  ['pageToken', 'nextPageToken'],
  ['position', 'position'],
  ['ExclusiveStartKey', 'LastEvaluatedKey'],
  ['ExclusiveStartTableName', 'LastEvaluatedTableName'],
  ['ExclusiveStartBackupArn', 'LastEvaluatedBackupArn'],
  ['ExclusiveStartStreamArn', 'LastEvaluatedStreamArn'],
] as const;

/** The names under which AWS operations take the size of a page; from the same paginators. */
export const PAGE_SIZE_NAMES = [
  'MaxResults',
  'maxResults',
  'MaxItems',
  'maxItems',
  'MaxKeys',
  'MaxParts',
  'MaxBuckets',
  'MaxDirectoryBuckets',
  'MaxAnnotationResults',
  'Limit',
  'limit',
  'PageSize',
  'pageSize',
] as const;
