import {
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectVersionsCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { paginate } from '../../../lib/aws/paginate.js';
import { type AwsRequest, startAwsService } from '../../support/aws-service.js';

/** Names that change when they are URL-encoded, in the order of S3. */
const NAMES = ['a b/', 'a%41/', 'a+b/', 'b/', 'ä/', 'ö%/', 'ü/'];

describe('tokens that S3 returns URL-encoded', () => {
  it('all prefixes of S3 objects are listed although the marker is URL-encoded', async () => {
    const { s3, requests } = await startS3(({ marker }) => {
      const { name, more, encoded } = page(marker);
      return `<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>${more}</IsTruncated>
        ${more ? `<NextMarker>${encoded}</NextMarker>` : ''}
        <CommonPrefixes><Prefix>${encoded}</Prefix></CommonPrefixes><Name>${name}</Name></ListBucketResult>`;
    });
    const input = { Bucket: 'x', Delimiter: '/', EncodingType: 'url' as const };
    const prefixes = paginate(s3, ListObjectsCommand, input, { items: 'CommonPrefixes' });
    // The items are as S3 returns them.
    expect((await prefixes.toArray()).map(({ Prefix }) => Prefix)).toEqual(NAMES.map(encode));
    expect(requests.map(({ parameters }) => parameters['marker'])).toEqual([
      undefined,
      ...NAMES.slice(0, -1),
    ]);
  });

  it('all S3 objects are listed although the key of the last one is URL-encoded', async () => {
    const { s3 } = await startS3(({ marker }) => {
      const { more, encoded } = page(marker);
      return `<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>${more}</IsTruncated>
        <Contents><Key>${encoded}</Key></Contents></ListBucketResult>`;
    });
    const input = { Bucket: 'x', EncodingType: 'url' as const };
    const objects = paginate(s3, ListObjectsCommand, input, { items: 'Contents' });
    expect(await objects.toArray()).toHaveLength(NAMES.length);
  });

  it('all S3 versions are listed although the key marker is URL-encoded and the version marker is not', async () => {
    const { s3, requests } = await startS3(({ 'key-marker': marker }) => {
      const { more, encoded } = page(marker);
      const next = `<NextKeyMarker>${encoded}</NextKeyMarker><NextVersionIdMarker>v%2B+</NextVersionIdMarker>`;
      return `<ListVersionsResult><EncodingType>url</EncodingType><IsTruncated>${more}</IsTruncated>
        ${more ? next : ''}<Version><Key>${encoded}</Key></Version></ListVersionsResult>`;
    });
    const input = { Bucket: 'x', EncodingType: 'url' as const };
    const versions = paginate(s3, ListObjectVersionsCommand, input, { items: 'Versions' });
    expect(await versions.toArray()).toHaveLength(NAMES.length);
    expect(requests[1]?.parameters).toMatchObject({ 'key-marker': 'a b/', 'version-id-marker': 'v%2B+' });
  });

  it('all S3 uploads are listed although the key marker is URL-encoded', async () => {
    const { s3 } = await startS3(({ 'key-marker': marker }) => {
      const { more, encoded } = page(marker);
      return `<ListMultipartUploadsResult><EncodingType>url</EncodingType><IsTruncated>${more}</IsTruncated>
        ${more ? `<NextKeyMarker>${encoded}</NextKeyMarker><NextUploadIdMarker>u</NextUploadIdMarker>` : ''}
        <Upload><Key>${encoded}</Key></Upload></ListMultipartUploadsResult>`;
    });
    const input = { Bucket: 'x', EncodingType: 'url' as const };
    const uploads = paginate(s3, ListMultipartUploadsCommand, input, { items: 'Uploads' });
    expect(await uploads.toArray()).toHaveLength(NAMES.length);
  });

  it('S3 markers are sent back as they are unless the output says that they are URL-encoded', async () => {
    const { s3, requests } = await startS3(({ marker }) => {
      const isFirst = marker === undefined;
      return `<ListBucketResult><IsTruncated>${isFirst}</IsTruncated>
        ${isFirst ? '<NextMarker>a%41+</NextMarker>' : ''}</ListBucketResult>`;
    });
    await paginate(s3, ListObjectsCommand, { Bucket: 'x' }, { items: 'Contents' }).toArray();
    expect(requests[1]?.parameters).toMatchObject({ marker: 'a%41+' });
  });

  it('a listing fails if a URL-encoded marker cannot be decoded', async () => {
    const { s3 } = await startS3(
      () =>
        '<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated><NextMarker>100%</NextMarker></ListBucketResult>',
    );
    const objects = paginate(s3, ListObjectsCommand, { Bucket: 'x' }, { items: 'Contents' });
    await expect(objects.toArray()).rejects.toMatchObject({
      code: 'ERR_PAGE_INVALID',
      message: expect.stringContaining(
        '; list without EncodingType in the input, or pass a function as next',
      ),
    });
  });
});

async function startS3(answer: (parameters: AwsRequest['parameters']) => string) {
  const { clientConfig, requests } = await startAwsService(({ parameters }) => answer(parameters));
  return { s3: new S3Client({ ...clientConfig, forcePathStyle: true }), requests };
}

/** The name after a marker, one to a page. A marker that is not a name was sent back encoded. */
function page(marker: string | undefined) {
  const at = marker === undefined ? 0 : NAMES.indexOf(marker) + 1;
  const name = NAMES[at] ?? '';
  return { name, encoded: encode(name), more: at + 1 < NAMES.length };
}

function encode(name: string): string {
  return encodeURIComponent(name).replaceAll('%20', '+').replaceAll('%2F', '/');
}
