import { IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import { KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { DescribeEventsCommand, RDSClient } from '@aws-sdk/client-rds';
import {
  GetBucketAclCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { paginate } from '../../../lib/aws/paginate.js';

const region = 'eu-central-1';

describe('the options that describe how an operation is paged', () => {
  it('a function reads a token in several parts, and returns an array', async () => {
    const s3 = new S3Client({ region });
    const mock = mockClient(s3);
    mock
      .on(ListMultipartUploadsCommand)
      .resolvesOnce({ Uploads: [{ Key: 'a', UploadId: '1' }], IsTruncated: true })
      .resolves({ Uploads: [{ Key: 'b', UploadId: '2' }], IsTruncated: false });
    const uploads = paginate(
      s3,
      ListMultipartUploadsCommand,
      { Bucket: 'x' },
      {
        items: 'Uploads',
        token: ['KeyMarker', 'UploadIdMarker'],
        next: (page) => [page.Uploads?.at(-1)?.Key, page.Uploads?.at(-1)?.UploadId],
      },
    );
    expect(await uploads.toArray()).toHaveLength(2);
    expect(mock.calls()[1]?.args[0].input).toEqual({ Bucket: 'x', KeyMarker: 'a', UploadIdMarker: '1' });
  });

  it('an array of paths reads a token in several parts', async () => {
    const s3 = new S3Client({ region });
    const mock = mockClient(s3);
    mock
      .on(ListObjectVersionsCommand)
      .resolvesOnce({ Versions: [{ Key: 'a', VersionId: '1' }], IsTruncated: true })
      .resolves({ Versions: [], IsTruncated: false });
    const options = {
      items: 'Versions',
      token: ['KeyMarker', 'VersionIdMarker'],
      next: ['Versions[-1].Key', 'Versions[-1].VersionId'],
    } as const;
    await paginate(s3, ListObjectVersionsCommand, { Bucket: 'x' }, options).toArray();
    expect(mock.calls()[1]?.args[0].input).toEqual({ Bucket: 'x', KeyMarker: 'a', VersionIdMarker: '1' });
  });

  it('a listing fails if a function does not return all parts of a token', async () => {
    const s3 = new S3Client({ region });
    mockClient(s3).on(ListMultipartUploadsCommand).resolves({ IsTruncated: true });
    const options = {
      items: 'Uploads',
      token: ['KeyMarker', 'UploadIdMarker'],
      next: () => 'key',
    } as const;
    const uploads = paginate(s3, ListMultipartUploadsCommand, { Bucket: 'x' }, options);
    await expect(uploads.toArray()).rejects.toMatchObject({
      code: 'ERR_PAGE_INVALID',
      message: expect.stringContaining('an array of 2 parts, for KeyMarker, UploadIdMarker'),
    });
  });

  const s3 = new S3Client({ region });
  const kms = new KMSClient({ region });
  const rds = new RDSClient({ region });
  const iam = new IAMClient({ region });
  it.each<[what: string, text: string, list: () => unknown]>([
    [
      'a path that does not exist',
      'next must be a path in the output of KMS.ListKeys, received "Keys[-1].Name"',
      () => paginate(kms, ListKeysCommand, {}, { next: 'Keys[-1].Name' as never }),
    ],
    [
      'a path into something that is not a structure',
      'next must be a path in the output of KMS.ListKeys',
      () => paginate(kms, ListKeysCommand, {}, { token: 'Marker', next: 'NextMarker.x' as never }),
    ],
    [
      'the last item of something that is not a list',
      'next must be a path in the output of KMS.ListKeys',
      () => paginate(kms, ListKeysCommand, {}, { token: 'Marker', next: 'NextMarker[-1]' as never }),
    ],
    [
      'another number of paths than parts',
      'next must be a path for each of token (KeyMarker, UploadIdMarker)',
      () =>
        paginate(
          s3,
          ListMultipartUploadsCommand,
          { Bucket: 'x' },
          { items: 'Uploads', token: ['KeyMarker', 'UploadIdMarker'], next: ['NextKeyMarker'] },
        ),
    ],
    [
      'a flag that is not a boolean',
      'more must be a path to a boolean in the output of KMS.ListKeys, received "NextMarker"',
      () => paginate(kms, ListKeysCommand, {}, { more: 'NextMarker' as never }),
    ],
    [
      'a flag that does not exist',
      'more must be a path to a boolean in the output of RDS.DescribeEvents',
      () => paginate(rds, DescribeEventsCommand, {}, { more: 'IsTruncated' as never }),
    ],
    [
      'a member of the first page that does not exist',
      'firstPageOnly must be members of the input of KMS.ListKeys, received "KeyId"',
      () => paginate(kms, ListKeysCommand, {}, { firstPageOnly: ['KeyId' as never] }),
    ],
    [
      'items at a path that is not a list',
      'items must be a list in the output of IAM.ListUsers (Users), received "Marker"',
      () => paginate(iam, ListUsersCommand, {}, { items: 'Marker' as never }),
    ],
    [
      'no token for an operation without one',
      'pass token (all members of the input that say where a page starts, as its API reference lists them) and next',
      () => Reflect.apply(paginate, undefined, [s3, GetBucketAclCommand, { Bucket: 'x' }]),
    ],
    [
      'a token without a next one',
      'cannot find where S3.GetBucketAcl returns its next token; pass its path as next',
      () =>
        Reflect.apply(paginate, undefined, [
          s3,
          GetBucketAclCommand,
          {},
          { token: 'Bucket', items: 'Grants' },
        ]),
    ],
  ])('paginate refuses before anything is sent: %s', (_what, text, list) => {
    expect(list).toThrow(expect.objectContaining({ message: expect.stringContaining(text) }));
  });
});
