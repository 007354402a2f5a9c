export type { AnyS3Client, BucketSendOptions } from './bucket-requests.js';
export { s3 } from './s3.js';
export type { S3Options } from './s3-options.js';
