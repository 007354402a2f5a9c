import { errorName } from './error-name.js';
import { PageturnError } from './errors.js';

/**
 * The error for what a caller's callback threw: ERR_CALLBACK_FAILED with the original as its cause. An
 * ERR_INVALID_ARGUMENT already names the mistake and passes unchanged. The message includes only what cannot contain
 * user names: the message of a pageturn error, or the name and code of another error.
 */
export function callbackError(cause: unknown, callback: string): PageturnError {
  if (cause instanceof PageturnError && cause.code === 'ERR_INVALID_ARGUMENT') return cause;
  return new PageturnError('ERR_CALLBACK_FAILED', `the callback of ${callback} failed${reasonOf(cause)}`, {
    cause,
  });
}

function reasonOf(cause: unknown): string {
  if (cause instanceof PageturnError) return `: ${cause.message}`;
  const name = cause instanceof Error ? errorName(cause) : 'Error';
  return name === 'Error' ? '' : `: ${name}`;
}
