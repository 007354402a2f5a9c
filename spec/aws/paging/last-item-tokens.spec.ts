import {
  DescribeStreamCommand as DescribeTableStreamCommand,
  DynamoDBStreamsClient,
} from '@aws-sdk/client-dynamodb-streams';
import {
  DescribeDeliveryStreamCommand,
  FirehoseClient,
  ListDeliveryStreamsCommand,
  ListTagsForDeliveryStreamCommand,
} from '@aws-sdk/client-firehose';
import { DescribeStreamCommand, KinesisClient, ListTagsForStreamCommand } from '@aws-sdk/client-kinesis';
import { ListObjectsCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { paginate } from '../../../lib/aws/paginate.js';
import { startAwsService } from '../../support/aws-service.js';

const NAMES = ['a', 'b', 'c', 'd', 'e'];

/** Two names after a start, and whether there are more. */
function page(start: unknown): { names: string[]; more: boolean } {
  const at = NAMES.indexOf(String(start)) + 1;
  return { names: NAMES.slice(at, at + 2), more: at + 2 < NAMES.length };
}

describe('a token that is a member of the last item', () => {
  it('S3 objects are listed without a delimiter, where the service returns no NextMarker', async () => {
    const { clientConfig, requests } = await startAwsService(({ parameters }) => {
      const { names, more } = page(parameters['marker']);
      const rows = names.map((name) => `<Contents><Key>${name}</Key></Contents>`);
      return `<ListBucketResult><IsTruncated>${more}</IsTruncated>${rows.join('')}</ListBucketResult>`;
    });
    const s3 = new S3Client({ ...clientConfig, forcePathStyle: true });
    const objects = paginate(s3, ListObjectsCommand, { Bucket: 'x' }, { items: 'Contents' });
    expect((await objects.toArray()).map(({ Key }) => Key)).toEqual(NAMES);
    expect(requests.map(({ parameters }) => parameters['marker'])).toEqual([undefined, 'b', 'd']);
  });

  it('the key of the last S3 object gives way to NextMarker where S3 returns one', async () => {
    const { clientConfig, requests } = await startAwsService(({ parameters }) => {
      const isFirst = parameters['marker'] === undefined;
      return `<ListBucketResult><IsTruncated>${isFirst}</IsTruncated>
        ${isFirst ? '<NextMarker>p/</NextMarker>' : ''}<Contents><Key>a</Key></Contents></ListBucketResult>`;
    });
    const s3 = new S3Client({ ...clientConfig, forcePathStyle: true });
    await paginate(s3, ListObjectsCommand, { Bucket: 'x' }, { items: 'Contents' }).toArray();
    expect(requests.map(({ parameters }) => parameters['marker'])).toEqual([undefined, 'p/']);
  });

  it('the shards of a Kinesis stream are listed until HasMoreShards is false', async () => {
    const { clientConfig } = await startAwsService(
      ({ json }) => {
        const { names, more } = page(json['ExclusiveStartShardId']);
        const Shards = names.map((ShardId) => ({ ShardId }));
        return { StreamDescription: { Shards, HasMoreShards: more, EnhancedMonitoring: [] } };
      },
      { http2: true },
    );
    const shards = paginate(new KinesisClient(clientConfig), DescribeStreamCommand, { StreamName: 's' });
    expect((await shards.toArray()).map(({ ShardId }) => ShardId)).toEqual(NAMES);
  });

  it('the tags of a Kinesis stream are listed by the key of the last one', async () => {
    const { clientConfig } = await startAwsService(({ json }) => tags(json), { http2: true });
    const kinesis = new KinesisClient(clientConfig);
    const all = await paginate(kinesis, ListTagsForStreamCommand, { StreamName: 's' }).toArray();
    expect(all.map(({ Key }) => Key)).toEqual(NAMES);
  });

  it('the delivery streams of Firehose are listed by their own names', async () => {
    const { clientConfig } = await startAwsService(({ json }) => {
      const { names, more } = page(json['ExclusiveStartDeliveryStreamName']);
      return { DeliveryStreamNames: names, HasMoreDeliveryStreams: more };
    });
    const streams = paginate(new FirehoseClient(clientConfig), ListDeliveryStreamsCommand, {});
    expect(await streams.toArray()).toEqual(NAMES);
  });

  it('the tags and the destinations of a Firehose stream are listed by the last one', async () => {
    const { clientConfig } = await startAwsService(({ json }) => {
      if ('ExclusiveStartTagKey' in json || json['Limit'] === 2) return tags(json);
      const { names, more } = page(json['ExclusiveStartDestinationId']);
      const Destinations = names.map((DestinationId) => ({ DestinationId }));
      return { DeliveryStreamDescription: { Destinations, HasMoreDestinations: more } };
    });
    const firehose = new FirehoseClient(clientConfig);
    const input = { DeliveryStreamName: 's' };
    const all = paginate(firehose, ListTagsForDeliveryStreamCommand, input, { pageSize: 2 });
    expect((await all.toArray()).map(({ Key }) => Key)).toEqual(NAMES);
    const destinations = await paginate(firehose, DescribeDeliveryStreamCommand, input).toArray();
    expect(destinations.map(({ DestinationId }) => DestinationId)).toEqual(NAMES);
  });

  it('the last shard is not the token where the service names one, as DynamoDB Streams does', async () => {
    const { clientConfig } = await startAwsService(({ json }) => {
      const { names, more } = page(json['ExclusiveStartShardId']);
      const Shards = names.map((ShardId) => ({ ShardId }));
      return { StreamDescription: { Shards, ...(more ? { LastEvaluatedShardId: names.at(-1) } : {}) } };
    });
    const streams = new DynamoDBStreamsClient(clientConfig);
    const shards = paginate(
      streams,
      DescribeTableStreamCommand,
      { StreamArn: 'a' },
      { items: 'StreamDescription.Shards' },
    );
    expect((await shards.toArray()).map(({ ShardId }) => ShardId)).toEqual(NAMES);
  });
});

function tags(json: Readonly<Record<string, unknown>>) {
  const { names, more } = page(json['ExclusiveStartTagKey']);
  return { Tags: names.map((Key) => ({ Key, Value: '' })), HasMoreTags: more };
}
