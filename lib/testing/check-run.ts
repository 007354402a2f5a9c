import type { Item, PagedListing, Pager, PagerSetup, WalkOptions } from './pager.js';
import { Patience, type PatienceOptions } from './patience.js';
import { type ScriptedPages, type ScriptedPagesOptions, scriptedPages } from './scripted-pages.js';
import { SourceWatch } from './source-watch.js';
import { type VirtualClock, virtualClock } from './virtual-clock.js';
import { WatchedWalk } from './watched-walk.js';

export interface Scene extends Partial<Omit<ScriptedPagesOptions<Item>, 'items' | 'clock'>> {
  /** How many items the service lists. Default 25: two pages of ten, and one of five. */
  readonly count?: number;
  /** Whether time stands still for a pager on a clock, so that what waits goes on waiting. Default false. */
  readonly stopped?: boolean;
}

/** A service with a script and a pager in front of it. */
export interface Scenario {
  readonly service: ScriptedPages<Item>;
  /** The ids of all items at the beginning, in order. */
  readonly ids: readonly string[];
  readonly clock: VirtualClock;
  readonly listing: PagedListing;
  /** How often each iterator the pager reads from was closed, in the order they were opened. */
  readonly closings: readonly number[];
  /** A walk over the listing. */
  open(options?: WalkOptions): WatchedWalk;
  /** A walk as another process would begin it: over a listing of its own, with another page size if need be. */
  reopen(options: WalkOptions, pageSize?: number): Promise<WatchedWalk>;
}

/** One run of one check: makes the scenarios it asks for, and clears up behind them. */
export class Trial {
  readonly pager: Pager;
  readonly patience: Patience;
  readonly #listings: PagedListing[] = [];

  constructor(pager: Pager, options: PatienceOptions) {
    this.pager = pager;
    this.patience = new Patience(options);
  }

  async begin({ count = 25, stopped = false, ...script }: Scene = {}): Promise<Scenario> {
    const { patience } = this;
    const items = Array.from({ length: count }, (_, index) => itemAt(index));
    const clock = virtualClock({ stopped });
    const service = scriptedPages<Item>({ items, clock, ...script });
    const { watch, closings } = new SourceWatch();
    const listing = await this.#list(service, { clock, pageSize: undefined, watch });
    return {
      service,
      clock,
      listing,
      closings,
      ids: items.map(({ id }) => id),
      open: (options = {}) => new WatchedWalk(listing.open(options), service, patience),
      reopen: async (options, pageSize) => {
        const again = await this.#list(service, { clock, pageSize, watch });
        return new WatchedWalk(again.open(options), service, patience);
      },
    };
  }

  async close(): Promise<void> {
    for (const listing of this.#listings) await listing.close?.();
  }

  async #list(service: ScriptedPages<Item>, setup: PagerSetup): Promise<PagedListing> {
    const listing = await this.pager.list(service.fetchPage, setup);
    this.#listings.push(listing);
    return listing;
  }
}

/** The items of the scripted service, by number from 0. */
function itemAt(index: number): Item {
  return { id: `item-${String(index + 1).padStart(2, '0')}`, name: `Item ${index + 1}` };
}
