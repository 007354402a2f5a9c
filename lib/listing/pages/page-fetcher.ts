import type { CycleCheck } from '../../core/cursor-shape.js';
import { PageturnError } from '../../core/errors.js';
import { digest } from '../../core/fingerprint.js';
import type { ListedPage, Page, PageCall } from '../../core/page.js';
import type { RequestStats } from '../../core/request-stats.js';
import type { Scope } from '../../core/scope.js';
import { ScopedCall } from '../../core/scoped-call.js';
import { isTraced, type PageTrace, traced } from '../../core/tracing.js';
import type { ListingSource, OpenSource, SourceRun } from '../listing-source.js';
import { readPage } from './read-page.js';
import { Restarts } from './restarts.js';
import { nextCycleCheck, TokenLog } from './token-log.js';

/** Where a page is fetched: its token, a digest of it, and the search for a repeated token up to it. */
export interface PagePlace {
  readonly token: string | undefined;
  readonly id: number;
  readonly cycle: CycleCheck | undefined;
}

/** A page, where it was fetched, and where the next one is. */
export interface FetchedPage<T> extends PagePlace {
  readonly page: ListedPage<T>;
  /** The page size it was asked for with. */
  readonly pageSize: number | undefined;
  readonly next: PagePlace | undefined;
}

export function placeAt(token: string | undefined, cycle: CycleCheck | undefined): PagePlace {
  return { token, id: token === undefined ? 0 : digest(token), cycle };
}

export const FIRST_PAGE = placeAt(undefined, undefined);

/** Fetches the pages of one traversal, one at a time, and knows which tokens it has used. */
export class PageFetcher<T> {
  readonly visited = new TokenLog();
  readonly restarts: Restarts;
  readonly opened: OpenSource<T>;
  /** A chain of tokens keeps the page size it started with. */
  pageSize: number | undefined;
  readonly #source: ListingSource<T>;
  readonly #options: SourceRun;
  #call: ScopedPageCall | undefined;

  constructor(source: ListingSource<T>, options: SourceRun) {
    this.#source = source;
    this.#options = options;
    this.opened = source.open(options);
    this.pageSize = source.pageSize;
    this.restarts = new Restarts(source);
  }

  /**
   * The page at a place, or the first one if the token is rejected and the listing starts over. A token that was used
   * before is ERR_TOKEN_CYCLE, however many pages lie between, or resolves to undefined if it marks the end.
   */
  async fetch({ token, id, cycle }: PagePlace): Promise<FetchedPage<T> | undefined> {
    let nextCycle: CycleCheck | undefined;
    if (token !== undefined) {
      nextCycle = nextCycleCheck(cycle, id);
      if (!nextCycle || !this.visited.enter(id)) {
        if (this.#source.onCycle === 'stop') return undefined;
        throw repeatedToken();
      }
    }
    const { pageSize } = this;
    const call = this.#openCall();
    let page: ListedPage<T>;
    try {
      page = readPage(await this.#send(token, call));
    } catch (error) {
      // After a pause, the result of a fetch is ignored.
      if (token === undefined || !call.isWanted) throw error;
      this.restarts.begin(error, this.visited.size);
      this.visited.restart();
      this.pageSize = this.#source.pageSize;
      return this.fetch(FIRST_PAGE);
    } finally {
      call.close();
    }
    const next = page.next ? placeAt(page.next, nextCycle) : undefined;
    return { token, id, cycle, page, pageSize, next };
  }

  /** The call of the previous page, if its signal was never read: a call costs more than everything else about a page. */
  #openCall(): ScopedPageCall {
    const { pageSize } = this;
    if (this.#call?.isReusable && this.#call.pageSize === pageSize) return this.#call;
    const { scope, stats } = this.#options;
    this.#call = new ScopedPageCall(scope, this.#source.query.operation, stats, pageSize);
    return this.#call;
  }

  #send(token: string | undefined, call: PageCall): Promise<Page<T>> {
    if (!isTraced('pageturn:page')) return this.#fetchPage(token, call);
    const trace: PageTrace = { operation: call.operation, traversal: this.#options.trace() };
    return traced('pageturn:page', trace, async () => {
      const page = await this.#fetchPage(token, call);
      // What is wrong with a page shows when it is read.
      trace.items = page?.items?.length ?? 0;
      return page;
    });
  }

  #fetchPage(token: string | undefined, call: PageCall): Promise<Page<T>> {
    return this.#options.scope.call(() => this.opened.fetchPage(token, call));
  }
}

/** What one fetch of a page is given. */
class ScopedPageCall extends ScopedCall implements PageCall {
  readonly operation: string;
  readonly stats: RequestStats;
  readonly pageSize: number | undefined;

  constructor(scope: Scope, operation: string, stats: RequestStats, pageSize: number | undefined) {
    super(scope);
    this.operation = operation;
    this.stats = stats;
    this.pageSize = pageSize;
  }
}

function repeatedToken(): PageturnError {
  return new PageturnError(
    'ERR_TOKEN_CYCLE',
    "the service repeated a page token; pass onCycle: 'stop' if that is how it marks the end",
  );
}
