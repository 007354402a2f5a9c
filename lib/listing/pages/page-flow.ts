import type { Cursor } from '../../core/cursor.js';
import { publish } from '../../core/events.js';
import type { KeyOf } from '../../core/identity.js';
import type { PageCall } from '../../core/page.js';
import type { RequestStats } from '../../core/request-stats.js';
import type { ListingSource } from '../listing-source.js';
import { type Flow, NOTHING, type Nothing, type Origin } from '../operators/flow.js';
import type { Mark, PageAhead } from '../traversal/position.js';
import { LoadedPage } from './loaded-page.js';
import { emptyBuffer, type PageBuffer, showItems } from './page-buffer.js';
import { ReadAhead } from './read-ahead.js';
import { Restarts } from './restarts.js';
import { TokenLog } from './token-log.js';
import { type PageAt, type PageWalk, walkPages } from './walk-pages.js';

interface PageFlowOptions {
  /** Pages to fetch ahead of the one in hand. */
  readonly prefetch: number;
  readonly from: Cursor | undefined;
  readonly stats: RequestStats;
}

/** The first stage of every traversal: the items of one page after the other, and the place among them. */
export class PageFlow<T> implements Flow<T> {
  readonly limited = false;
  demand: () => number = () => Number.POSITIVE_INFINITY;
  /** As `demand`, in pages: how many more are sure to be wanted, the one arriving included. */
  pageDemand: () => number = () => Number.POSITIVE_INFINITY;
  /** Pages received and items in them, empty pages included. */
  pages = 0;
  itemsReceived = 0;
  /** The items of the page in hand. */
  readonly window: PageBuffer<T> = emptyBuffer();

  readonly #source: ListingSource<T>;
  readonly #options: PageFlowOptions;
  readonly #visited = new TokenLog();
  #place: LoadedPage<T> | PageAhead;
  #walk: PageWalk<T> | undefined;
  #cancel = new AbortController();
  #over = false;
  readonly #restarts: Restarts;
  readonly #keyOf: KeyOf<T>;

  constructor(source: ListingSource<T>, options: PageFlowOptions) {
    this.#source = source;
    this.#options = options;
    this.#restarts = new Restarts(source);
    this.#keyOf = (item) => source.key(item);
    this.#place = { token: options.from?.token, pageSize: source.pageSize, from: options.from };
  }

  /** Times the listing was begun anew because the service refused a token. */
  get restarts(): number {
    return this.#restarts.count;
  }

  /** The page in hand. */
  get page(): LoadedPage<T> | undefined {
    return this.#place instanceof LoadedPage ? this.#place : undefined;
  }

  poll(): T | Nothing {
    const { window } = this;
    if (window.index < window.items.length) {
      window.inHand = true;
      return window.items[window.index++] as T;
    }
    window.inHand = false;
    return NOTHING;
  }

  takeAll(): readonly T[] {
    const { items, index } = this.window;
    this.window.index = items.length;
    this.window.inHand = false;
    return index === 0 ? items : items.slice(index);
  }

  acknowledge(): void {
    this.window.inHand = false;
  }

