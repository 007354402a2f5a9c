import { PageturnError } from '../core/errors.js';
import { statusOf } from '../request/classify.js';
import { isCredentialError } from './credential-error.js';

/**
 * Whether an error is the service's refusal of the page token that came with the request: its name says so, or it is
 * one of the names for bad input and the message speaks of the token. Any other refusal of a request with a token, and
 * everything about security tokens, is not. `tokenKey` is the input's name for the token.
 */
export function isTokenRejected(error: unknown, tokenKey: string): boolean {
  const cause = error instanceof PageturnError ? error.cause : error;
  if (!(cause instanceof Error) || isCredentialError(cause)) return false;
  if (REJECTED_NAME.test(cause.name)) return true;
  const status = statusOf(cause) ?? 400;
  return (
    status >= 400 && status < 500 && BAD_INPUT_NAME.test(cause.name) && speaksOf(tokenKey, cause.message)
  );
}

// InvalidNextToken (Organizations, Redshift, ...), InvalidNextTokenException, ExpiredNextTokenException (Kinesis),
// InvalidPaginationTokenException, InvalidPaginationException, InvalidMarker, InvalidContinuationTokenException.
const REJECTED_NAME =
  /^(Invalid|Expired)(NextToken|NextPageToken|PageToken|Pagination(Token)?|ContinuationToken|Marker)(Exception)?$/;

// InvalidRequestException, InvalidParameter[Value][Exception], InvalidArgument, InvalidInput, ValidationException, ...
const BAD_INPUT_NAME =
  /^(Invalid(Request|Parameter|ParameterValue|Argument|Input)|Validation(Error)?|BadRequest|ServiceValidation)(Exception)?$/;

function speaksOf(tokenKey: string, message: string): boolean {
  if (message.toLowerCase().includes(tokenKey.toLowerCase())) return true;
  return TOKEN_WORDS.test(message) && !OTHER_TOKENS.test(message);
}

// "starting key" is DynamoDB's word for its own.
const TOKEN_WORDS = /token\b|\bmarker\b|\bstart(ing)? key\b/i;
const OTHER_TOKENS = /\b(client|access|session|identity)[ _-]?token\b/i;
