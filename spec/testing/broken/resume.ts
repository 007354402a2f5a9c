import type { FetchPage } from '../../../lib/core/page.js';
import type { Item, Walk } from '../../../lib/testing/index.js';
import { type BrokenPager, broken, itemsOf } from './broken-pager.js';

/** A position in every form a broken pager may use. */
interface Position {
  readonly token?: string | undefined;
  readonly nextToken?: string | undefined;
  readonly page: number;
  readonly offset: number;
}

/** A walk that tracks its position after every item: its page by token and number, and the offset in it. */
class TrackedWalk implements Walk {
  readonly #fetchPage: FetchPage<Item>;
  readonly #from: Partial<Position>;
  position: Position;
  hasEnded = false;

  constructor(fetchPage: FetchPage<Item>, from: Partial<Position>) {
    this.#fetchPage = fetchPage;
    this.#from = from;
    this.position = { token: from.token, page: from.page ?? 0, offset: from.offset ?? 0 };
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item> {
    let { token, offset: skipped = 0 } = this.#from;
    let page = 0;
    // A position without a token is found by counting pages.
    const pagesSkipped = token === undefined ? (this.#from.page ?? 0) : 0;
    try {
      for (;;) {
        const fetched = await this.#fetchPage(token, {});
        const items = itemsOf(fetched);
        const nextToken = fetched.next ?? undefined;
        if (page >= pagesSkipped) {
          for (const [index, item] of items.entries()) {
            if (index < skipped) continue;
            this.position = { token, nextToken, page, offset: index };
            yield item;
          }
          skipped = 0;
        }
        this.position = { token, nextToken, page, offset: items.length };
        if (!nextToken) return;
        token = nextToken;
        page++;
      }
    } finally {
      this.hasEnded = true;
    }
  }
}

/** A pager whose cursor is derived from the position by `cursorOf`. */
function keeping(
  cursorOf: (walk: TrackedWalk) => Partial<Position> | undefined,
): Parameters<typeof broken>[2] {
  return (fetchPage, { from, pageSize, signal }) => {
    const walk = new TrackedWalk(
      (token) => fetchPage(token, { pageSize, signal }),
      (from ?? {}) as Partial<Position>,
    );
    return {
      [Symbol.asyncIterator]: () => walk[Symbol.asyncIterator](),
      get cursor() {
        return cursorOf(walk);
      },
    };
  };
}

const byTokenAndOffset = ({ position: { token, offset } }: TrackedWalk) => ({ token, offset });

const forgetful = keeping((walk) => (walk.hasEnded ? undefined : byTokenAndOffset(walk)));

export const brokenAtResume: readonly BrokenPager[] = [
  broken(
    'saves the token of the next page instead of the current one',
    ['a crash at every item', 'loses'],
    keeping(({ position }) => ({ token: position.nextToken })),
    'resume',
  ),

  broken(
    'saves no position',
    ['a crash at every item', 'repeats'],
    keeping(() => undefined),
    'resume',
  ),

  broken(
    'counts pages regardless of their size',
    ['a crash and a different page size', 'loses'],
    keeping(({ position: { page, offset } }) => ({ page, offset })),
    'resume',
  ),

  broken(
    'saves only the offset in the page',
    ['a crash and a changed directory', 'loses'],
    keeping(byTokenAndOffset),
    'resume',
  ),

  broken('loses its position at a break', ['the cursor after a break', 'repeats'], forgetful, 'resume'),

  broken('loses its position on an error', ['the cursor after an error', 'repeats'], forgetful, 'resume'),

  broken(
    'loses its position on an abort',
    ['the cursor after an abort', 'repeats'],
    forgetful,
    'resume',
    'abort',
  ),
];
