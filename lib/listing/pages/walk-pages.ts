import type { CycleCheck } from '../../core/cursor-shape.js';
import { PageturnError } from '../../core/errors.js';
import { digest } from '../../core/fingerprint.js';
import type { FetchPage, ListedPage, PageCall } from '../../core/page.js';
import { readPage } from './read-page.js';
import { nextCycleCheck, type TokenLog } from './token-log.js';

/** A page not fetched yet: its token, and the search for a repeated token up to it. */
export interface PagePlace {
  readonly token: string | undefined;
  readonly cycle: CycleCheck | undefined;
}

/** A page and where it was fetched. */
export interface FetchedPage<T> extends PagePlace {
  readonly page: ListedPage<T>;
}

/** What one fetch of a page is given, until it is closed. */
export interface OpenCall extends PageCall {
  close(): void;
}

/** Pages one after the other: straight from the generator, or read ahead of the consumer. */
export interface PageWalk<T> {
  next(): Promise<IteratorResult<FetchedPage<T>, void>>;
  return(): Promise<unknown>;
  /** Starts fetching ahead if there is room; called once the page delivered last is known downstream. */
  fill?(): void;
}

interface WalkPagesOptions<T> {
  readonly start: PagePlace;
  readonly fetchPage: FetchPage<T>;
  /** What is passed to a fetch; closed when it has settled. */
  readonly openCall: () => OpenCall;
  readonly visited: TokenLog;
  /** What a repeated token means: an error, or the end. */
  readonly onCycle: 'fail' | 'stop';
  /** Whether the walk was abandoned while a page was on its way. */
  readonly isAbandoned: () => boolean;
  /** Takes a fetch's error; returns if the listing is to start over, else throws. */
  readonly recover: (error: unknown, token: string | undefined) => void;
}

/**
 * The loop everything rests on: fetch the page at a token, yield it, continue while there is a next one. An empty page
 * is not the end; a repeated token is ERR_TOKEN_CYCLE, however many pages lie between.
 */
export async function* walkPages<T>(
  options: WalkPagesOptions<T>,
): AsyncGenerator<FetchedPage<T>, void, void> {
  const { fetchPage, openCall, visited, onCycle, isAbandoned, recover } = options;
  let { token, cycle } = options.start;
  for (;;) {
    let nextCycle: CycleCheck | undefined;
    if (token !== undefined) {
      const id = digest(token);
      nextCycle = nextCycleCheck(cycle, id);
      if (!nextCycle || !visited.enter(id)) {
        if (onCycle === 'stop') return;
        throw repeatedToken();
      }
    }
    const call = openCall();
    let page: ListedPage<T>;
    try {
      page = readPage(await fetchPage(token, call));
    } catch (error) {
      if (isAbandoned()) throw error;
      recover(error, token);
      token = cycle = undefined;
      continue;
    } finally {
      call.close();
    }
    if (isAbandoned()) return;
    yield { token, cycle, page };
    if (!page.next) return;
    token = page.next;
    cycle = nextCycle;
  }
}

function repeatedToken(): PageturnError {
  return new PageturnError(
    'ERR_TOKEN_CYCLE',
    "the service repeated a page token; pass onCycle: 'stop' if that is how it marks the end",
  );
}