  mark(): Mark {
    const { index, items, inHand } = this.window;
    const next = inHand || index < items.length ? undefined : this.page?.page.next;
    // A page that is done with need not be fetched again; but a cursor must not lead back into a cycle.
    if (next && !this.#visited.wasDelivered(next)) {
      return { page: { token: next, pageSize: this.#source.pageSize }, offset: 0, counts: undefined };
    }
    return { page: this.#place, offset: inHand ? index - 1 : index, counts: undefined };
  }

  origin(): Origin {
    const item = this.window.items[this.window.index - 1] as T;
    return { value: item, key: () => this.#keyOf(item) };
  }

  async advance(): Promise<boolean> {
    if (this.#over || (this.page && !this.page.page.next)) return false;
    this.#walk ??= this.#open();
    const { signal } = this.#cancel;
    try {
      const { done, value } = await this.#walk.next();
      // The place was left in the meantime, and may be elsewhere by now.
      signal.throwIfAborted();
      if (done) this.#over = true;
      else this.#load(value);
      return !done;
    } catch (error) {
      // The generator is finished by its error; the next advance opens another one at the same token.
      if (!signal.aborted) this.#leave();
      throw error;
    }
  }

  pause(reason?: unknown): void {
    this.#cancel.abort(reason);
    this.#cancel = new AbortController();
    this.#leave();
  }

  close(reason?: unknown): void {
    this.pause(reason);
  }

  /** Lets go of the walk, of the pages fetched ahead with it; the next advance begins another one. */
  #leave(): void {
    // A fetch under way was aborted; what it still says concerns nobody.
    this.#walk?.return().catch(() => {});
    this.#walk = undefined;
    this.#visited.forgetAhead();
    this.#options.stats.endWaits();
  }

  #open(): PageWalk<T> {
    const { fetchPage, onCycle } = this.#source;
    const { prefetch } = this.#options;
    const { signal } = this.#cancel;
    const pages = walkPages<T>({
      fetchPage,
      token: this.#tokenAhead(),
      visited: this.#visited,
      onCycle,
      callAt: (at) => this.#callAt(at, signal),
      recover: (error, at) => this.#recover(error, at, signal),
    });
    return prefetch === 0 ? pages : new ReadAhead(pages, prefetch, (ahead) => this.#isWanted(ahead));
  }

  /** Whether a page behind the one in hand and those fetched ahead is sure to be wanted. */
  #isWanted(ahead: readonly PageAt<T>[]): boolean {
    const { items, index } = this.window;
    const itemsAhead = ahead.reduce((sum, { page }) => sum + page.items.length, items.length - index);
    return this.demand() > itemsAhead && this.pageDemand() > 1 + ahead.length;
  }

  #tokenAhead(): string | undefined {
    if (this.#restarts.isUnderWay) return undefined;
    return this.#place instanceof LoadedPage ? (this.#place.page.next ?? undefined) : this.#place.token;
  }

  #callAt(token: string | undefined, signal: AbortSignal): PageCall {
    const { stats } = this.#options;
    const { operation } = this.#source.query;
    return { operation, signal, stats, pageSize: this.#resumedAt(token)?.pageSize };
  }

  /** The cursor whose page is fetched at a token; only the first page of a traversal can be one that was begun. */
  #resumedAt(token: string | undefined): Cursor | undefined {
    const { from } = this.#options;
    return from && from.offset > 0 && from.token === token && this.pages === 0 ? from : undefined;
  }

  #recover(error: unknown, token: string | undefined, signal: AbortSignal): { token: undefined } {
    if (token === undefined || signal.aborted) throw error;
    this.#restarts.begin(error, this.pages);
    this.#visited.restart();
    return { token: undefined };
  }

  #load({ token, page }: PageAt<T>): void {
    const resumed = this.#resumedAt(token);
    const loaded = new LoadedPage(page, {
      token,
      pageSize: resumed?.pageSize ?? this.#source.pageSize,
      keyOf: this.#keyOf,
      from: resumed,
    });
    // A key that cannot be had would show only when somebody asks for the cursor.
    if (this.pages === 0 && loaded.items.length > 0) loaded.keyAt(0);
    if (token !== undefined) this.#visited.delivered();
    // Pages fetched ahead before the refusal may still come first.
    if (token === undefined) this.#restarts.isUnderWay = false;
    this.pages++;
    this.itemsReceived += page.items.length;
    publish('pageturn:page', () => ({
      operation: this.#source.query.operation,
      items: page.items.length,
      hasNext: Boolean(page.next),
    }));
    this.#place = loaded;
    showItems(this.window, loaded.items, loaded.start);
    this.#walk?.fill?.();
  }
}
