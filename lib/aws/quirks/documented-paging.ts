import type { PagingQuirk } from './paging-quirk.js';

/**
 * What API references and bug reports say about paging that the schema of a command does not show, by service id in lower
 * case and operation; `*` holds for all operations of a service.
 */
export const documentedPaging: Readonly<Record<string, Readonly<Record<string, PagingQuirk>>>> = {
  // "You must set MaxResults to receive a value for NextToken in the response"; up to 1,000:
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html
  sqs: {
    ListQueues: { pageSize: 1000 },
    ListDeadLetterSourceQueues: { pageSize: 1000 },
  },
  // "This token is returned only if you included the MaxResults tag in the original command":
  // https://docs.aws.amazon.com/mediastore/latest/apireference/API_ListContainers.html
  mediastore: { ListContainers: { pageSize: 100 } },
  // "If you specify a value for Limit and you have more ... than the value of Limit, AWS WAF returns a NextMarker":
  // https://docs.aws.amazon.com/waf/latest/APIReference/API_waf_ListWebACLs.html
  waf: { '*': { pageSize: 100 } },
  wafregional: { '*': { pageSize: 100 } },
  // The same for MaxResults; some say "If you don't specify this, Firewall Manager returns all available objects":
  // https://docs.aws.amazon.com/fms/2018-01-01/APIReference/API_ListPolicies.html
  fms: { '*': { pageSize: 100 } },
  s3: {
    // Unpaginated requests are rejected in accounts that may have more than 10,000 buckets:
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
    ListBuckets: { pageSize: 10_000 },
    // The parts of the token that EncodingType applies to, by "Response Elements" of each:
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html
    ListObjects: { urlEncoded: ['Marker'] },
    ListObjectVersions: { urlEncoded: ['KeyMarker'] },
    ListMultipartUploads: { urlEncoded: ['KeyMarker'] },
  },
  // "NextToken and StreamName cannot be provided together", and the same for the other members that select a stream
  // or where to start: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListShards.html,
  // https://github.com/boto/botocore/issues/2009, https://github.com/aws/aws-cli/issues/9635. The Kinesis Client Library
  // leaves out ShardFilter, too. ListStreamConsumers requires StreamARN with every page.
  kinesis: {
    ListShards: {
      firstPageOnly: [
        'StreamName',
        'StreamARN',
        'StreamId',
        'StreamCreationTimestamp',
        'ExclusiveStartShardId',
        'ShardFilter',
      ],
    },
    ListStreamConsumers: { firstPageOnly: ['StreamCreationTimestamp'] },
  },
  // It takes Limit and MaxResults; botocore sends Limit:
  // https://docs.aws.amazon.com/config/latest/APIReference/API_SelectAggregateResourceConfig.html
  configservice: { SelectAggregateResourceConfig: { pageSizeKey: 'Limit' } },
};
