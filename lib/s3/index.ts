export type { AnyS3Client, BucketSendOptions } from './bucket-requests.js';
export { type S3Options, s3 } from './s3.js';
