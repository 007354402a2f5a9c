import type { Cursor } from '../../core/cursor-shape.js';
import { publish } from '../../core/events.js';
import { digest } from '../../core/fingerprint.js';
import type { KeyOf } from '../../core/identity.js';
import type { Page, PageCall } from '../../core/page.js';
import type { RequestStats } from '../../core/request-stats.js';
import type { Scope } from '../../core/scope.js';
import { ScopedCall } from '../../core/scoped-call.js';
import { isTraced, type TraversalTrace, traced } from '../../core/tracing.js';
import type { ListingSource } from '../listing-source.js';
import { EVERYTHING, NOTHING, type Nothing, type Stage, type Wanted } from '../operators/stage.js';
import type { PageAhead, Position } from '../traversal/position.js';
import { LoadedPage } from './loaded-page.js';
import { emptyBuffer, type PageBuffer, refillBuffer } from './page-buffer.js';
import { ReadAhead } from './read-ahead.js';
import { Restarts } from './restarts.js';
import { OwedItems, startAfterKey } from './seen-items.js';
import { nextCycleCheck, TokenLog } from './token-log.js';
import { type FetchedPage, type OpenCall, type PagePlace, type PageWalk, walkPages } from './walk-pages.js';

interface PageSourceOptions {
  readonly scope: Scope;
  /** Pages to fetch ahead of the one in hand. */
  readonly prefetch: number;
  readonly from: Cursor | undefined;
  readonly stats: RequestStats;
  /** The trace of the traversal, if there is one. */
  readonly trace: () => TraversalTrace | undefined;
}

/** The first stage of every traversal: the items of one page after the other, and the position among them. */
export class PageSource<T> implements Stage<T> {
  readonly isLimited = false;
  readonly isOrdered = true;
  /** Pages received and items in them, empty pages included. */
  pages = 0;
  itemsReceived = 0;
  /** The items of the page in hand. */
  readonly buffer: PageBuffer<T> = emptyBuffer();
  /** The page in hand. */
  page: LoadedPage<T> | undefined;
  readonly #source: ListingSource<T>;
  readonly #options: PageSourceOptions;
  readonly #keyOf: KeyOf<T>;
  readonly #visited = new TokenLog();
  readonly #restarts: Restarts;
  /** The page to fetch first. */
  readonly #start: PageAhead;
  #owed: OwedItems<T> | undefined;
  /** A cursor without digests, until its page is there. */
  #bare: Cursor | undefined;
  #pageSize: number | undefined;
  #walk: PageWalk<T> | undefined;
  #isOver = false;
  /** How many pages and items, of all received, were wanted for sure when more was asked for last. */
  #wanted = EVERYTHING;

