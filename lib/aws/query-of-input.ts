import type { TypedContent } from '../core/canonical.js';
import type { Query } from '../core/cursor.js';
import { queryOf } from '../core/query-of.js';
import type { Paging } from './resolve-paging.js';
import { isWrappedNumber } from './wrapped-number.js';

/** The query of an operation and its input; the page size does not belong to it. Throws ERR_INVALID_ARGUMENT as `queryOf` does. */
export function queryOfInput(operation: string, input: object, { pageSizeKey }: Paging): Query {
  const query = queryOf(operation, input, { contentOf: contentOfNumber });
  const fields = Object.entries(query.input).filter(([name]) => name !== pageSizeKey);
  return { operation, input: Object.fromEntries(fields) };
}

/** The document client takes numbers that a double cannot represent as objects around their text. */
function contentOfNumber(value: unknown): TypedContent | undefined {
  return isWrappedNumber(value) ? ['NumberValue', value.value] : undefined;
}
