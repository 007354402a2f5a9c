import { errorName } from './error-name.js';
import { isPageturnError, PageturnError } from './errors.js';
import { ifReadable } from './if-readable.js';

/**
 * The error for what a caller's callback threw: ERR_CALLBACK_FAILED with the original as its cause. An
 * ERR_INVALID_ARGUMENT already names the mistake and passes unchanged. The message includes only what cannot contain
 * user names: the message of a pageturn error, or the name and code of another error.
 */
export function callbackError(cause: unknown, callback: string): PageturnError {
  const ours = isPageturnError(cause) ? cause : undefined;
  if (ours?.code === 'ERR_INVALID_ARGUMENT') return ours;
  const reason = ours ? `: ${ours.message}` : reasonOf(cause);
  return new PageturnError('ERR_CALLBACK_FAILED', `the callback of ${callback} failed${reason}`, { cause });
}

/** Calls a caller's callback; what it throws becomes a {@link callbackError}. */
export function callingBack<R>(callback: string, call: () => R): R {
  try {
    return call();
  } catch (error) {
    throw callbackError(error, callback);
  }
}

function reasonOf(cause: unknown): string {
  const name = ifReadable(() => cause instanceof Error) === false ? 'Error' : errorName(cause);
  return name === 'Error' ? '' : `: ${name}`;
}
