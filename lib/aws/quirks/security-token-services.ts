/**
 * Services whose error `InvalidToken` is about the security token of the credentials. In other services, such as Amazon
 * Connect, it means that a page token has expired.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
 * https://docs.aws.amazon.com/connect/latest/APIReference/best-practices-connect-apis.html
 */
export const securityTokenServices: ReadonlySet<string> = new Set(['S3', 'S3Control', 'STS']);
