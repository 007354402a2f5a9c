import { statusOf } from './error-fields.js';

/** Whether an error is about the caller's credentials or permissions: no other input or token would help. */
export function isCredentialError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const status = statusOf(error);
  return status === 401 || status === 403 || NAMES.has(error.name) || /security token/i.test(error.message);
}

// The common AWS errors about credentials and signatures ("Common Errors" in each API reference); some services send
// them with status 400.
const NAMES: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'IncompleteSignatureException',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'InvalidToken',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'NotAuthorized',
  'OptInRequired',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);
