import { chainOf } from './error-fields.js';
import { UNREACHED_CODE } from './error-names.js';

/** Whether an error means that no connection to the host was made. */
export function isUnreached(error: unknown): boolean {
  for (const { code, syscall } of chainOf(error)) {
    if (UNREACHED_CODE.test(String(code)) || (code === 'ETIMEDOUT' && syscall === 'connect')) return true;
  }
  return false;
}
