import { PageturnError } from '../../core/errors.js';
import type { FetchPage, Page, PageCall } from '../../core/page.js';
import type { TokenLog } from './token-log.js';

/** A page and the token it was had at. */
export interface PageAt<T> {
  readonly token: string | undefined;
  readonly page: Page<T>;
}

/** Pages one after the other: straight from the generator, or read ahead of the consumer. */
export interface PageWalk<T> {
  next(): Promise<IteratorResult<PageAt<T>, void>>;
  return(): Promise<unknown>;
  /** Starts fetching ahead where there is room; called once the page in hand is known downstream. */
  fill?(): void;
}

interface WalkPagesOptions<T> {
  readonly fetchPage: FetchPage<T>;
  /** Where to begin; undefined: at the first page. */
  readonly token: string | undefined;
  /** What goes with the fetch at a token. */
  readonly callAt: (token: string | undefined) => PageCall;
  readonly visited: TokenLog;
  /** A repeated token: an error, or the end. */
  readonly onCycle: 'fail' | 'stop';
  /** Called with a fetch's error; answers where to go on instead, or throws. */
  readonly recover: (error: unknown, token: string | undefined) => { readonly token: string | undefined };
}

/**
 * The loop everything stands on: fetch at the token, yield the page, go on while there is a next one. An empty page is
 * no end; a token that was already used is an error (ERR_TOKEN_CYCLE), whatever lies between.
 */
export async function* walkPages<T>(options: WalkPagesOptions<T>): AsyncGenerator<PageAt<T>, void, void> {
  const { fetchPage, callAt, visited, onCycle, recover } = options;
  let token = options.token;
  for (;;) {
    if (token !== undefined && !visited.enter(token)) {
      if (onCycle === 'stop') return;
      throw new PageturnError(
        'ERR_TOKEN_CYCLE',
        "the service gave a page token a second time; pass onCycle: 'stop' if it means the end by that",
      );
    }
    let page: Page<T>;
    try {
      const call = callAt(token);
      page = readPage(await fetchPage(token, call));
      // Too late for a walk that was left: whoever goes on fetches this page again.
      call.signal?.throwIfAborted();
    } catch (error) {
      token = recover(error, token).token;
      continue;
    }
    yield { token, page };
    if (!page.next) return;
    token = page.next;
  }
}

function readPage<T>(page: Page<T>): Page<T> {
  if (typeof page !== 'object' || page === null) {
    throw new PageturnError(
      'ERR_PAGE_INVALID',
      `fetchPage must resolve to a page { items, next }, received ${page}`,
    );
  }
  // A service that has nothing to list may leave the list out.
  if (!page.items) assertPageLike(page);
  const items: unknown = page.items ?? [];
  if (!Array.isArray(items)) {
    throw new PageturnError(
      'ERR_PAGE_INVALID',
      `the page's items must be an array, received ${typeof items}`,
    );
  }
  const next: unknown = page.next;
  if (next !== undefined && next !== null && typeof next !== 'string') {
    throw new PageturnError(
      'ERR_PAGE_INVALID',
      `the page's next token must be a string, received ${typeof next}`,
    );
  }
  return page.items ? page : { ...page, items: [] };
}

/** An object of other names would pass for an empty last page. */
function assertPageLike(page: object): void {
  const keys = Object.keys(page);
  if (keys.length === 0 || 'items' in page || 'next' in page) return;
  throw new PageturnError(
    'ERR_PAGE_INVALID',
    `a page has items and next, received an object of ${keys.slice(0, 5).join(', ')}`,
  );
}
