import { toTypedJson } from '../../core/typed-json.js';
import { escapeUnprintable } from '../../core/unprintable.js';

/**
 * A value as JSON on one line. Dates are ISO 8601, and null if they are invalid; a bigint is a string of its digits, bytes
 * are base64, a Set is a list, a Map a list of pairs. Characters that move the cursor of a terminal or break a line are
 * escaped, which means the same to every parser.
 */
export function jsonText(value: unknown): string {
  return escapeUnprintable(JSON.stringify(toTypedJson(value).json) ?? 'null');
}
