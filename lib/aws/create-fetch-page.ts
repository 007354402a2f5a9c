import type { FetchPage } from '../core/page.js';
import type { Send } from '../request/with-attempt.js';
import { readPage } from './read-page.js';
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
  return async (token, call) => {
    const request = { ...input, ...sizeFields(paging, call.pageSize) };
    if (token !== undefined) addToken(request, paging, token);
    return readPage<T>(await send(request, call), operation, paging);
  };
}

function sizeFields({ pageSizeKey, pageSizeIsText }: Paging, size: number | undefined): object {
  if (pageSizeKey === undefined || size === undefined) return {};
  return { [pageSizeKey]: pageSizeIsText ? String(size) : size };
}

function addToken(request: Record<string, unknown>, paging: Paging, token: string): void {
  const { tokenKeys, firstPageOnly } = paging;
  for (const name of firstPageOnly) delete request[name];
  const decoded = tokenCodec.decode(token);
  const parts: unknown[] = tokenKeys.length === 1 ? [decoded] : (decoded as unknown[]);
  for (const [i, name] of tokenKeys.entries()) {
    // A part that the service omitted stays omitted.
    if (parts[i] !== undefined && parts[i] !== null) request[name] = parts[i];
  }
}
