import { statusOf } from '../core/error-fields.js';
import { type ErrorCode, PageturnError } from '../core/errors.js';
import { isCredentialError } from '../core/is-credential-error.js';
import { classify } from '../request/classify.js';

/** Whether a job would fail in the same way if it were run again: then it is not retried. */
export function isPermanentError(error: unknown): boolean {
  if (!(error instanceof PageturnError)) return false;
  const { code, cause } = error;
  if (PERMANENT.has(code)) return true;
  // Credentials are renewed.
  if (code === 'ERR_REQUEST_FAILED') return !isCredentialError(cause) && isRefused(cause);
  // Without a cause, the destination itself has found what is wrong with a row or the table.
  return (
    code === 'ERR_DESTINATION_FAILED' && (cause === undefined || isRefused(cause) || isRefusedBySql(cause))
  );
}

const PERMANENT: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'ERR_INVALID_ARGUMENT',
  'ERR_NOT_PAGED',
  'ERR_TOKEN_CYCLE',
  'ERR_CURSOR_MISMATCH',
  'ERR_CHECKPOINT_CORRUPT',
  'ERR_SNAPSHOT_CORRUPT',
  'ERR_TOO_MANY_REMOVALS',
  'ERR_TOO_MANY_FAILURES',
  'ERR_AMBIGUOUS_USER',
]);

function isRefused(cause: unknown): boolean {
  const status = statusOf(cause);
  const isOfCaller = status !== undefined && status >= 400 && status < 500;
  return isOfCaller && !isCredentialError(cause) && classify(cause).kind === 'final';
}

// "PostgreSQL Error Codes": data, constraints, and statements that the schema or the role does not allow.
function isRefusedBySql(cause: unknown): boolean {
  const { code } = (cause ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' && /^(22|23|42)[0-9A-Z]{3}$/.test(code);
}
