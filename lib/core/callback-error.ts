import { PageturnError } from './errors.js';

/**
 * The error for what a caller's callback threw: ERR_CALLBACK_FAILED with the original as its cause. An
 * ERR_INVALID_ARGUMENT already names the mistake and passes unchanged.
 */
export function callbackError(cause: unknown, callback: string): PageturnError {
  if (cause instanceof PageturnError && cause.code === 'ERR_INVALID_ARGUMENT') return cause;
  return new PageturnError('ERR_CALLBACK_FAILED', `the callback of ${callback} failed`, { cause });
}
