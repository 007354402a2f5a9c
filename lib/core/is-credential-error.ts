import { statusOf } from './error-fields.js';

/** Whether an error is about the caller's credentials or permissions: no other input or token would help. */
export function isCredentialError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const status = statusOf(error);
  return (
    status === 401 ||
    status === 403 ||
    REFUSED.has(error.name) ||
    DENIED.has(error.name) ||
    /security token/i.test(error.message)
  );
}

/** Whether the service does not accept the credentials for anything, because they are missing, unknown or expired. */
export function areCredentialsRefused(error: unknown): boolean {
  return error instanceof Error && REFUSED.has(error.name);
}

// The common AWS errors about credentials and signatures ("Common Errors" in each API reference); some services send
// them with status 400.
const REFUSED: ReadonlySet<string> = new Set([
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'IncompleteSignatureException',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);

/** The credentials may work for other requests. `InvalidToken` is also the error of Amazon Connect for a page token. */
const DENIED: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'InvalidToken',
  'NotAuthorized',
  'OptInRequired',
]);
