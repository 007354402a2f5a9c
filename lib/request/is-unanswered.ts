import { chainOf, type ErrorFields } from '../core/error-fields.js';
import { ifReadable } from '../core/if-readable.js';
import { UNREACHED_CODE } from './error-names.js';

/** Whether an error means that the host did not answer: no connection was made, or nothing came over it in time. */
export function isUnanswered(error: unknown): boolean {
  return ifReadable(() => [...chainOf(error)].some(isTimeout)) ?? false;
}

function isTimeout({ name, code }: ErrorFields): boolean {
  return name === 'TimeoutError' || UNREACHED_CODE.test(String(code)) || TIMEOUT_CODE.test(String(code));
}

const TIMEOUT_CODE = /^(E(SOCKET)?TIMEDOUT|ECONNABORTED|UND_ERR_HEADERS_TIMEOUT)$/;
