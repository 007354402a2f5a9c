import type { Cursor } from '../../core/cursor-shape.js';
import { publish } from '../../core/events.js';
import type { ListingSource, Shortfall, SourceRun } from '../listing-source.js';
import { type Content, contentOf } from '../operators/content-of.js';
import { EVERYTHING, NOTHING, type Nothing, type Stage, type Wanted } from '../operators/stage.js';
import type { Position } from '../traversal/position.js';
import { type EarlierItems, earlierItems } from './earlier-items.js';
import type { LoadedPage } from './loaded-page.js';
import { emptyBuffer, type PageBuffer, refillBuffer } from './page-buffer.js';
import { PageFetcher, type PageSink } from './page-fetcher.js';
import { type PagePlace, placeAt } from './page-place.js';
import { ReadAhead } from './read-ahead.js';

interface PageSourceOptions extends SourceRun {
  /** Pages to fetch ahead of the one being read. */
  readonly prefetch: number;
  readonly from: Cursor | undefined;
}

/** The first stage of every traversal: the items of one page after the other, and the position among them. */
export class PageSource<T> implements Stage<T>, PageSink<T> {
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
  readonly #fetcher: PageFetcher<T>;
  /** The page to fetch first, or next where there is no current one. */
  #ahead: PagePlace;
  /** The cursor the traversal was opened at, until its page arrives. */
  #from: Cursor | undefined;
  /** The digests of acknowledged items that have not arrived yet. */
  #owed = '';
  #earlier: EarlierItems<T> | undefined;
  #readAhead: ReadAhead<T> | undefined;
  /** Ends the wait for a page when it arrives, or at a pause, even if the fetch ignores its signal. */
  #endWait: (isMore: boolean) => void = () => {};
  #failWait: (error: unknown) => void = () => {};
  readonly #startWait = (resolve: (isMore: boolean) => void, reject: (error: unknown) => void): void => {
    this.#endWait = resolve;
    this.#failWait = reject;
  };
  #isOver = false;
  /** How many pages and items, counted from the first, were sure to be wanted at the last `advance`. */
  #wanted = EVERYTHING;

  constructor(source: ListingSource<T>, options: PageSourceOptions) {
    const { from, scope } = options;
    this.isOrdered = !source.isUnordered;
    this.#source = source;
    this.#options = options;
    this.#fetcher = new PageFetcher(source, options);
    // A chain of tokens keeps the page size that it started with.
    const isWithin = from && (from.token !== undefined || from.offset > 0 || from.flat !== undefined);
    const pageSize = isWithin ? from.pageSize : source.pageSize;
    if (source.pageSize !== undefined && source.pageSize !== pageSize) {
      const ignored = source.pageSize;
      publish('pageturn:page-size', () => ({ operation: source.query.operation, pageSize, ignored }));
    }
    this.#ahead = placeAt(from?.token, { cycle: from?.cycle, pageSize });
    this.#from = from;
    this.#earlier = earlierItems(from, { keyOf: (item) => source.key(item), isUnordered: !this.isOrdered });
    scope.onPause(() => this.#abandonFetches());
  }

  /** How often the listing started over because the service rejected a token. */
  get restarts(): number {
    return this.#fetcher.restarts.count;
  }

  /** After the last page: why there is more than was listed. */
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
    const ahead = page && !inHand ? this.#placeAfter(page) : undefined;
    const within = ahead ? undefined : page;
    return {
      place: within?.place ?? ahead ?? this.#ahead,
      page: within,
      offset: within ? offset : 0,
      items: acknowledged,
      owed: this.#owed,
      from: this.#from,
    };
  }

  advance({ values, pages }: Wanted): Promise<boolean> {
    const place = this.#placeAhead();
    if (!place) return Promise.resolve(false);
    this.#wanted = { values: this.itemsReceived + values, pages: this.pages + pages };
    this.#leavePage();
    const wait = new Promise<boolean>(this.#startWait);
    this.#fetch(place);
    return wait;
  }

  arrive(page: LoadedPage<T> | undefined): void {
    try {
      this.#endWait(this.#load(page));
    } catch (error) {
      this.fail(error);
    }
  }

  /** The next advance tries the same page again. */
  fail(error: unknown): void {
    this.#failWait(error);
    this.#abandonFetches();
  }

  contentOf(item: T): Content {
    return contentOf(item);
  }

  close(): void {
    this.#fetcher.opened.close?.();
  }

  /** The next page, once this one is done and need not be fetched again; a cursor must not lead back into a cycle. */
  #placeAfter({ next }: LoadedPage<T>): PagePlace | undefined {
    const isDone = this.buffer.index >= this.buffer.items.length;
    return isDone && !next?.isUsed ? next : undefined;
  }

  /**
   * The next page may take long, and a process may wait for hundreds of pages, so the items of this one are not kept.
   */
  #leavePage(): void {
    const ahead = this.page && !this.buffer.inHand ? this.#placeAfter(this.page) : undefined;
    if (!ahead) return;
    this.#ahead = ahead;
    this.page = undefined;
    refillBuffer(this.buffer, NO_ITEMS, 0);
  }

  /** Drops the pages in progress and those fetched ahead. */
  #abandonFetches(): void {
    this.#readAhead?.stop();
    this.#readAhead = undefined;
    this.#fetcher.visited.forgetAhead();
    this.#options.stats.endWaits();
    this.#endWait(true);
  }

  #placeAhead(): PagePlace | undefined {
    if (this.#isOver) return undefined;
    if (this.#fetcher.restarts.isUnderWay) return this.#fetcher.firstPage;
    return this.page ? this.page.next : this.#ahead;
  }

  #fetch(place: PagePlace): void {
    const { prefetch: depth } = this.#options;
    if (depth > 0) {
      this.#readAhead ??= new ReadAhead({
        depth,
        fetcher: this.#fetcher,
        isWanted: (arrived) => this.#isPageWanted(arrived),
      });
    }
    (this.#readAhead ?? this.#fetcher).fetch(place, this);
  }

  /** Whether a page after the one being read and those fetched ahead is sure to be wanted. */
  #isPageWanted(ahead: readonly LoadedPage<T>[]): boolean {
    const received = ahead.reduce((sum, { items }) => sum + items.length, this.itemsReceived);
    return this.#wanted.values > received && this.#wanted.pages > this.pages + ahead.length;
  }

  /** False if the service marked the end with a repeated token. */
  #load(page: LoadedPage<T> | undefined): boolean {
    this.#isOver = !page;
    if (!page) return false;
    const { restarts, visited } = this.#fetcher;
    if (page.place.token !== undefined) visited.delivered();
    else if (restarts.isUnderWay) {
      // Pages fetched ahead before the rejection came first.
      restarts.isUnderWay = false;
      this.#earlier = undefined;
      this.#owed = '';
    }
    this.#from = undefined;
    if (this.#earlier) this.#arrange(page, this.#earlier);
    const { items, start } = page;
    // Otherwise a key function that throws would only be noticed when a cursor is read.
    if (this.pages === 0 && items.length > 0) page.keyAt(0);
    this.pages++;
    this.itemsReceived += items.length;
    this.#acknowledgedBefore += start;
    publish('pageturn:page', () => ({
      operation: this.#source.query.operation,
      items: items.length,
      hasNext: page.next !== undefined,
    }));
    this.page = page;
    refillBuffer(this.buffer, items, start);
    this.#readAhead?.delivered();
    return true;
  }

  #arrange(page: LoadedPage<T>, earlier: EarlierItems<T>): void {
    const { items, start, owed } = earlier.arrange(page.items);
    page.items = items;
    page.start = start;
    this.#owed = owed;
    if (owed === '') this.#earlier = undefined;
  }
}

const NO_ITEMS: readonly never[] = [];
