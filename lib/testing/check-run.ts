import type { Item, PagedListing, Pager, PagerSetup, WalkOptions } from './pager.js';
import { type ScriptedPages, type ScriptedPagesOptions, scriptedPages } from './scripted-pages.js';
import { SourceWatch } from './source-watch.js';
import { type TimeoutOptions, Timeouts } from './timeouts.js';
import { type VirtualClock, virtualClock } from './virtual-clock.js';
import { WatchedWalk } from './watched-walk.js';

export interface ScenarioOptions extends Partial<Omit<ScriptedPagesOptions<Item>, 'items' | 'clock'>> {
  /** The number of items in the service. Default: 25, which is two pages of ten and one of five. */
  readonly count?: number;
  /** Whether the virtual clock stands still, so that waits on it never end. Default: false. */
  readonly stopped?: boolean;
}

/** A pager in front of a scripted service. */
export interface Scenario {
  readonly service: ScriptedPages<Item>;
  /** The ids of all initial items, in order. */
  readonly ids: readonly string[];
  readonly clock: VirtualClock;
  readonly listing: PagedListing;
  /** How often each iterator the pager reads from was closed, in the order they were opened. */
  readonly closings: readonly number[];
  /** Opens a walk over the listing. */
  open(options?: WalkOptions): WatchedWalk;
  /** Opens a walk as another process would: over a new listing, optionally with another page size. */
  reopen(options: WalkOptions, pageSize?: number): Promise<WatchedWalk>;
}

/** One run of one check. It creates the check's scenarios and closes them afterwards. */
export class CheckRun {
  readonly pager: Pager;
  readonly timeouts: Timeouts;
  readonly #listings: PagedListing[] = [];

  constructor(pager: Pager, options: TimeoutOptions) {
    this.pager = pager;
    this.timeouts = new Timeouts(options);
  }

  async createScenario({ count = 25, stopped = false, ...script }: ScenarioOptions = {}): Promise<Scenario> {
    const { timeouts } = this;
    const items = Array.from({ length: count }, (_, index) => createItem(index));
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
      open: (options = {}) => new WatchedWalk(listing.open(options), service, timeouts),
      reopen: async (options, pageSize) => {
        const other = await this.#list(service, { clock, pageSize, watch });
        return new WatchedWalk(other.open(options), service, timeouts);
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

function createItem(index: number): Item {
  return { id: `item-${String(index + 1).padStart(2, '0')}`, name: `Item ${index + 1}` };
}
