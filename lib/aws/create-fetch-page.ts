import { PageturnError } from '../core/errors.js';
import type { FetchPage } from '../core/page.js';
import type { Send } from '../request/with-attempt.js';
import { readPage } from './read-page.js';
import type { Paging } from './resolve-paging.js';
import { isAbsent, tokenCodec } from './token-codec.js';

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
    if (token !== undefined) addToken(request, paging, partsOf(token, operation, paging));
    return readPage<T>(await send(request, call), operation, paging);
  };
}

function sizeFields({ pageSizeKey, pageSizeIsText }: Paging, size: number | undefined): object {
  if (pageSizeKey === undefined || size === undefined) return {};
  return { [pageSizeKey]: pageSizeIsText ? String(size) : size };
}

/**
 * The parts of a token. Throws ERR_CURSOR_MISMATCH for a token that no page of this operation can have: a request without
 * one of the parts would fetch another page, or the first one.
 */
function partsOf(token: string, operation: string, { tokenKeys }: Paging): unknown[] {
  let parts: unknown;
  try {
    const decoded = tokenCodec.decode(token);
    parts = tokenKeys.length === 1 ? [decoded] : decoded;
  } catch {
    // No JSON after the prefix of the codec.
  }
  if (!Array.isArray(parts) || parts.length !== tokenKeys.length || parts.every(isAbsent)) {
    throw new PageturnError(
      'ERR_CURSOR_MISMATCH',
      `the cursor is damaged: its token is not one of ${operation}`,
    );
  }
  return parts;
}

function addToken(request: Record<string, unknown>, paging: Paging, parts: readonly unknown[]): void {
  const { tokenKeys, firstPageOnly } = paging;
  for (const name of firstPageOnly) delete request[name];
  for (const [i, name] of tokenKeys.entries()) {
    // A part that the service omitted stays omitted.
    if (parts[i] !== undefined && parts[i] !== null) request[name] = parts[i];
  }
}
