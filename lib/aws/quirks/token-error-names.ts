/**
 * How AWS services name a page token that they reject, and what they say about it, from the models of all services
 * (botocore 1.43).
 */

/**
 * Names that can only mean a page token: InvalidNextToken (CloudWatch, SSM, RAM, ...), ExpiredNextTokenException (Kinesis,
 * Budgets, Pricing), InvalidPaginationTokenException (OpenSearch, Rekognition, ...), InvalidPaginationException (Redshift
 * Serverless), PaginationTokenExpiredException (Resource Groups Tagging), InvalidContinuationTokenException (CodeCommit),
 * InvalidResultTokenException (Config), InvalidMarkerException (KMS), ExpiredIteratorException (DynamoDB Streams).
 */
export const REJECTED_TOKEN_NAME = nameOf(
  '(next|(next)?page|pagination|continuation|result|start(ing)?)tokens?|pagination|(next)?marker|cursor|(shard|page)?iterator',
);

/**
 * Names that do not say which token they mean: InvalidToken (Connect, Step Functions, and S3 for the credentials),
 * InvalidTokenException (CloudTrail, Network Firewall), ExpiredToken and ExpiredTokenException.
 */
export const BARE_TOKEN_NAME = nameOf('token');

/** InvalidRequestException, InvalidParameter[Value][Exception], InvalidArgument, ValidationException; no name at all. */
export const BAD_INPUT_NAME =
  /invalid|validation|bad_?request|malformed|illegal|^(Unknown|UnknownError|Error)$/i;

/** Words for a page token and no other; "start key" is DynamoDB's, NEXT_MARKER and INVALID_NEXT_TOKEN are constants. */
export const PAGE_TOKEN_WORDS =
  /(\b|_)(next|page|paging|pagination|continuation|result)[ _-]?token|pagination|(\b|_)marker\b|\bstart(ing)? key\b/i;

/** What may be wrong with a token. */
export const FLAW_WORDS =
  /expire|invalid|malformed|stale|unknown|\bnot (valid|found|recogni[sz]ed)|no longer|cannot be used/i;

/** Words for any token. */
export const TOKEN_WORDS = /token\b|\bcursor\b/i;

/** Words for tokens that are not those of pages; the last ones come from the parsers of query languages. */
export const OTHER_TOKEN_WORDS =
  /\b(client|request|access|session|identity|security|refresh|bearer|authorization|idempotency|sequence|update|lock|task|grant)[ _-]?token\b|syntax error|unexpected (symbol|token)/i;

/** Words for the credentials. */
export const CREDENTIAL_WORDS =
  /\b(security|session|access|bearer|identity|authorization|authentication|sso)[ _-]?token\b|credential|signature|access key|sign(ed)? in/i;

function nameOf(token: string): RegExp {
  const flaw = 'invalid|expired|malformed|unknown|stale|bad';
  return new RegExp(`^((${flaw})(${token})|(${token})(${flaw}|notvalid))(exception|error|fault)?$`, 'i');
}
