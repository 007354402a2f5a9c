import { chainOf } from '../core/error-fields.js';
import { UNREACHED_CODE } from './error-names.js';

/** Whether an error means that the host did not answer: no connection was made, or nothing came over it in time. */
export function isUnanswered(error: unknown): boolean {
  for (const { name, code } of chainOf(error)) {
    if (name === 'TimeoutError' || UNREACHED_CODE.test(String(code)) || TIMEOUT_CODE.test(String(code)))
      return true;
  }
  return false;
}

const TIMEOUT_CODE = /^(E(SOCKET)?TIMEDOUT|ECONNABORTED|UND_ERR_HEADERS_TIMEOUT)$/;
