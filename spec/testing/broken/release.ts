import type { FetchPage } from '../../../lib/core/page.js';
import type { Item } from '../../../lib/testing/index.js';
import { type BrokenPager, broken, loop } from './broken-pager.js';

async function gather(fetchPage: FetchPage<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of loop(fetchPage)) items.push(item);
  return items;
}

/** An iterator that does as `next` does, and nothing when it is left. */
const bare = (next: () => Promise<IteratorResult<Item, undefined>>) => ({
  [Symbol.asyncIterator]: () => ({ next }),
});

export const brokenAtRelease: readonly BrokenPager[] = [
  broken('begins before it is asked', ['nothing sent before it is asked for', 'wastes'], (fetchPage) => {
    const page = fetchPage(undefined, {});
    return loop((token, call) => (token === undefined ? page : fetchPage(token, call)));
  }),

  broken(
    'gathers everything first',
    ['no running ahead of the consumer', 'wastes'],
    async function* (fetchPage) {
      yield* await gather(fetchPage);
    },
  ),

  broken('does not hear that it was left', ['nothing after a break', 'fails'], (fetchPage) => {
    const items = loop(fetchPage);
    return bare(() => items.next() as Promise<IteratorResult<Item, undefined>>);
  }),

  broken('goes on fetching after a break', ['nothing after a break', 'wastes'], async function* (fetchPage) {
    try {
      yield* loop(fetchPage);
    } finally {
      gather(fetchPage).catch(() => {});
    }
  }),

  broken('waits for the request when it is left', ['a break while a request hangs', 'hangs'], (fetchPage) =>
    loop(fetchPage),
  ),

  broken(
    'leaves its request alone',
    ['the request under way cancelled by a break', 'leaks'],
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
    ['its source closed once', 'leaks'],
    (fetchPage, { watch }) => {
      const items = watch(loop(fetchPage))[Symbol.asyncIterator]();
      return bare(() => items.next() as Promise<IteratorResult<Item, undefined>>);
    },
    'source',
  ),

  broken(
    'closes its source twice',
    ['its source closed once', 'fails'],
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

  broken('begins again after the end', ['nothing after the end', 'repeats'], (fetchPage) => {
    let items = loop(fetchPage);
    return bare(async () => {
      const { value } = await items.next();
      if (value) return { done: false, value };
      items = loop(fetchPage);
      return { done: true, value: undefined };
    });
  }),

  broken('asks once more after the end', ['nothing after the end', 'wastes'], (fetchPage) => {
    const items = loop(fetchPage);
    let isOver = false;
    return bare(async () => {
      if (isOver) await fetchPage(undefined, {});
      const { done, value } = await items.next();
      isOver = done === true;
      return value ? { done: false, value } : { done: true, value: undefined };
    });
  }),
];
