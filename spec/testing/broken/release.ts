import type { FetchPage } from '../../../lib/core/page.js';
import type { Item } from '../../../lib/testing/index.js';
import { type BrokenPager, broken, loop } from './broken-pager.js';

async function collect(fetchPage: FetchPage<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of loop(fetchPage)) items.push(item);
  return items;
}

/** An iterable whose iterator has no return(). */
const bare = (next: () => Promise<IteratorResult<Item, undefined>>) => ({
  [Symbol.asyncIterator]: () => ({ next }),
});

export const brokenAtRelease: readonly BrokenPager[] = [
  broken(
    'sends a request when it is opened',
    ['no request before the first next()', 'wastes'],
    (fetchPage) => {
      const page = fetchPage(undefined, {});
      return loop((token, call) => (token === undefined ? page : fetchPage(token, call)));
    },
  ),

  broken(
    'collects everything first',
    ['no fetching ahead of the consumer', 'wastes'],
    async function* (fetchPage) {
      yield* await collect(fetchPage);
    },
  ),

  broken('has no return()', ['no request after a break', 'fails'], (fetchPage) => {
    const items = loop(fetchPage);
    return bare(() => items.next() as Promise<IteratorResult<Item, undefined>>);
  }),

  broken('keeps fetching after a break', ['no request after a break', 'wastes'], async function* (fetchPage) {
    try {
      yield* loop(fetchPage);
    } finally {
      collect(fetchPage).catch(() => {});
    }
  }),

  broken('waits for its request after a break', ['a break while a request hangs', 'hangs'], (fetchPage) =>
    loop(fetchPage),
  ),

  broken(
    'does not cancel its request after a break',
    ['a break cancels the pending request', 'leaks'],
    (fetchPage, { signal }) => {
      const items = loop(fetchPage, { signal });
      const next = () => items.next();
      return {
        [Symbol.asyncIterator]: () => ({ next, return: async () => ({ value: undefined, done: true }) }),
      };
    },
    'abort',
  ),

  broken(
    'leaves its source open',
    ['its source is closed once', 'leaks'],
    (fetchPage, { watch }) => {
      const items = watch(loop(fetchPage))[Symbol.asyncIterator]();
      return bare(() => items.next() as Promise<IteratorResult<Item, undefined>>);
    },
    'source',
  ),

  broken(
    'closes its source twice',
    ['its source is closed once', 'fails'],
    (fetchPage, { watch }) => {
      const items = watch(loop(fetchPage))[Symbol.asyncIterator]();
      const close = async () => {
        await items.return();
        return items.return();
      };
      return { [Symbol.asyncIterator]: () => ({ next: () => items.next(), return: close }) };
    },
    'source',
  ),

  broken('starts over after the end', ['no item or request after the end', 'repeats'], (fetchPage) => {
    let items = loop(fetchPage);
    return bare(async () => {
      const { value } = await items.next();
      if (value) return { done: false, value };
      items = loop(fetchPage);
      return { done: true, value: undefined };
    });
  }),

  broken(
    'sends another request after the end',
    ['no item or request after the end', 'wastes'],
    (fetchPage) => {
      const items = loop(fetchPage);
      let isOver = false;
      return bare(async () => {
        if (isOver) await fetchPage(undefined, {});
        const { done, value } = await items.next();
        isOver = done === true;
        return value ? { done: false, value } : { done: true, value: undefined };
      });
    },
  ),
];
