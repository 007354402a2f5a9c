import { ABORT_NAME } from './abort-name.js';
import { chainOf, type ErrorFields } from './error-fields.js';
import { isPageturnError } from './errors.js';
import { isCredentialError } from './is-credential-error.js';

/**
 * Whether every other item would fail with the same error: an abort, credentials or permissions that the service
 * refuses, or a wrong use of pageturn.
 */
export function isFatalError(error: unknown): boolean {
  return [...chainOf(error)].some((link) => isAbort(link) || isCredentialError(link) || isWrongUse(link));
}

function isAbort({ name, code }: ErrorFields): boolean {
  return [name, code].some((one) => typeof one === 'string' && ABORT_NAME.test(one));
}

function isWrongUse(error: unknown): boolean {
  return isPageturnError(error) && error.code === 'ERR_INVALID_ARGUMENT';
}
