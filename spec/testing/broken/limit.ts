import { type BrokenPager, broken, loop } from './broken-pager.js';

async function* first<T>(items: AsyncIterable<T>, limit: number): AsyncGenerator<T> {
  let delivered = 0;
  for await (const item of items) {
    if (delivered++ === limit) return;
    yield item;
  }
}

export const brokenAtLimit: readonly BrokenPager[] = [
  broken(
    'delivers one item too many',
    ['a limit on the number of items', 'fails'],
    (fetchPage, { limit = 0 }) => first(loop(fetchPage), limit + 1),
    'limit',
  ),

  broken(
    'fetches another page to see whether there are more',
    ['no extra page for a limit', 'wastes'],
    (fetchPage, { limit = 0 }) => first(loop(fetchPage), limit),
    'limit',
  ),
];
