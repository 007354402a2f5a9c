import type { Item } from '../../../lib/testing/index.js';
import { type BrokenPager, broken, loop } from './broken-pager.js';

const REQUEST_LIMIT = 10_000;

export const brokenAtItems: readonly BrokenPager[] = [
  broken('leaves out the last page', ['every item once, in order', 'loses'], async function* (fetchPage) {
    let page = await fetchPage(undefined, {});
    while (page.next) {
      yield* page.items ?? [];
      page = await fetchPage(page.next, {});
    }
  }),

  broken(
    'gives the last item of a page twice',
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

  broken('gives each page backwards', ['every item once, in order', 'reorders'], (fetchPage) =>
    loop(async (token, call) => {
      const page = await fetchPage(token, call);
      return { ...page, items: [...(page.items ?? [])].reverse() };
    }),
  ),

  broken('makes sure of an empty listing', ['an empty listing', 'wastes'], async function* (fetchPage) {
    const first = await fetchPage(undefined, {});
    if (first.items?.length) yield* first.items;
    else yield* loop(fetchPage);
  }),

  broken('stops at a number of requests', ['12,000 pages', 'loses'], (fetchPage) => {
    let requests = 0;
    return loop(async (token, call) => {
      const page = await fetchPage(token, call);
      return ++requests < REQUEST_LIMIT ? page : { items: page.items, next: undefined };
    });
  }),

  broken(
    'fetches one page for two calls of next()',
    ['overlapping calls of next()', 'repeats'],
    (fetchPage) => {
      let token: string | undefined;
      let items: Item[] = [];
      let isOver = false;
      const next = async (): Promise<IteratorResult<Item, undefined>> => {
        while (items.length === 0 && !isOver) {
          const page = await fetchPage(token, {});
          items = [...(page.items ?? [])];
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
    'counts from the beginning for every page',
    ['a directory that changes between pages', 'loses'],
    async function* (fetchPage) {
      let given = 0;
      for (let goesOn = true; goesOn; ) {
        let place = 0;
        goesOn = false;
        for await (const item of loop(fetchPage)) {
          if (place++ < given) continue;
          yield item;
          goesOn = ++given % 10 === 0;
          if (goesOn) break;
        }
      }
    },
  ),
];
