import {
  KinesisClient,
  ListShardsCommand,
  ListStreamConsumersCommand,
  ListStreamsCommand,
} from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { paginate } from '../../../lib/aws/paginate.js';
import { startAwsService } from '../../support/aws-service.js';

/** Two pages of an operation that refuses some members together with a token, as Kinesis does. */
async function startKinesis(list: string, refused: string[]) {
  const service = await startAwsService(
    ({ json }) => {
      const name = refused.find((member) => member in json && 'NextToken' in json);
      if (name !== undefined) {
        const message = `NextToken and ${name} cannot be provided together.`;
        return { __type: 'InvalidArgumentException', message };
      }
      return { [list]: [{}], ...('NextToken' in json ? {} : { NextToken: 'A' }) };
    },
    { http2: true },
  );
  return { ...service, kinesis: new KinesisClient(service.clientConfig) };
}

describe('an operation that refuses parts of its input together with a token', () => {
  it.each([
    ['a name', { StreamName: 's' }],
    ['an ARN', { StreamARN: 'arn:aws:kinesis:eu-central-1:123456789012:stream/s' }],
    ['a filter', { StreamName: 's', ShardFilter: { Type: 'AT_LATEST' as const } }],
    ['a creation time', { StreamName: 's', StreamCreationTimestamp: new Date(0) }],
    ['a shard to start after', { StreamName: 's', ExclusiveStartShardId: 'shardId-000000000000' }],
  ])(
    'Kinesis ListShards gets the token without what it refuses together with it: %s',
    async (_what, input) => {
      const { kinesis, requests } = await startKinesis('Shards', Object.keys(input));
      const shards = paginate(kinesis, ListShardsCommand, input, { pageSize: 1 });
      expect(await shards.toArray()).toHaveLength(2);
      expect(requests[1]?.json).toEqual({ NextToken: 'A', MaxResults: 1 });
    },
  );

  it('Kinesis ListStreamConsumers gets the stream with each page, because it requires it', async () => {
    const { kinesis, requests } = await startKinesis('Consumers', ['StreamCreationTimestamp']);
    const StreamARN = 'arn:aws:kinesis:eu-central-1:123456789012:stream/s';
    const input = { StreamARN, StreamCreationTimestamp: new Date(0) };
    expect(await paginate(kinesis, ListStreamConsumersCommand, input).toArray()).toHaveLength(2);
    expect(requests[1]?.json).toEqual({ NextToken: 'A', StreamARN });
  });

  it('a Kinesis listing continues at a cursor without the stream, and the cursor still belongs to the stream', async () => {
    const { kinesis, requests } = await startKinesis('Shards', ['StreamName']);
    const shards = paginate(kinesis, ListShardsCommand, { StreamName: 's' });
    const walk = shards.open();
    await walk.next();
    const rest = [];
    for await (const shard of shards.open({ from: walk.cursorAfter })) rest.push(shard);
    expect(rest).toHaveLength(1);
    expect(requests.at(-1)?.json).toEqual({ NextToken: 'A' });
    const other = paginate(kinesis, ListShardsCommand, { StreamName: 'other' });
    expect(() => other.open({ from: walk.cursorAfter })).toThrow('StreamName');
  });

  it('the option firstPageOnly names what is not sent together with a token', async () => {
    const { kinesis, requests } = await startKinesis('StreamSummaries', ['ExclusiveStartStreamName']);
    const streams = paginate(
      kinesis,
      ListStreamsCommand,
      { ExclusiveStartStreamName: 'a' },
      { items: 'StreamSummaries', firstPageOnly: ['ExclusiveStartStreamName'] },
    );
    expect(await streams.toArray()).toHaveLength(2);
    expect(requests[1]?.json).toEqual({ NextToken: 'A' });
  });
});
