import { PageturnError } from '../../core/errors.js';
import type { Page, PageCall } from '../../core/page.js';
import type { RequestStats } from '../../core/request-stats.js';
import type { Scope } from '../../core/scope.js';
import { ScopedCall } from '../../core/scoped-call.js';
import { isTraced, type PageTrace, traced } from '../../core/tracing.js';
import type { AcquiredCall, ListingSource, OpenSource, SourceRun, UnusedPermit } from '../listing-source.js';
import { LoadedPage } from './loaded-page.js';
import { type PagePlace, placeAt } from './page-place.js';
import { readPage } from './read-page.js';
import { Restarts } from './restarts.js';
import { nextCycleCheck, TokenLog } from './token-log.js';

/** Takes what was fetched, and never throws. After a pause it gets nothing from fetches that began before. */
export interface PageSink<T> {
  /** Undefined if a repeated token marks the end. */
  arrive(page: LoadedPage<T> | undefined): void;
  fail(error: unknown): void;
}

/** Fetches the pages of one traversal, one at a time, and knows which tokens it has used. */
export class PageFetcher<T> {
  readonly visited = new TokenLog();
  readonly restarts: Restarts;
  readonly opened: OpenSource<T>;
  readonly #source: ListingSource<T>;
  readonly #options: SourceRun;
  #call: ScopedPageCall | undefined;

  constructor(source: ListingSource<T>, options: SourceRun) {
    this.#source = source;
    this.#options = options;
    this.opened = source.open(options);
    this.restarts = new Restarts(source);
  }

  get firstPage(): PagePlace {
    return placeAt(undefined, { cycle: undefined, pageSize: this.#source.pageSize });
  }

  /**
   * Fetches the page at a place, or the first one if the token is rejected and the listing starts over. A token that was
   * used before is ERR_TOKEN_CYCLE, however many pages are between. Not async: its own promise would cost each page
   * as much as its request.
   */
  fetch(place: PagePlace, sink: PageSink<T>): void {
    const { token, id, isUsed, cycle, pageSize } = place;
    const nextCycle = token === undefined ? undefined : nextCycleCheck(cycle, id);
    if (token !== undefined) {
      if (isUsed || !nextCycle) {
        if (this.#source.onCycle === 'stop') sink.arrive(undefined);
        else sink.fail(repeatedToken());
        return;
      }
      this.visited.enter(id);
    }
    const call = this.#openCall(pageSize);
    const answered = (answer: Page<T>) => {
      try {
        const page = readPage(answer);
        call.close();
        if (!call.isWanted) return;
        const behind = { cycle: nextCycle, pageSize, used: this.visited };
        const next = page.next ? placeAt(page.next, behind) : undefined;
        sink.arrive(new LoadedPage(page, place, next, this.#source));
      } catch (error) {
        rejected(error);
      }
    };
    const rejected = (error: unknown) => {
      call.close();
      if (!call.isWanted) return;
      try {
        if (token === undefined) throw error;
        this.restarts.begin(error, this.visited.size);
        this.visited.restart();
        this.fetch(this.firstPage, sink);
      } catch (thrown) {
        sink.fail(thrown);
      }
    };
    const send = (acquired: AcquiredCall): Promise<void> | undefined => {
      if (!call.isWanted) return undefined;
      call.permit = acquired.permit;
      return this.#send(token, acquired).then(answered, rejected);
    };
    const { acquire } = this.opened;
    // A promise keeps what it resolved to, and one that waited long is collected late. So the wait for the quota does
    // not resolve to a page. In a trace, the wait belongs to its page.
    if (acquire && !isTraced('pageturn:page')) acquire(call).then(send).catch(rejected);
    else send(call);
  }

  /** The call of the previous page, if its signal was never read: a call costs more than everything else about a page. */
  #openCall(pageSize: number | undefined): ScopedPageCall {
    if (this.#call?.isReusable && this.#call.pageSize === pageSize) return this.#call;
    const { scope, stats } = this.#options;
    this.#call = new ScopedPageCall(scope, this.#source.query.operation, stats, pageSize);
    return this.#call;
  }

  #send(token: string | undefined, call: PageCall): Promise<Page<T>> {
    return isTraced('pageturn:page') ? this.#sendTraced(token, call) : this.#fetchPage(token, call);
  }

  /** Async, so that a subscriber that throws fails the page. */
  async #sendTraced(token: string | undefined, call: PageCall): Promise<Page<T>> {
    const trace: PageTrace = { operation: call.operation, traversal: this.#options.trace() };
    return traced('pageturn:page', trace, async () => {
      const page = await this.#fetchPage(token, call);
      // What is wrong with a page shows when it is read.
      trace.items = page?.items?.length ?? 0;
      return page;
    });
  }

  #fetchPage(token: string | undefined, call: PageCall): Promise<Page<T>> {
    return this.#options.scope.call(this.opened.fetchPage, token, call);
  }
}

/** What one fetch of a page is given. */
class ScopedPageCall extends ScopedCall implements PageCall {
  readonly operation: string;
  readonly stats: RequestStats;
  readonly pageSize: number | undefined;
  /** Acquired ahead: the fetch may fail before its request, or use the permit of another pacer. */
  permit: UnusedPermit | undefined;

  constructor(scope: Scope, operation: string, stats: RequestStats, pageSize: number | undefined) {
    super(scope);
    this.operation = operation;
    this.stats = stats;
    this.pageSize = pageSize;
  }

  override close(): void {
    this.permit?.giveBack();
    super.close();
  }
}

function repeatedToken(): PageturnError {
  return new PageturnError(
    'ERR_TOKEN_CYCLE',
    "the service repeated a page token; pass onCycle: 'stop' if that is how it marks the end",
  );
}
