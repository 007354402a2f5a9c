import type { Cursor } from '../../core/cursor-shape.js';
import { publish } from '../../core/events.js';
import type { KeyOf } from '../../core/identity.js';
import type { ListingSource, Shortfall, SourceRun } from '../listing-source.js';
import { type Content, contentOf } from '../operators/content-of.js';
import { EVERYTHING, NOTHING, type Nothing, type Stage, type Wanted } from '../operators/stage.js';
import type { PageAhead, Position } from '../traversal/position.js';
import { type EarlierItems, earlierItems } from './earlier-items.js';
import type { LoadedPage } from './loaded-page.js';
import { emptyBuffer, type PageBuffer, refillBuffer } from './page-buffer.js';
import { type FetchedPage, FIRST_PAGE, PageFetcher, type PagePlace, placeAt } from './page-fetcher.js';
import { ReadAhead } from './read-ahead.js';
import { SeenItems } from './seen-items.js';

interface PageSourceOptions extends SourceRun {
  /** Pages to fetch ahead of the one being read. */
  readonly prefetch: number;
  readonly from: Cursor | undefined;
}

/** The first stage of every traversal: the items of one page after the other, and the position among them. */
export class PageSource<T> implements Stage<T> {
  readonly isLimited = false;
  readonly isOrdered: boolean;
  /** Pages received and items in them, empty pages included. */
  pages = 0;
  itemsReceived = 0;
  /** Those of them that an earlier run acknowledged. */
  #acknowledgedBefore = 0;
  readonly buffer: PageBuffer<T> = emptyBuffer();
  /** The page whose items are in the buffer. */
  page: LoadedPage<T> | undefined;
  readonly #source: ListingSource<T>;
  readonly #options: PageSourceOptions;
  readonly #keyOf: KeyOf<T>;
  readonly #fetcher: PageFetcher<T>;
  /** The page to fetch first, or next where there is no current one. */
  #ahead: PageAhead;
  #earlier: EarlierItems<T> | undefined;
  #readAhead: ReadAhead<T> | undefined;
  /** Ends the wait for a page at a pause, even if the fetch ignores its signal. */
  #endWait: (isMore: true) => void = () => {};
  #isOver = false;
  /** How many pages and items, of all received, were wanted for sure when more was asked for last. */
  #wanted = EVERYTHING;

