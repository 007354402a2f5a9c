import { PageturnError } from '../../core/errors.js';
import { fingerprint } from '../../core/fingerprint.js';
import { identifierOf } from '../../core/identity.js';
import type { ListedPage } from '../../core/page.js';
import { Listing } from '../../listing/listing.js';

/**
 * The items of a listing, for a snapshot that recognises them by their identifier. Throws ERR_INVALID_ARGUMENT if two
 * different items of one page share it, such as rows of a table with another sort key: the snapshot would keep one. The
 * same item in two versions on two pages was changed in between. After `mapAsync` and `batch` there are no pages, so
 * neighbours are compared: tables return the rows of one partition together.
 */
export function distinctItems<T>(items: AsyncIterable<T>): AsyncIterable<T> {
  if (!(items instanceof Listing)) return items;
  const pages = pagesOf<T>(items);
  return pages ? checkedItems(pages) : checkedNeighbours(items);
}

/** Undefined after `mapAsync` and `batch`, which have no pages. */
function pagesOf<T>(listing: Listing<T>): Listing<ListedPage<T>> | undefined {
  try {
    return listing.pages();
  } catch {
    return undefined;
  }
}

async function* checkedItems<T>(pages: AsyncIterable<ListedPage<T>>): AsyncGenerator<T, void, void> {
  for await (const { items } of pages) {
    assertDistinct(items, 'of one page');
    yield* items;
  }
}

async function* checkedNeighbours<T>(items: AsyncIterable<T>): AsyncGenerator<T, void, void> {
  let last: T | undefined;
  for await (const item of items) {
    assertDistinct([last, item], 'in a row');
    last = item;
    yield item;
  }
}

function assertDistinct(items: readonly unknown[], place: string): void {
  const known = new Map<string, unknown>();
  for (const item of items) {
    const identifier = identifierOf(item);
    if (identifier === undefined) continue;
    if (known.has(identifier) && fingerprint(known.get(identifier)) !== fingerprint(item)) {
      throw new PageturnError(
        'ERR_INVALID_ARGUMENT',
        `two different items ${place} have the same Id, Arn, id or arn, so a snapshot would keep only one of them; pass the option key`,
      );
    }
    known.set(identifier, item);
  }
}
