import type { Cursor } from '../../lib/cursor.js';
import { fromPages } from '../../lib/from-pages.js';
import type { Listing } from '../../lib/listing/listing.js';
import type { Item, Pager } from '../../lib/testing/index.js';

/** pageturn as the kit holds it, with a chain of operators that lets everything through. */
export function pageturnPager(
  name: string,
  through: (listing: Listing<Item>) => Listing<Item> = (listing) => listing,
  traits: Pick<Pager, 'unordered' | 'readAhead'> = {},
): Pager {
  return {
    name,
    offers: ['retry', 'abort', 'resume', 'limit'],
    ...traits,
    list(fetchPage, { clock, pageSize }) {
      const listing = through(fromPages(fetchPage, { clock, pageSize }));
      return {
        open: ({ signal, from, limit }) =>
          (limit === undefined ? listing : listing.take(limit)).open({ signal, from: from as Cursor }),
      };
    },
  };
}
