import { PageturnError } from '../core/errors.js';
import { statusOf } from '../request/classify.js';
import { isCredentialError } from './credential-error.js';

/**
 * Whether the service rejected the page token of a request: the error has a name for that, or it has a name for bad
 * input and its message mentions the token. Errors about security tokens never count. `tokenKey` is the name of the
 * token in the input.
 */
export function isTokenRejected(error: unknown, tokenKey: string): boolean {
  const cause = error instanceof PageturnError ? error.cause : error;
  if (!(cause instanceof Error) || isCredentialError(cause)) return false;
  if (REJECTED_NAME.test(cause.name)) return true;
  const status = statusOf(cause) ?? 400;
  return (
    status >= 400 && status < 500 && BAD_INPUT_NAME.test(cause.name) && mentionsToken(cause.message, tokenKey)
  );
}

// InvalidNextToken (Organizations, Redshift, ...), InvalidNextTokenException, ExpiredNextTokenException (Kinesis),
// InvalidPaginationTokenException, InvalidPaginationException, InvalidMarker, InvalidContinuationTokenException.
const REJECTED_NAME =
  /^(Invalid|Expired)(NextToken|NextPageToken|PageToken|Pagination(Token)?|ContinuationToken|Marker)(Exception)?$/;

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
