import { messageOf, statusOf } from '../core/error-fields.js';
import { isPageturnError } from '../core/errors.js';
import { isCredentialError } from '../core/is-credential-error.js';
import { securityTokenServices } from './quirks/security-token-services.js';
import {
  BAD_INPUT_NAME,
  BARE_TOKEN_NAME,
  CREDENTIAL_WORDS,
  FLAW_WORDS,
  OTHER_TOKEN_WORDS,
  PAGE_TOKEN_WORDS,
  REJECTED_TOKEN_NAME,
  TOKEN_WORDS,
} from './quirks/token-error-names.js';

interface TokenRequest {
  /** The operation with its service, such as `Connect.ListUsers`. */
  readonly operation: string;
  /** The name of the token in the input. */
  readonly tokenKey: string;
}

/**
 * Whether the service rejected the page token of a request that carried one: either the name of the error says so, or
 * it means bad input or a bad token of any kind, and the service and the message decide which token is meant.
 */
export function isTokenRejected(error: unknown, request: TokenRequest): boolean {
  const cause = isPageturnError(error) ? error.cause : error;
  if (!(cause instanceof Error)) return false;
  const { name } = cause;
  const message = textOf(cause);
  const status = statusOf(cause) ?? 400;
  if (status < 400 || status >= 500 || status === 401 || status === 403) return false;
  if (REJECTED_TOKEN_NAME.test(name)) return true;
  if (BARE_TOKEN_NAME.test(name)) return isPageToken(name, message, request);
  if (isCredentialError(cause)) return false;
  if (BAD_INPUT_NAME.test(name)) return mentionsToken(message, request.tokenKey);
  // Any other name, such as GoneException or RequestExpired, if the text mentions a page token and what is wrong with it.
  return status !== 429 && FLAW_WORDS.test(message) && mentionsPageToken(message, request.tokenKey);
}

interface ErrorMembers extends Error {
  readonly Reason?: unknown;
  readonly reason?: unknown;
  readonly field?: unknown;
  readonly fields?: unknown;
  readonly fieldList?: unknown;
}

/**
 * What an error says: its message, and the members in which many services name the wrong field if the message does not:
 * `Reason` (Organizations), `field` (WAF), `fieldList` and `fields` (most of the newer services).
 */
function textOf(cause: Error): string {
  const { Reason, reason, field, fields, fieldList } = cause as ErrorMembers;
  const members = [Reason, reason, field, ...fieldsIn(fields), ...fieldsIn(fieldList)];
  return [messageOf(cause), ...members.filter((one) => typeof one === 'string')].join('\n');
}

function fieldsIn(list: unknown): unknown[] {
  if (!Array.isArray(list)) return [];
  return list.slice(0, MOST_FIELDS).flatMap((one) => {
    const { name, path, message } = Object(one) as { name?: unknown; path?: unknown; message?: unknown };
    return [name, path, message];
  });
}

// No paged operation has more members.
const MOST_FIELDS = 100;

/** Whether an error about some token means the page token, and not the session token of the credentials. */
function isPageToken(name: string, message: string, { operation, tokenKey }: TokenRequest): boolean {
  if (CREDENTIAL_WORDS.test(message)) return false;
  if (mentionsPageToken(message, tokenKey)) return true;
  const [service = ''] = operation.split('.');
  // In every service, an error that only says "expired token" means the credentials.
  return name.startsWith('Invalid') && !securityTokenServices.has(service);
}

function mentionsToken(message: string, tokenKey: string): boolean {
  if (mentionsPageToken(message, tokenKey)) return true;
  return TOKEN_WORDS.test(message) && !OTHER_TOKEN_WORDS.test(message);
}

function mentionsPageToken(message: string, tokenKey: string): boolean {
  // A member that is just called `Token` says no more than the word.
  return PAGE_TOKEN_WORDS.test(message) || (!/^token$/i.test(tokenKey) && mentions(message, tokenKey));
}

function mentions(message: string, name: string): boolean {
  return message.toLowerCase().includes(name.toLowerCase());
}
