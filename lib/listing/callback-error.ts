import { PageturnError } from '../core/errors.js';

/** What a traversal makes of an error its operator's callback threw; a wrong argument speaks for itself. */
export function callbackError(cause: unknown, operator: string): PageturnError {
  if (cause instanceof PageturnError && cause.code === 'ERR_INVALID_ARGUMENT') return cause;
  return new PageturnError('ERR_CALLBACK_FAILED', `the callback of ${operator} failed`, { cause });
}
