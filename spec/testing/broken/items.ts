import type { Item } from '../../../lib/testing/index.js';
import { type BrokenPager, broken, itemsOf, loop } from './broken-pager.js';

const REQUEST_LIMIT = 10_000;

export const brokenAtItems: readonly BrokenPager[] = [
  broken('omits the last page', ['every item once, in order', 'loses'], async function* (fetchPage) {
    let page = await fetchPage(undefined, {});
    while (page.next) {
      yield* itemsOf(page);
      page = await fetchPage(page.next, {});
    }
  }),

  broken(
    'delivers the last item of each page twice',
    ['every item once, in order', 'repeats'],
    async function* (fetchPage) {
      let last: Item | undefined;
      for await (const item of loop(fetchPage)) {
        if (last && item.id.endsWith('1')) yield last;
        yield item;
        last = item;
      }
    },
  ),

  broken('reverses each page', ['every item once, in order', 'reorders'], (fetchPage) =>
    loop(async (token, call) => {
      const page = await fetchPage(token, call);
      return { ...page, items: [...itemsOf(page)].reverse() };
    }),
  ),

  broken('fetches an empty listing twice', ['an empty listing', 'wastes'], async function* (fetchPage) {
    const first = await fetchPage(undefined, {});
    if (itemsOf(first).length > 0) yield* itemsOf(first);
    else yield* loop(fetchPage);
  }),

  broken('stops after a fixed number of requests', ['12,000 pages', 'loses'], (fetchPage) => {
    let requests = 0;
    return loop(async (token, call) => {
      const page = await fetchPage(token, call);
      return ++requests < REQUEST_LIMIT ? page : { items: itemsOf(page), next: undefined };
    });
  }),

  broken(
    'fetches the same page for overlapping calls to next()',
    ['overlapping calls to next()', 'repeats'],
    (fetchPage) => {
      let token: string | undefined;
      let items: Item[] = [];
      let isOver = false;
      const next = async (): Promise<IteratorResult<Item, undefined>> => {
        while (items.length === 0 && !isOver) {
          const page = await fetchPage(token, {});
          items = [...itemsOf(page)];
          token = page.next ?? undefined;
          isOver = token === undefined;
        }
        const value = items.shift();
        return value ? { value, done: false } : { value: undefined, done: true };
      };
      return { [Symbol.asyncIterator]: () => ({ next }) };
    },
  ),

  broken(
    'counts items from the beginning for every page',
    ['a directory that changes between pages', 'loses'],
    async function* (fetchPage) {
      let delivered = 0;
      for (let hasMore = true; hasMore; ) {
        let position = 0;
        hasMore = false;
        for await (const item of loop(fetchPage)) {
          if (position++ < delivered) continue;
          yield item;
          hasMore = ++delivered % 10 === 0;
          if (hasMore) break;
        }
      }
    },
  ),
];