  constructor(source: ListingSource<T>, options: PageSourceOptions) {
    const { from, scope } = options;
    this.#source = source;
    this.#options = options;
    this.#restarts = new Restarts(source);
    this.#keyOf = (item) => source.key(item);
    // A chain of tokens keeps the page size it was begun with.
    const isBegun = from && (from.token !== undefined || from.offset > 0);
    this.#pageSize = isBegun ? from.pageSize : source.pageSize;
    const { operation } = source.query;
    if (source.pageSize !== undefined && source.pageSize !== this.#pageSize) {
      const ignored = source.pageSize;
      publish('pageturn:page-size', () => ({ operation, pageSize: this.#pageSize, ignored }));
    }
    this.#start = { token: from?.token, cycle: from?.cycle, pageSize: this.#pageSize, owed: '', from };
    if (from && from.offset > 0 && from.seen === undefined) this.#bare = from;
    if (from?.seen !== undefined) {
      this.#owed = new OwedItems<T>(from.seen, { keyOf: this.#keyOf, pageSize: from.pageSize });
    }
    scope.onPause(() => this.#abandonWalk());
  }

  /** How often the listing started over because the service rejected a token. */
  get restarts(): number {
    return this.#restarts.count;
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
    if (!page) return { page: this.#start, offset: 0 };
    const { index, items } = this.buffer;
    const inHand = this.buffer.inHand && !after;
    const { next } = page.page;
    // A page that is done need not be fetched again; but a cursor must not lead back into a cycle.
    if (!inHand && index >= items.length && next && !this.#visited.wasDelivered(digest(next))) {
      return {
        page: { ...this.#placeAfter(page, next), pageSize: page.pageSize, owed: page.owed },
        offset: 0,
      };
    }
    return { page, offset: inHand ? index - 1 : index };
  }

  async advance({ values, pages }: Wanted): Promise<boolean> {
    if (this.#isOver || (this.page && !this.page.page.next)) return false;
    this.#wanted = { values: this.itemsReceived + values, pages: this.pages + pages };
    this.#walk ??= this.#openWalk();
    const walk = this.#walk;
    try {
      const { done, value } = await walk.next();
      // Abandoned meanwhile: the page is fetched again when it is asked for.
      if (this.#walk !== walk) return true;
      if (done) this.#isOver = true;
      else this.#load(value);
      return !done;
    } catch (error) {
      // The generator is finished by its error; the next advance opens another one at the same token.
      if (this.#walk === walk) this.#abandonWalk();
      throw error;
    }
  }

  close(): void {}

  /** Drops the walk and the pages fetched ahead; the next advance begins another one. */
  #abandonWalk(): void {
    // A fetch under way was aborted; what it still says concerns no one.
    this.#walk?.return().catch(() => {});
    this.#walk = undefined;
    this.#visited.forgetAhead();
    this.#options.stats.endWaits();
  }

  #openWalk(): PageWalk<T> {
    const { prefetch } = this.#options;
    let isAbandoned = () => false;
    const pages = walkPages<T>({
      start: this.#placeAhead(),
      fetchPage: (token, call) => this.#fetch(token, call),
      openCall: () => this.#openCall(),
      visited: this.#visited,
      onCycle: this.#source.onCycle,
      isAbandoned: () => isAbandoned(),
      recover: (error, token) => this.#recover(error, token),
    });
    const walk =
      prefetch === 0 ? pages : new ReadAhead(pages, prefetch, (ahead) => this.#isPageWanted(ahead));
    isAbandoned = () => this.#walk !== walk;
    return walk;
  }

  /** Whether a page behind the one in hand and those fetched ahead is sure to be wanted. */
  #isPageWanted(ahead: readonly FetchedPage<T>[]): boolean {
    const received = ahead.reduce((sum, { page }) => sum + page.items.length, this.itemsReceived);
    return this.#wanted.values > received && this.#wanted.pages > this.pages + ahead.length;
  }

  #placeAhead(): PagePlace {
    if (this.#restarts.isUnderWay) return { token: undefined, cycle: undefined };
    const next = this.page?.page.next;
    return this.page && next ? this.#placeAfter(this.page, next) : this.#start;
  }

  #placeAfter({ token, cycle }: LoadedPage<T>, next: string): PagePlace {
    return { token: next, cycle: token === undefined ? undefined : nextCycleCheck(cycle, digest(token)) };
  }

  #fetch(token: string | undefined, call: PageCall): Promise<Page<T>> {
    const { fetchPage } = this.#source;
    if (!isTraced('pageturn:page')) return fetchPage(token, call);
    const context = { operation: call.operation, traversal: this.#options.trace() };
    return traced('pageturn:page', context, () => fetchPage(token, call));
  }

  #openCall(): OpenCall {
    const { scope, stats } = this.#options;
    return new ScopedPageCall(scope, this.#source.query.operation, stats, this.#pageSize);
  }

  #recover(error: unknown, token: string | undefined): void {
    if (token === undefined) throw error;
    this.#restarts.begin(error, this.#visited.size);
    this.#visited.restart();
    this.#owed = undefined;
    this.#bare = undefined;
    this.#pageSize = this.#source.pageSize;
  }

  #load(fetched: FetchedPage<T>): void {
    const { page, token } = fetched;
    const { items, start } = this.#arrange(page.items);
    const owed = this.#owed?.rest ?? '';
    if (owed === '') this.#owed = undefined;
    const loaded = new LoadedPage(fetched, {
      items,
      start,
      owed,
      pageSize: this.#pageSize,
      keyOf: this.#keyOf,
    });
    // A key function that throws would show only when a cursor is asked for.
    if (this.pages === 0 && items.length > 0) loaded.keyAt(0);
    if (token !== undefined) this.#visited.delivered();
    // Pages fetched ahead before the rejection may still come first.
    else this.#restarts.isUnderWay = false;
    this.pages++;
    this.itemsReceived += items.length;
    publish('pageturn:page', () => ({
      operation: this.#source.query.operation,
      items: items.length,
      hasNext: Boolean(page.next),
    }));
    this.page = loaded;
    refillBuffer(this.buffer, items, start);
    this.#walk?.fill?.();
  }

  /** A page's items, those that an earlier run acknowledged in front, and how many these are. */
  #arrange(items: readonly T[]): { readonly items: readonly T[]; readonly start: number } {
    if (this.#owed) return this.#owed.arrange(items);
    const bare = this.#bare;
    this.#bare = undefined;
    return { items, start: bare ? startAfterKey(items, bare, this.#keyOf) : 0 };
  }
}

/** What one fetch of a page is given. */
class ScopedPageCall extends ScopedCall implements OpenCall {
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
