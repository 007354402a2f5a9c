import { PageturnError } from '../core/errors.js';
import type { FetchPage, Page } from '../core/page.js';
import type { Send } from '../request/with-attempt.js';
import type { Paging } from './resolve-paging.js';
import { tokenCodec } from './token-codec.js';

interface CreateFetchPageOptions {
  readonly send: Send<object, unknown>;
  readonly operation: string;
  readonly paging: Paging;
  /** The input without its token and page size. */
  readonly input: object;
}

/** One operation of an AWS service as a function that fetches a page. The caller vouches for the type of the items. */
export function createFetchPage<T>(options: CreateFetchPageOptions): FetchPage<T> {
  const { send, operation, paging, input } = options;
  const { tokenKey, pageSizeKey } = paging;
  return async (token, call) => {
    const request: Record<string, unknown> = { ...input };
    if (token !== undefined) request[tokenKey] = tokenCodec.decode(token);
    const { pageSize } = call;
    if (pageSizeKey !== undefined && pageSize !== undefined) request[pageSizeKey] = pageSize;
    return readPage<T>(await send(request, call), operation, paging);
  };
}

function readPage<T>(output: unknown, operation: string, paging: Paging): Page<T> {
  if (typeof output !== 'object' || output === null) {
    throw invalidPage(`the response to ${operation} must be an object, received ${output}`);
  }
  // A service with nothing to list may omit the list.
  const items = paging.itemsOf(output) ?? [];
  if (!Array.isArray(items)) {
    throw invalidPage(`${operation}: ${paging.itemsName} must be an array, received ${typeof items}`);
  }
  const { IsTruncated: isTruncated, ApproximateTotalCount: total } = output as Record<string, unknown>;
  const next = isTruncated === false ? undefined : tokenCodec.encode(paging.nextOf(output));
  if (isTruncated === true && next === undefined) {
    throw invalidPage(
      `${operation} reports more pages but returns no token; pass the option next to read the token from elsewhere`,
    );
  }
  return { items, next, total: typeof total === 'number' ? total : undefined, output };
}

function invalidPage(message: string): PageturnError {
  return new PageturnError('ERR_PAGE_INVALID', message);
}
