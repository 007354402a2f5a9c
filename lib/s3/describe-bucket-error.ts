import { fieldsOf } from '../core/error-fields.js';
import { PageturnError } from '../core/errors.js';
import { isCredentialError } from '../core/is-credential-error.js';
import { classify } from '../request/classify.js';

/** What a failed request means, and what to do. */
export function describeBucketError(error: unknown): string {
  const cause = error instanceof PageturnError ? error.cause : error;
  const { name } = fieldsOf(cause);
  const known = KNOWN.find(([wanted]) => wanted === name);
  if (known) return known[1];
  if (OTHER_REGION.test(String(name)) || statusOfRedirect(cause)) {
    const region = regionOf(cause);
    return `the bucket is in another Region${region ? ` (${region})` : ''}; create the client with that Region`;
  }
  if (isCredentialError(cause)) return `the credentials were rejected (${name}); renew them`;
  if (cause !== undefined && classify(cause).kind === 'throttle') {
    return 'the bucket is throttled for too long; run it again to resume';
  }
  const message = error instanceof PageturnError ? error.message : `it failed (${name})`;
  return `${message}; fix the cause and run it again to resume`;
}

const KNOWN: readonly (readonly [string, string])[] = [
  ['NoSuchBucket', 'the bucket does not exist; create it, or correct its name'],
  ['CredentialsProviderError', 'no AWS credentials were found; configure them, for example with AWS_PROFILE'],
  [
    'AccessDenied',
    'the credentials do not allow it; allow s3:PutObject and s3:AbortMultipartUpload on the object',
  ],
  [
    'NotImplemented',
    "the store does not know this request; if it is not AWS, try a client with requestChecksumCalculation: 'WHEN_REQUIRED'",
  ],
];

const OTHER_REGION = /^(PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException)$/;

function statusOfRedirect(cause: unknown): boolean {
  const status = fieldsOf(fieldsOf(cause).$metadata).httpStatusCode;
  return status === 301 || status === 307;
}

/** The Region that S3 names in a header, or in the error. */
function regionOf(cause: unknown): string | undefined {
  const headers = fieldsOf(fieldsOf(cause).$response).headers as Readonly<Record<string, string>> | undefined;
  return headers?.['x-amz-bucket-region'] ?? (cause as { readonly Region?: string }).Region;
}
