import type { ArrangedItems } from './earlier-items.js';
import type { FetchedPage } from './page-fetcher.js';
import type { SeenItems } from './seen-items.js';

/** A page that was delivered, with what a cursor into it has to remember. */
export interface LoadedPage<T> extends FetchedPage<T>, ArrangedItems<T> {
  readonly seen: SeenItems<T>;
}