  constructor(source: ListingSource<T>, options: PageSourceOptions) {
    const { from, scope } = options;
    this.isOrdered = !source.isUnordered;
    this.#source = source;
    this.#options = options;
    this.#keyOf = (item) => source.key(item);
    this.#fetcher = new PageFetcher(source, options);
    // A chain of tokens keeps the page size it was begun with.
    if (from && (from.token !== undefined || from.offset > 0)) this.#fetcher.pageSize = from.pageSize;
    const { pageSize } = this.#fetcher;
    if (source.pageSize !== undefined && source.pageSize !== pageSize) {
      const ignored = source.pageSize;
      publish('pageturn:page-size', () => ({ operation: source.query.operation, pageSize, ignored }));
    }
    this.#ahead = { ...placeAt(from?.token, from?.cycle), pageSize, owed: '', from };
    this.#earlier = earlierItems(from, { keyOf: this.#keyOf, isUnordered: !this.isOrdered });
    scope.onPause(() => this.#abandonFetches());
  }

  /** How often the listing started over because the service rejected a token. */
  get restarts(): number {
    return this.#fetcher.restarts.count;
  }

  /** Behind the last page: why there is more than was listed. */
  get shortfall(): Shortfall | undefined {
    return this.#fetcher.opened.shortfall;
  }

  acknowledgeAndTake(): T | Nothing {
    const { buffer } = this;
    if (buffer.index < buffer.items.length) {
      buffer.inHand = true;
      return buffer.items[buffer.index++] as T;
    }
    buffer.inHand = false;
    return NOTHING;
  }

  acknowledgeAndTakeAll(): readonly T[] {
    const { items, index } = this.buffer;
    this.buffer.index = items.length;
    this.buffer.inHand = false;
    return index === 0 ? items : items.slice(index);
  }

  acknowledge(): void {
    this.buffer.inHand = false;
  }

  position(after = false): Position {
    const { page } = this;
    const { index, items } = this.buffer;
    const inHand = this.buffer.inHand && !after;
    const offset = inHand ? index - 1 : index;
    const acknowledged = this.itemsReceived - this.#acknowledgedBefore - items.length + offset;
    const ahead = page && !inHand ? this.#behind(page) : undefined;
    if (page && !ahead) return { page, offset, items: acknowledged };
    return { page: ahead ?? this.#ahead, offset: 0, items: acknowledged };
  }

  advance({ values, pages }: Wanted): Promise<boolean> {
    const place = this.#placeAhead();
    if (!place) return Promise.resolve(false);
    this.#wanted = { values: this.itemsReceived + values, pages: this.pages + pages };
    this.#leavePage();
    const { scope } = this.#options;
    const { pauses } = scope;
    return new Promise((resolve, reject) => {
      this.#endWait = resolve;
      const fail = (error: unknown) => {
        if (scope.pauses !== pauses) return;
        // The next advance tries the same page again.
        reject(error);
        this.#abandonFetches();
      };
      const load = (fetched: FetchedPage<T> | undefined) => {
        // After a pause, the page is fetched again when it is asked for.
        if (scope.pauses !== pauses) return;
        try {
          resolve(this.#load(fetched));
        } catch (error) {
          fail(error);
        }
      };
      this.#next(place).then(load, fail);
    });
  }

  contentOf(item: T): Content {
    return contentOf(item);
  }

  close(): void {
    this.#fetcher.opened.close?.();
  }

  /** Where a page that is done leads: it need not be fetched again, but a cursor must not lead back into a cycle. */
  #behind({ next, pageSize, owed }: LoadedPage<T>): PageAhead | undefined {
    const isDone = this.buffer.index >= this.buffer.items.length;
    if (!isDone || !next || this.#fetcher.visited.wasDelivered(next.id)) return undefined;
    const { token, id, cycle } = next;
    // Made for each page, where a spread would cost more than everything else about it.
    return { token, id, cycle, pageSize, owed };
  }

  /** The next page may be long in coming, and a process may wait for hundreds: the items of this one are not kept. */
  #leavePage(): void {
    const ahead = this.page && !this.buffer.inHand ? this.#behind(this.page) : undefined;
    if (!ahead) return;
    this.#ahead = ahead;
    this.page = undefined;
    refillBuffer(this.buffer, NO_ITEMS, 0);
  }

  /** Drops the pages under way and those fetched ahead. */
  #abandonFetches(): void {
    this.#readAhead?.stop();
    this.#readAhead = undefined;
    this.#fetcher.visited.forgetAhead();
    this.#options.stats.endWaits();
    this.#endWait(true);
  }

  #placeAhead(): PagePlace | undefined {
    if (this.#isOver) return undefined;
    if (this.#fetcher.restarts.isUnderWay) return FIRST_PAGE;
    return this.page ? this.page.next : this.#ahead;
  }

  #next(place: PagePlace): Promise<FetchedPage<T> | undefined> {
    const { prefetch: depth } = this.#options;
    if (depth === 0) return this.#fetcher.fetch(place);
    this.#readAhead ??= new ReadAhead({
      depth,
      fetch: (ahead) => this.#fetcher.fetch(ahead),
      isWanted: (arrived) => this.#isPageWanted(arrived),
    });
    return this.#readAhead.next(place);
  }

  /** Whether a page behind the one being read and those fetched ahead is sure to be wanted. */
  #isPageWanted(ahead: readonly FetchedPage<T>[]): boolean {
    const received = ahead.reduce((sum, { page }) => sum + page.items.length, this.itemsReceived);
    return this.#wanted.values > received && this.#wanted.pages > this.pages + ahead.length;
  }

  /** False if the service marked the end with a repeated token. */
  #load(fetched: FetchedPage<T> | undefined): boolean {
    this.#isOver = !fetched;
    if (!fetched) return false;
    const { page, token, id, cycle, pageSize, next } = fetched;
    const { restarts, visited } = this.#fetcher;
    if (token !== undefined) visited.delivered();
    else if (restarts.isUnderWay) {
      // Pages fetched ahead before the rejection came first.
      restarts.isUnderWay = false;
      this.#earlier = undefined;
    }
    const all = { items: page.items, start: 0, owed: '' };
    const { items, start, owed } = this.#earlier?.arrange(page.items) ?? all;
    if (owed === '') this.#earlier = undefined;
    const seen = new SeenItems(items, this.#keyOf);
    // A key function that throws would show only when a cursor is asked for.
    if (this.pages === 0 && items.length > 0) seen.keyAt(0);
    this.pages++;
    this.itemsReceived += items.length;
    this.#acknowledgedBefore += start;
    publish('pageturn:page', () => ({
      operation: this.#source.query.operation,
      items: items.length,
      hasNext: Boolean(page.next),
    }));
    this.page = { token, id, cycle, page, pageSize, next, items, start, owed, seen };
    refillBuffer(this.buffer, items, start);
    this.#readAhead?.delivered();
    return true;
  }
}

const NO_ITEMS: readonly never[] = [];
