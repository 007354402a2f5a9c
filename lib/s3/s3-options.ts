import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import { isClientOf } from '../aws/is-client-of.js';
import { assertBoolean } from '../core/assert-boolean.js';
import { assertKnownOptions } from '../core/assert-known-options.js';
import { assertWholeNumber } from '../core/assert-whole-number.js';
import { invalidArgument } from '../core/errors.js';
import { assertFormat, type Format } from '../destinations/formats/format.js';
import type { AnyS3Client, BucketSendOptions } from './bucket-requests.js';

/** Options of `s3`. */
export interface S3Options<T> extends BucketSendOptions {
  /** An `S3Client`; with an `endpoint`, any store that speaks its protocol. */
  readonly client: AnyS3Client;
  readonly bucket: string;
  readonly key: string;
  /** How the rows are written: `csv()`, `ndjson()`, `json()`. */
  readonly format: Format<T>;
  /** Whether an existing object is replaced. Default true. */
  readonly overwrite?: boolean | undefined;
  /** What else the object has, such as `StorageClass`, `ServerSideEncryption` or `Tagging`: members of `PutObject`. */
  readonly object?:
    | Omit<Partial<PutObjectCommandInput>, 'Bucket' | 'Key' | 'Body' | 'IfNoneMatch'>
    | undefined;
  /**
   * The path of the file that keeps the rows until all have arrived. Default: a file in a folder of this user alone, below that of
   * temporary files.
   */
  readonly spool?: string | undefined;
  /**
   * The bytes of one part, from 5 MiB on. Default: 5 MiB, or more if the object may have more than the 10,000 parts that S3
   * allows.
   */
  readonly partSize?: number | undefined;
  /** How many parts are sent at once. Together they are what is kept in memory. Default 4. */
  readonly queueSize?: number | undefined;
}

/** The options with their defaults. */
export interface S3Settings<T> extends Omit<S3Options<T>, 'overwrite' | 'object' | 'queueSize'> {
  readonly overwrite: boolean;
  readonly object: NonNullable<S3Options<T>['object']>;
  readonly queueSize: number;
}

/** The least that a part may have, unless it is the last ("Multipart upload limits" in the user guide). */
export const SMALLEST_PART = 5 * 1024 * 1024;

/** Checks the options; throws ERR_INVALID_ARGUMENT. */
export function readS3Options<T>(options: S3Options<T>): S3Settings<T> {
  assertKnownOptions('options of s3', options, KNOWN_OPTIONS);
  const {
    client,
    bucket,
    key,
    format,
    overwrite = true,
    object = {},
    spool,
    partSize,
    queueSize = 4,
  } = options;
  if (!isClientOf(client, 'S3')) throw invalidArgument('client', 'an S3Client', client);
  assertText('bucket', bucket);
  assertText('key', key);
  assertFormat(format);
  assertBoolean('overwrite', overwrite);
  if (typeof object !== 'object' || object === null)
    throw invalidArgument('object', 'members of PutObject, such as { StorageClass }', object);
  const own = OWN_MEMBERS.find((name) => name in object);
  if (own)
    throw invalidArgument(`object.${own}`, 'left out, because pageturn sets it', Reflect.get(object, own));
  if (spool !== undefined) assertText('spool', spool);
  if (partSize !== undefined) assertWholeNumber('partSize', partSize, SMALLEST_PART, 'bytes');
  assertWholeNumber('queueSize', queueSize, 1);
  return { ...options, overwrite, object, queueSize };
}

const KNOWN_OPTIONS = [
  'client',
  'bucket',
  'key',
  'format',
  'overwrite',
  'object',
  'spool',
  'partSize',
  'queueSize',
  'retry',
  'clock',
];

const OWN_MEMBERS = ['Bucket', 'Key', 'Body', 'IfNoneMatch'];

function assertText(name: string, value: unknown): void {
  if (typeof value !== 'string' || value === '')
    throw invalidArgument(name, 'a text that is not empty', value);
}
