import type { CycleCheck } from '../../core/cursor-shape.js';
import { PageturnError } from '../../core/errors.js';
import type { ListedPage } from '../../core/page.js';
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

/** Pages one after the other: straight from the generator, or read ahead of the consumer. */
export interface PageWalk<T> {
  next(): Promise<IteratorResult<FetchedPage<T>, void>>;
  return(): Promise<unknown>;
  /** Starts fetching ahead if there is room; called once the page delivered last is known downstream. */
  fill?(): void;
}

interface WalkPagesOptions<T> {
  readonly start: PagePlace;
  readonly fetch: (token: string | undefined) => Promise<ListedPage<T>>;
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
  const { fetch, visited, onCycle, isAbandoned, recover } = options;
  let { token, cycle } = options.start;
  for (;;) {
    let nextCycle: CycleCheck | undefined;
    if (token !== undefined) {
      nextCycle = nextCycleCheck(cycle, token);
      if (!nextCycle || !visited.enter(token)) {
        if (onCycle === 'stop') return;
        throw repeatedToken();
      }
    }
    let page: ListedPage<T>;
    try {
      page = await fetch(token);
    } catch (error) {
      if (isAbandoned()) throw error;
      recover(error, token);
      token = cycle = undefined;
      continue;
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
