import type { Cursor } from '../../lib/core/cursor.js';
import { fromPages } from '../../lib/from-pages.js';
import type { Listing } from '../../lib/listing/listing.js';
import type { Feature, Item, Pager, PagerSetup } from '../../lib/testing/index.js';

/** The features every listing supports. */
export const FEATURES: readonly Feature[] = ['retry', 'abort', 'resume', 'limit'];

/** Adapts pageturn to the kit, with a chain of operators that lets everything through. */
export function pageturnPager(
  name: string,
  through: (listing: Listing<Item>, watch: PagerSetup['watch']) => Listing<Item> = (listing) => listing,
  traits: Partial<Omit<Pager, 'name' | 'list'>> = {},
): Pager {
  return {
    name,
    supports: FEATURES,
    ...traits,
    list(fetchPage, { clock, pageSize, watch }) {
      const listing = through(fromPages(fetchPage, { clock, pageSize }), watch);
      return {
        open: ({ signal, from, limit }) =>
          (limit === undefined ? listing : listing.take(limit)).open({ signal, from: from as Cursor }),
      };
    },
  };
}
