import { APIGatewayClient, GetRestApisCommand } from '@aws-sdk/client-api-gateway';
import {
  CloudFrontClient,
  ListCachePoliciesCommand,
  ListDistributionsCommand,
  ListFunctionsCommand,
} from '@aws-sdk/client-cloudfront';
import { DescribeStreamCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { DescribeEngineDefaultParametersCommand, RDSClient } from '@aws-sdk/client-rds';
import { DescribeDefaultClusterParametersCommand, RedshiftClient } from '@aws-sdk/client-redshift';
import { GetObjectAttributesCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { paginate } from '../../../lib/aws/paginate.js';
import { startAwsService } from '../../support/aws-service.js';

describe('a list and a token in a structure of the output', () => {
  it('the list and the token in a structure of CloudFront are found, next to the marker that it echoes', async () => {
    const { clientConfig, requests } = await startAwsService(({ parameters }) => {
      const { Marker: marker = '' } = parameters;
      const page = marker === '' ? 1 : Number(marker);
      return `<DistributionList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
        <Marker>${marker}</Marker>${page < 3 ? `<NextMarker>${page + 1}</NextMarker>` : ''}
        <MaxItems>1</MaxItems><IsTruncated>${page < 3}</IsTruncated><Quantity>1</Quantity>
        <Items><DistributionSummary><Id>d${page}</Id></DistributionSummary></Items>
      </DistributionList>`;
    });
    const cloudfront = new CloudFrontClient(clientConfig);
    const distributions = await paginate(cloudfront, ListDistributionsCommand, {}, { pageSize: 1 }).toArray();
    expect(distributions.map(({ Id }) => Id)).toEqual(['d1', 'd2', 'd3']);
    expect(requests.map(({ parameters }) => parameters)).toEqual([
      { MaxItems: '1' },
      { MaxItems: '1', Marker: '2' },
      { MaxItems: '1', Marker: '3' },
    ]);
  });

  it.each([
    ['RDS', 'EngineDefaults'],
    ['Redshift', 'DefaultClusterParameters'],
  ] as const)('the list and the token in the parameters of %s are found', async (service, structure) => {
    const operation =
      service === 'RDS' ? 'DescribeEngineDefaultParameters' : 'DescribeDefaultClusterParameters';
    const { clientConfig, requests } = await startAwsService(({ parameters }) => {
      const page = Number(parameters['Marker'] ?? 1);
      return `<${operation}Response><${operation}Result><${structure}>
        ${page < 3 ? `<Marker>${page + 1}</Marker>` : ''}
        <Parameters><Parameter><ParameterName>p${page}</ParameterName></Parameter></Parameters>
      </${structure}></${operation}Result></${operation}Response>`;
    });
    const parameters =
      service === 'RDS'
        ? paginate(new RDSClient(clientConfig), DescribeEngineDefaultParametersCommand, {
            DBParameterGroupFamily: 'f',
          })
        : paginate(new RedshiftClient(clientConfig), DescribeDefaultClusterParametersCommand, {
            ParameterGroupFamily: 'f',
          });
    const names = [];
    for await (const { ParameterName } of parameters) names.push(ParameterName);
    expect(names).toEqual(['p1', 'p2', 'p3']);
    expect(requests).toHaveLength(3);
  });

  it('CloudFront policies and functions are listed, which botocore does not page', async () => {
    const cloudfront = new CloudFrontClient({ region: 'eu-central-1' });
    const mock = mockClient(cloudfront);
    mock
      .on(ListCachePoliciesCommand, { Marker: undefined })
      .resolves({ CachePolicyList: { MaxItems: 1, Quantity: 1, Items: [], NextMarker: 'A' } })
      .on(ListCachePoliciesCommand, { Marker: 'A' })
      .resolves({ CachePolicyList: { MaxItems: 1, Quantity: 0, Items: [] } })
      .on(ListFunctionsCommand)
      .resolves({ FunctionList: { MaxItems: 1, Quantity: 0, Items: [] } });
    await paginate(cloudfront, ListCachePoliciesCommand, {}).toArray();
    await paginate(cloudfront, ListFunctionsCommand, {}).toArray();
    expect(mock.calls()).toHaveLength(3);
  });

  it('the parts of an S3 object are listed until IsTruncated next to them is false', async () => {
    const s3 = new S3Client({ region: 'eu-central-1' });
    const mock = mockClient(s3);
    mock
      .on(GetObjectAttributesCommand)
      .resolvesOnce({
        ObjectParts: { Parts: [{ PartNumber: 1 }], IsTruncated: true, NextPartNumberMarker: '1' },
      })
      .resolves({
        ObjectParts: { Parts: [{ PartNumber: 2 }], IsTruncated: false, NextPartNumberMarker: '2' },
      });
    const input = { Bucket: 'x', Key: 'x', ObjectAttributes: ['ObjectParts' as const] };
    const parts = await paginate(s3, GetObjectAttributesCommand, input).toArray();
    expect(parts.map(({ PartNumber }) => PartNumber)).toEqual([1, 2]);
  });

  it('API Gateway pages by position, with the list at the top of the output', async () => {
    const { clientConfig } = await startAwsService(({ parameters }) =>
      parameters['position'] === undefined ? { item: [{ id: 'a' }], position: 'p' } : { item: [{ id: 'b' }] },
    );
    const apis = await paginate(new APIGatewayClient(clientConfig), GetRestApisCommand, {}).toArray();
    expect(apis.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('paths name a list, a token and a flag in a structure', async () => {
    const cloudfront = new CloudFrontClient({ region: 'eu-central-1' });
    mockClient(cloudfront)
      .on(ListDistributionsCommand)
      .resolves({
        DistributionList: {
          ...{ Marker: '', MaxItems: 1, IsTruncated: false, Quantity: 1 },
          Items: [{ Id: 'd' } as never],
        },
      });
    const options = {
      items: 'DistributionList.Items',
      token: 'Marker',
      next: 'DistributionList.NextMarker',
      more: 'DistributionList.IsTruncated',
    } as const;
    const distributions = await paginate(cloudfront, ListDistributionsCommand, {}, options).toArray();
    expect(distributions.map(({ Id }) => Id)).toEqual(['d']);
  });

  const firstDistribution = `<DistributionList><IsTruncated>true</IsTruncated><NextMarker>2</NextMarker>
    <Items><DistributionSummary><Id>d1</Id></DistributionSummary></Items></DistributionList>`;
  const noRetry = { retry: { maxAttempts: 1 } };

  it.each([
    ['an empty body', ''],
    ['an empty structure', '<DistributionList/>'],
    ['a structure of unknown members', '<DistributionList><Other>1</Other></DistributionList>'],
  ])(
    'an answer in whose structure nothing stands is not the end of a CloudFront listing: %s',
    async (_what, second) => {
      const { clientConfig } = await startAwsService(({ parameters }) =>
        parameters['Marker'] === undefined ? firstDistribution : second,
      );
      const distributions = paginate(
        new CloudFrontClient(clientConfig),
        ListDistributionsCommand,
        {},
        noRetry,
      );
      await expect(distributions.toArray()).rejects.toMatchObject({
        code: 'ERR_PAGE_INVALID',
        message: expect.stringContaining('onEmptyAnswer'),
      });
    },
  );

  it('an error in place of a CloudFront structure is that error', async () => {
    const { clientConfig } = await startAwsService(({ parameters }) =>
      parameters['Marker'] === undefined ? firstDistribution : '<Error><Code>AccessDenied</Code></Error>',
    );
    const distributions = paginate(new CloudFrontClient(clientConfig), ListDistributionsCommand, {}, noRetry);
    await expect(distributions.toArray()).rejects.toMatchObject({ code: 'ERR_REQUEST_FAILED' });
  });

  it('an empty structure is not the end of a Kinesis listing, and one that says there is no more is', async () => {
    const seconds = [{}, { Shards: [], HasMoreShards: false }];
    const outcomes = seconds.map(async (second) => {
      const { clientConfig } = await startAwsService(
        ({ json }) =>
          json['ExclusiveStartShardId'] === undefined
            ? { StreamDescription: { Shards: [{ ShardId: 'a' }], HasMoreShards: true } }
            : { StreamDescription: second },
        { http2: true },
      );
      const kinesis = new KinesisClient(clientConfig);
      return paginate(kinesis, DescribeStreamCommand, { StreamName: 's' }, noRetry).toArray();
    });
    await expect(outcomes[0]).rejects.toMatchObject({ code: 'ERR_PAGE_INVALID' });
    await expect(outcomes[1]).resolves.toHaveLength(1);
  });
});
