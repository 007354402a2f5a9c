import { PageturnError } from '../core/errors.js';
import { statusOf } from '../request/error-fields.js';
import { isCredentialError } from './credential-error.js';
import { securityTokenServices } from './quirks/security-token-services.js';

interface TokenRequest {
  /** The operation with its service, such as `Connect.ListUsers`. */
  readonly operation: string;
  /** The name of the token in the input. */
  readonly tokenKey: string;
}

/**
 * Whether the service rejected the page token of a request that had one: the error has a name for that, or it has a
 * name for bad input and its message mentions the token. Errors about security tokens never count.
 */
export function isTokenRejected(error: unknown, { operation, tokenKey }: TokenRequest): boolean {
  const cause = error instanceof PageturnError ? error.cause : error;
  if (!(cause instanceof Error)) return false;
  if (cause.name === 'InvalidToken') return isAboutPages(cause, operation);
  if (isCredentialError(cause)) return false;
  if (REJECTED_NAME.test(cause.name)) return true;
  const status = statusOf(cause) ?? 400;
  return (
    status >= 400 && status < 500 && BAD_INPUT_NAME.test(cause.name) && mentionsToken(cause.message, tokenKey)
  );
}

function isAboutPages(cause: Error, operation: string): boolean {
  const [service = ''] = operation.split('.');
  const status = statusOf(cause) ?? 400;
  return !securityTokenServices.has(service) && status === 400 && !/security token/i.test(cause.message);
}

// InvalidNextToken (Organizations, Redshift, ...), InvalidNextTokenException, ExpiredNextTokenException (Kinesis),
// InvalidPaginationTokenException, InvalidPaginationException, InvalidMarker, InvalidContinuationTokenException,
// InvalidResultTokenException (Config), PaginationTokenExpiredException (Resource Groups Tagging).
const REJECTED_NAME =
  /^(Invalid|Expired)(NextToken|NextPageToken|PageToken|Pagination(Token)?|ContinuationToken|ResultToken|Marker)(Exception)?$|^PaginationTokenExpired(Exception)?$/;

// InvalidRequestException, InvalidParameter[Value][Exception], InvalidArgument, InvalidInput, ValidationException, ...
const BAD_INPUT_NAME =
  /^(Invalid(Request|Parameter|ParameterValue|Argument|Input)|Validation(Error)?|BadRequest|ServiceValidation)(Exception)?$/;

function mentionsToken(message: string, tokenKey: string): boolean {
  if (message.toLowerCase().includes(tokenKey.toLowerCase())) return true;
  return TOKEN_WORDS.test(message) && !OTHER_TOKENS.test(message);
}

// "starting key" is DynamoDB's name for its token.
const TOKEN_WORDS = /token\b|\bmarker\b|\bstart(ing)? key\b/i;
const OTHER_TOKENS = /\b(client|access|session|identity)[ _-]?token\b/i;
