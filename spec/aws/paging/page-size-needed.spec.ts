import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { ListDeadLetterSourceQueuesCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { paginate } from '../../../lib/aws/paginate.js';
import { pagingQuirkOf } from '../../../lib/aws/quirks/paging-quirk-of.js';
import { startAwsService } from '../../support/aws-service.js';

const QUEUES = 2097;

/** SQS as it is: without MaxResults, the first 1,000 queues and no token. */
function sqsPage({ MaxResults, NextToken = '0' }: { MaxResults?: number; NextToken?: string }, name: string) {
  const from = Number(NextToken);
  const to = Math.min(QUEUES, from + (MaxResults ?? 1000));
  const urls = Array.from({ length: to - from }, (_, i) => `https://sqs/queue-${from + i}`);
  return { [name]: urls, ...(MaxResults !== undefined && to < QUEUES ? { NextToken: String(to) } : {}) };
}

describe('an operation that pages only when a size is sent', () => {
  it('SQS lists all of 2,097 queues, because the largest page size is sent', async () => {
    const { clientConfig, requests } = await startAwsService(({ json }) => sqsPage(json, 'QueueUrls'));
    const queues = await paginate(new SQSClient(clientConfig), ListQueuesCommand, {}).toArray();
    expect(new Set(queues).size).toBe(QUEUES);
    expect(requests.map(({ json }) => json)).toEqual([
      { MaxResults: 1000 },
      { MaxResults: 1000, NextToken: '1000' },
      { MaxResults: 1000, NextToken: '2000' },
    ]);
  });

  it('SQS lists all of 2,097 source queues of a dead letter queue', async () => {
    const { clientConfig } = await startAwsService(({ json }) => sqsPage(json, 'queueUrls'));
    const sqs = new SQSClient(clientConfig);
    const queues = paginate(sqs, ListDeadLetterSourceQueuesCommand, { QueueUrl: 'https://sqs/dead' });
    expect(await queues.toArray()).toHaveLength(QUEUES);
  });

  it('a page size of the caller, in the options or in the input, replaces the one that is sent by default', async () => {
    const { clientConfig, requests } = await startAwsService(({ json }) => sqsPage(json, 'QueueUrls'));
    const sqs = new SQSClient(clientConfig);
    await paginate(sqs, ListQueuesCommand, {}, { pageSize: 300 }).take(1).toArray();
    await paginate(sqs, ListQueuesCommand, { MaxResults: 400 }).take(1).toArray();
    expect(requests.map(({ json }) => json['MaxResults'])).toEqual([300, 400]);
  });

  it('S3 ListBuckets gets a page size, because S3 rejects requests without one in large accounts', async () => {
    const { clientConfig, requests } = await startAwsService(
      () =>
        '<ListAllMyBucketsResult><Buckets><Bucket><Name>a</Name></Bucket></Buckets></ListAllMyBucketsResult>',
    );
    expect(await paginate(new S3Client(clientConfig), ListBucketsCommand, {}).toArray()).toHaveLength(1);
    expect(requests[0]?.parameters).toMatchObject({ 'max-buckets': '10000' });
  });

  it.each([
    ['MediaStore', 'ListContainers', 100],
    ['WAF', 'ListWebACLs', 100],
    ['WAFRegional', 'ListXssMatchSets', 100],
    ['FMS', 'ListPolicies', 100],
  ])('the documented maximum is sent with %s.%s', (service, operation, pageSize) => {
    expect(pagingQuirkOf(service, operation)).toMatchObject({ pageSize });
  });
});

it('the service of a client without a configuration is recognised by the namespace of the command', async () => {
  const sent: unknown[] = [];
  const client = {
    middlewareStack: new SQSClient({ region: 'eu-central-1' }).middlewareStack,
    async send({ input }: { readonly input: object }) {
      sent.push(input);
      return { QueueUrls: [] };
    },
  };
  await paginate(client, ListQueuesCommand, {}).toArray();
  expect(sent).toEqual([{ MaxResults: 1000 }]);
});
