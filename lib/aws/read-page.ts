import { dropRejection } from '../core/drop-rejection.js';
import { describeValue, PageturnError } from '../core/errors.js';
import type { Page } from '../core/page.js';
import type { Paging } from './resolve-paging.js';
import { tokenCodec } from './token-codec.js';

/** Reads the page in an output. Throws ERR_PAGE_INVALID if the output contradicts itself or is not a page. */
export function readPage<T>(output: unknown, operation: string, paging: Paging): Page<T> {
  if (typeof output !== 'object' || output === null) {
    throw invalidPage(`the response to ${operation} must be an object, received ${describeValue(output)}`);
  }
  // A service with nothing to list may omit the list.
  const items = paging.itemsOf(output) ?? [];
  if (!Array.isArray(items)) {
    dropRejection(items);
    throw invalidPage(`${operation}: ${paging.itemsName} must be an array, received ${typeof items}`);
  }
  const { ApproximateTotalCount: total } = output as Record<string, unknown>;
  const next = nextOf(output, operation, paging);
  return { items, next, total: typeof total === 'number' ? total : undefined, output };
}

/** The next token, encoded; undefined at the end. The service's own flag that there are more pages is trusted. */
function nextOf(output: object, operation: string, paging: Paging): string | undefined {
  const more = paging.moreOf(output) ?? undefined;
  if (more !== undefined && typeof more !== 'boolean') {
    throw invalidPage(`${operation}: ${paging.moreName} must be a boolean, received ${typeof more}`);
  }
  if (more === false) return undefined;
  const token = paging.nextOf(output);
  assertParts(token, operation, paging);
  const next = tokenCodec.encode(token);
  if (more && next === undefined) {
    throw invalidPage(
      `${operation} reports more pages (${paging.moreName}), but there is no token at ${paging.nextName}; pass the option next with the path of the token, such as 'List[-1].Id' for a member of the last item`,
    );
  }
  return next;
}

/** A function may return anything, and so may a service: an empty list would count as the end. */
function assertParts(token: unknown, operation: string, { tokenKeys, nextName }: Paging): void {
  const { length } = tokenKeys;
  if (token === undefined || token === null) return;
  if (length === 1 ? !Array.isArray(token) : Array.isArray(token) && token.length === length) return;
  for (const part of [token].flat()) dropRejection(part);
  const expected = length === 1 ? 'a token, and not an array' : `an array of ${length} parts`;
  throw invalidPage(`${operation}: ${nextName} must be ${expected}, for ${tokenKeys.join(', ')}`);
}

function invalidPage(message: string): PageturnError {
  return new PageturnError('ERR_PAGE_INVALID', message);
}
