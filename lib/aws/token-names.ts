/**
 * The names of page tokens in the input and the output of AWS operations, in order of preference: S3 echoes `Marker` and
 * `ContinuationToken` next to the next token. Taken from the SDK's generated paginators, because the schema of a command
 * contains no pagination traits.
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

/** The names of the page size in the input of AWS operations, from the same paginators. */
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
