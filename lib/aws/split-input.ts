import { assertWholeNumber } from '../core/assert-whole-number.js';
import { isPlainObject } from '../core/canonical.js';
import { invalidArgument } from '../core/errors.js';
import type { Paging } from './resolve-paging.js';

interface SplitInput {
  /** A copy of the input without its page size. */
  readonly query: object;
  readonly pageSize: number | undefined;
}

/** Splits the page size from an input. Throws ERR_INVALID_ARGUMENT if the input contains a token, or for a bad size. */
export function splitInput(operation: string, paging: Paging, input: object, wanted?: number): SplitInput {
  const query = copyOf(input, 0) as Record<string, unknown>;
  assertNoToken(query, paging);
  const { pageSizeKey } = paging;
  if (pageSizeKey === undefined) {
    if (wanted === undefined) return { query, pageSize: undefined };
    throw invalidArgument('pageSize', `left out, because ${operation} has no page size`, wanted);
  }
  const { [pageSizeKey]: given, ...rest } = query;
  const size: unknown = wanted ?? numberOf(given, paging) ?? paging.pageSize;
  if (size !== undefined) assertWholeNumber('pageSize', size, 1);
  return { query: rest, pageSize: size };
}

/** A copy of the lists and objects in an input: a caller may use them again, for another listing, before this one is read. */
function copyOf(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return value;
  if (Array.isArray(value)) return value.map((member) => copyOf(member, depth + 1));
  if (depth > 0 && !isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copyOf(member, depth + 1)]));
}

/** Deeper than any input of a service; beyond it may be a value that contains itself. */
const DEEPEST = 32;

function assertNoToken(input: Record<string, unknown>, { tokenKeys }: Paging): void {
  const tokenKey = tokenKeys.find((key) => input[key] !== undefined);
  if (tokenKey === undefined) return;
  // A listing that starts in the middle would still end as complete; and the SDK's paginators leave a token behind.
  throw invalidArgument(
    `input.${tokenKey}`,
    'left out; to start elsewhere, open the listing at a cursor',
    'a token',
  );
}

function numberOf(given: unknown, { pageSizeIsText }: Paging): unknown {
  return pageSizeIsText && typeof given === 'string' ? Number(given) : given;
}
