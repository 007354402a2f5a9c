import { chainOf, statusOf } from './error-fields.js';
import { ifReadable } from './if-readable.js';
import { shortened } from './quoted.js';

/**
 * The name of an error, with the system code of its innermost reason and the HTTP status if there are any, such as
 * `TypeError (ECONNREFUSED)`. Never its message, which may contain a token or a user's name.
 */
export function errorName(error: unknown): string {
  return ifReadable(() => nameOf(error)) ?? 'an error that cannot be read';
}

function nameOf(error: unknown): string {
  const name = error instanceof Error ? shortened(`${error.name}`) : `a thrown ${typeof error}`;
  const code = codeOf(error);
  const status = statusOf(error);
  // The name of every error of a socket or of DNS.
  if (name === 'Error' && code !== undefined && status === undefined) return code;
  const details = [code, status === undefined ? undefined : `HTTP ${status}`].filter(
    (one) => one !== undefined,
  );
  return details.length > 0 ? `${name} (${details.join(', ')})` : name;
}

/** A code as systems and libraries write it, such as `ENOTFOUND` or `CERT_HAS_EXPIRED`. */
const CODE = /^[A-Z][A-Z\d]*(_[A-Z\d]+)*$/;
const LONGEST_CODE = 60;

function codeOf(error: unknown): string | undefined {
  for (const { code } of chainOf(error)) {
    if (typeof code === 'string' && code.length <= LONGEST_CODE && CODE.test(code)) return code;
  }
  return undefined;
}
