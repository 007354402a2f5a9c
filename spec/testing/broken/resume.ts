import type { FetchPage } from '../../../lib/core/page.js';
import type { Item, Walk } from '../../../lib/testing/index.js';
import { type BrokenPager, broken } from './broken-pager.js';

/** Where a walk stands, in any way a broken pager may put it. */
interface Place {
  readonly token?: string | undefined;
  readonly nextToken?: string | undefined;
  readonly page: number;
  readonly offset: number;
}

/** A walk that tells its place after every item: the page, by token and number, and how many of its items were given. */
class PlacedWalk implements Walk {
  readonly #fetchPage: FetchPage<Item>;
  readonly #from: Partial<Place>;
  place: Place;
  hasEnded = false;

  constructor(fetchPage: FetchPage<Item>, from: Partial<Place>) {
    this.#fetchPage = fetchPage;
    this.#from = from;
    this.place = { token: from.token, page: from.page ?? 0, offset: from.offset ?? 0 };
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item> {
    let { token, offset: skipped = 0 } = this.#from;
    let page = 0;
    // A place without a token is found by counting pages.
    const pagesSkipped = token === undefined ? (this.#from.page ?? 0) : 0;
    try {
      for (;;) {
        const { items = [], next } = await this.#fetchPage(token, {});
        const nextToken = next ?? undefined;
        if (page >= pagesSkipped) {
          for (const [index, item] of items.entries()) {
            if (index < skipped) continue;
            this.place = { token, nextToken, page, offset: index };
            yield item;
          }
          skipped = 0;
        }
        this.place = { token, nextToken, page, offset: items.length };
        if (!nextToken) return;
        token = nextToken;
        page++;
      }
    } finally {
      this.hasEnded = true;
    }
  }
}

/** A pager whose cursor is what `cursorOf` makes of the place. */
function keeping(cursorOf: (walk: PlacedWalk) => Partial<Place> | undefined): Parameters<typeof broken>[2] {
  return (fetchPage, { from, pageSize, signal }) => {
    const walk = new PlacedWalk(
      (token) => fetchPage(token, { pageSize, signal }),
      (from ?? {}) as Partial<Place>,
    );
    return {
      [Symbol.asyncIterator]: () => walk[Symbol.asyncIterator](),
      get cursor() {
        return cursorOf(walk);
      },
    };
  };
}

const byTokenAndOffset = ({ place: { token, offset } }: PlacedWalk) => ({ token, offset });

const forgetful = keeping((walk) => (walk.hasEnded ? undefined : byTokenAndOffset(walk)));

export const brokenAtResume: readonly BrokenPager[] = [
  broken(
    'remembers the page behind the one in hand',
    ['a crash at every item', 'loses'],
    keeping(({ place }) => ({ token: place.nextToken })),
    'resume',
  ),

  broken(
    'remembers nothing',
    ['a crash at every item', 'repeats'],
    keeping(() => undefined),
    'resume',
  ),

  broken(
    'counts pages, whatever their size',
    ['a crash, and another page size', 'loses'],
    keeping(({ place: { page, offset } }) => ({ page, offset })),
    'resume',
  ),

  broken(
    'goes by the offset in the page',
    ['a crash, and a directory that has changed', 'loses'],
    keeping(byTokenAndOffset),
    'resume',
  ),

  broken('forgets its place when it is left', ['the cursor after a break', 'repeats'], forgetful, 'resume'),

  broken('forgets its place when it fails', ['the cursor after an error', 'repeats'], forgetful, 'resume'),

  broken(
    'forgets its place when it is aborted',
    ['the cursor after an abort', 'repeats'],
    forgetful,
    'resume',
    'abort',
  ),
];
