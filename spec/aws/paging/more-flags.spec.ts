import { FirehoseClient, ListDeliveryStreamsCommand } from '@aws-sdk/client-firehose';
import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { DownloadDBLogFilePortionCommand, RDSClient } from '@aws-sdk/client-rds';
import { ListHostedZonesCommand, Route53Client } from '@aws-sdk/client-route-53';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { paginate } from '../../../lib/aws/paginate.js';
import { startAwsService } from '../../support/aws-service.js';

const region = 'eu-central-1';

describe("a service's own more-pages flag", () => {
  it('a listing of an RDS log file ends although the last portion has a marker', async () => {
    const { clientConfig, requests } = await startAwsService(({ parameters }) => {
      const page = Number(parameters['Marker'] ?? 0) + 1;
      return `<DownloadDBLogFilePortionResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/">
        <DownloadDBLogFilePortionResult>
          <LogFileData>portion ${page}</LogFileData>
          <Marker>${page}</Marker>
          <AdditionalDataPending>${page < 3}</AdditionalDataPending>
        </DownloadDBLogFilePortionResult>
      </DownloadDBLogFilePortionResponse>`;
    });
    const rds = new RDSClient(clientConfig);
    const input = { DBInstanceIdentifier: 'db', LogFileName: 'error.log' };
    const portions = paginate(rds, DownloadDBLogFilePortionCommand, input, {
      items: ({ LogFileData }) => [LogFileData],
    });
    expect(await portions.toArray()).toEqual(['portion 1', 'portion 2', 'portion 3']);
    expect(requests).toHaveLength(3);
  });

  it.each([
    ['KMS Truncated', keys({ Truncated: false, NextMarker: 'left over' })],
    ['Kinesis HasMoreStreams', streams({ HasMoreStreams: false, NextToken: 'left over' })],
    ['Route 53 IsTruncated', zones({ IsTruncated: false, NextMarker: 'left over' })],
    ['Firehose HasMoreDeliveryStreams', deliveryStreams({ HasMoreDeliveryStreams: false })],
  ])('a listing ends when the more-pages flag is false, whatever the token: %s', async (_what, listing) => {
    const walk = listing.open();
    expect(await walk.next()).toMatchObject({ done: false });
    expect(await walk.next()).toMatchObject({ done: true });
    expect(walk.end).toMatchObject({ reason: 'exhausted' });
  });

  it.each([
    ['KMS Truncated', keys({ Truncated: true }), 'Truncated'],
    ['Kinesis HasMoreStreams', streams({ HasMoreStreams: true }), 'HasMoreStreams'],
    ['Route 53 IsTruncated', zones({ IsTruncated: true }), 'IsTruncated'],
    ['S3 IsTruncated', objects({ IsTruncated: true }), 'IsTruncated'],
  ])(
    'a listing fails when the more-pages flag is true and there is no token: %s',
    async (_what, listing, flag) => {
      await expect(listing.toArray()).rejects.toMatchObject({
        code: 'ERR_PAGE_INVALID',
        message: expect.stringMatching(new RegExp(`reports more pages \\(${flag}\\).*pass the option next`)),
      });
    },
  );

  it.each([
    ['KMS Truncated', keys({ NextMarker: 'more' })],
    ['Kinesis HasMoreStreams', streams({ NextToken: 'more' })],
  ])('the token decides where a service leaves out its more-pages flag: %s', async (_what, listing) => {
    // The mock repeats its page, and so the token, which a listing that had ended would not notice.
    await expect(listing.toArray()).rejects.toMatchObject({ code: 'ERR_TOKEN_CYCLE' });
  });

  it('the option more names the more-pages flag', async () => {
    const kms = new KMSClient({ region });
    mockClient(kms)
      .on(ListKeysCommand)
      .resolves({ Keys: [{ KeyId: 'a' }], NextMarker: 'left over', Truncated: false });
    const options = { items: 'Keys', token: 'Marker', next: 'NextMarker', more: 'Truncated' } as const;
    expect(await paginate(kms, ListKeysCommand, {}, options).toArray()).toHaveLength(1);
  });

  it('a more-pages flag that is not a boolean is an error', async () => {
    const listing = keys({ Truncated: 'no', NextMarker: 'A' });
    await expect(listing.toArray()).rejects.toMatchObject({
      code: 'ERR_PAGE_INVALID',
      message: 'KMS.ListKeys: Truncated must be a boolean, received string',
    });
  });
});

function keys(rest: object) {
  const kms = new KMSClient({ region });
  mockClient(kms)
    .on(ListKeysCommand)
    .resolves({ Keys: [{ KeyId: 'a' }], ...rest });
  return paginate(kms, ListKeysCommand, {});
}

function streams(rest: object) {
  const kinesis = new KinesisClient({ region });
  mockClient(kinesis)
    .on(ListStreamsCommand)
    .resolves({ StreamNames: ['a'], HasMoreStreams: undefined, ...rest });
  return paginate(kinesis, ListStreamsCommand, {}, { items: 'StreamNames' });
}

function zones(rest: object) {
  const route53 = new Route53Client({ region });
  const zone = { Id: 'a', Name: 'a', CallerReference: 'a' };
  mockClient(route53)
    .on(ListHostedZonesCommand)
    .resolves({ HostedZones: [zone], Marker: '', IsTruncated: undefined, MaxItems: 1, ...rest });
  return paginate(route53, ListHostedZonesCommand, {});
}

function deliveryStreams(rest: object) {
  const firehose = new FirehoseClient({ region });
  mockClient(firehose)
    .on(ListDeliveryStreamsCommand)
    .resolves({ DeliveryStreamNames: ['a'], HasMoreDeliveryStreams: undefined, ...rest });
  return paginate(firehose, ListDeliveryStreamsCommand, {});
}

function objects(rest: object) {
  const s3 = new S3Client({ region });
  mockClient(s3)
    .on(ListObjectsV2Command)
    .resolves({ Contents: [{ Key: 'a' }], ...rest });
  return paginate(s3, ListObjectsV2Command, { Bucket: 'x' }, { items: 'Contents' });
}
