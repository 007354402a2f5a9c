import {
  ListGeoLocationsCommand,
  ListHostedZonesByNameCommand,
  ListResourceRecordSetsCommand,
  ListTrafficPolicyInstancesCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { ListMultipartUploadsCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { paginate } from '../../../lib/aws/paginate.js';
import { startAwsService } from '../../support/aws-service.js';

/** Three versions of each of two keys, two to a page, so that pages end inside a key. */
const VERSIONS = ['a', 'b'].flatMap((key) => ['3', '2', '1'].map((version) => ({ key, version })));

async function startS3() {
  const service = await startAwsService(({ parameters }) => {
    const { 'key-marker': key, 'version-id-marker': version } = parameters;
    const at = VERSIONS.findIndex((entry) => entry.key === key && entry.version === version) + 1;
    const last = VERSIONS[at + 1];
    const isTruncated = at + 2 < VERSIONS.length;
    const rows = VERSIONS.slice(at, at + 2).map(
      (entry) => `<Version><Key>${entry.key}</Key><VersionId>${entry.version}</VersionId></Version>`,
    );
    const next = `<NextKeyMarker>${last?.key}</NextKeyMarker><NextVersionIdMarker>${last?.version}</NextVersionIdMarker>`;
    return `<ListVersionsResult><IsTruncated>${isTruncated}</IsTruncated>${isTruncated ? next : ''}${rows.join('')}</ListVersionsResult>`;
  });
  return { ...service, s3: new S3Client({ ...service.clientConfig, forcePathStyle: true }) };
}

describe('a token in several parts', () => {
  it('S3 lists all versions of all keys, although pages end inside a key', async () => {
    const { s3, requests } = await startS3();
    const versions = paginate(s3, ListObjectVersionsCommand, { Bucket: 'x' }, { items: 'Versions' });
    const seen = (await versions.toArray()).map(({ Key, VersionId }) => ({ key: Key, version: VersionId }));
    expect(seen).toEqual(VERSIONS);
    expect(requests).toHaveLength(3);
  });

  it('a token in several parts is one token in a cursor, which survives JSON and continues inside a key', async () => {
    const { s3 } = await startS3();
    const versions = paginate(s3, ListObjectVersionsCommand, { Bucket: 'x' }, { items: 'Versions' });
    const walk = versions.open();
    for (let i = 0; i < 3; i++) await walk.next();
    const from = JSON.parse(JSON.stringify(walk.cursorAfter));
    const rest = [];
    for await (const { Key, VersionId } of versions.open({ from })) rest.push(`${Key}${VersionId}`);
    expect(rest).toEqual(['b3', 'b2', 'b1']);
  });

  it.each([
    'b',
    'pageturn-json:"b3"',
    'pageturn-json:["b"]',
    'pageturn-json:["b","3","x"]',
    'pageturn-json:[null,null]',
    'pageturn-json:null',
    'pageturn-json:["b","3"',
  ])('a cursor with a damaged token is refused before a request is sent: %s', async (token) => {
    const { s3, requests } = await startS3();
    const versions = paginate(s3, ListObjectVersionsCommand, { Bucket: 'x' }, { items: 'Versions' });
    const from = { ...versions.open().cursor, token };
    await expect(versions.open({ from }).next()).rejects.toMatchObject({
      code: 'ERR_CURSOR_MISMATCH',
      message: 'the cursor is damaged: its token is not one of S3.ListObjectVersions',
    });
    expect(requests).toEqual([]);
  });

  it('a token in several parts is sent without the parts that the service left out', async () => {
    const { clientConfig, requests } = await startAwsService(({ parameters }) => {
      const isFirst = parameters['name'] === undefined;
      const next = '<NextRecordName>b.</NextRecordName><NextRecordType>A</NextRecordType>';
      return `<ListResourceRecordSetsResponse>
        <ResourceRecordSets><ResourceRecordSet><Name>${isFirst ? 'a' : 'b'}.</Name><Type>A</Type></ResourceRecordSet></ResourceRecordSets>
        <IsTruncated>${isFirst}</IsTruncated>${isFirst ? next : ''}<MaxItems>1</MaxItems>
      </ListResourceRecordSetsResponse>`;
    });
    const route53 = new Route53Client(clientConfig);
    const records = await paginate(route53, ListResourceRecordSetsCommand, { HostedZoneId: 'z' }).toArray();
    expect(records.map(({ Name }) => Name)).toEqual(['a.', 'b.']);
    expect(requests.map(({ parameters }) => parameters)).toEqual([{}, { name: 'b.', type: 'A' }]);
  });

  it('an S3 listing of uploads grouped by prefix sends no empty upload marker', async () => {
    const { clientConfig, requests } = await startAwsService(({ parameters }) => {
      const isFirst = parameters['key-marker'] === undefined;
      return `<ListMultipartUploadsResult><Bucket>x</Bucket><IsTruncated>${isFirst}</IsTruncated>
        ${isFirst ? '<NextKeyMarker>a/</NextKeyMarker><NextUploadIdMarker></NextUploadIdMarker>' : ''}
        <CommonPrefixes><Prefix>${isFirst ? 'a/' : 'b/'}</Prefix></CommonPrefixes></ListMultipartUploadsResult>`;
    });
    const s3 = new S3Client({ ...clientConfig, forcePathStyle: true });
    const input = { Bucket: 'x', Delimiter: '/' };
    const prefixes = paginate(s3, ListMultipartUploadsCommand, input, { items: 'CommonPrefixes' });
    expect((await prefixes.toArray()).map(({ Prefix }) => Prefix)).toEqual(['a/', 'b/']);
    expect(requests[1]?.parameters).toMatchObject({ 'key-marker': 'a/' });
    expect(requests[1]?.parameters).not.toHaveProperty('upload-id-marker');
  });

  const region = 'eu-central-1';
  it.each([
    [
      'ListHostedZonesByName',
      ListHostedZonesByNameCommand,
      { DNSName: 'b.', HostedZoneId: 'Z2' },
      { HostedZones: [], NextDNSName: 'b.', NextHostedZoneId: 'Z2' },
    ],
    [
      'ListGeoLocations',
      ListGeoLocationsCommand,
      { StartContinentCode: 'EU', StartCountryCode: 'DE', StartSubdivisionCode: 'x' },
      {
        GeoLocationDetailsList: [],
        NextContinentCode: 'EU',
        NextCountryCode: 'DE',
        NextSubdivisionCode: 'x',
      },
    ],
    [
      'ListGeoLocations without a subdivision',
      ListGeoLocationsCommand,
      { StartContinentCode: 'EU', StartCountryCode: 'DE' },
      { GeoLocationDetailsList: [], NextContinentCode: 'EU', NextCountryCode: 'DE' },
    ],
    [
      'ListTrafficPolicyInstances',
      ListTrafficPolicyInstancesCommand,
      { HostedZoneIdMarker: 'Z', TrafficPolicyInstanceNameMarker: 'a', TrafficPolicyInstanceTypeMarker: 'A' },
      {
        TrafficPolicyInstances: [],
        HostedZoneIdMarker: 'Z',
        TrafficPolicyInstanceNameMarker: 'a',
        TrafficPolicyInstanceTypeMarker: 'A',
      },
    ],
  ])(
    'a token in several parts is found where botocore has no paginator: Route 53 %s',
    async (_name, command, sent, output) => {
      const route53 = new Route53Client({ region });
      const mock = mockClient(route53);
      mock
        .onAnyCommand()
        .resolvesOnce({ ...output, IsTruncated: true })
        .resolves({ ...output, IsTruncated: false });
      await Reflect.apply(paginate, undefined, [route53, command, {}]).toArray();
      expect(mock.calls().map(({ args: [{ input }] }) => input)).toEqual([{}, sent]);
    },
  );

  it('a part of a token is refused in the input', () => {
    const s3 = new S3Client({ region });
    const input = { Bucket: 'x', VersionIdMarker: 'v' };
    expect(() => paginate(s3, ListObjectVersionsCommand, input, { items: 'Versions' })).toThrow(
      'input.VersionIdMarker must be left out',
    );
  });

  it('one part of a token may not be named alone, because the other versions of a key would be lost', () => {
    const s3 = new S3Client({ region });
    const options = { items: 'Versions', token: 'KeyMarker', next: 'NextKeyMarker' } as const;
    expect(() => paginate(s3, ListObjectVersionsCommand, { Bucket: 'x' }, options)).toThrow(
      'token must be [KeyMarker, VersionIdMarker], which together are the token of S3.ListObjectVersions',
    );
  });
});
