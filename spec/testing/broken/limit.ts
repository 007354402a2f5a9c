import { type BrokenPager, broken, loop } from './broken-pager.js';

async function* first<T>(items: AsyncIterable<T>, limit: number): AsyncGenerator<T> {
  let given = 0;
  for await (const item of items) {
    if (given++ === limit) return;
    yield item;
  }
}

export const brokenAtLimit: readonly BrokenPager[] = [
  broken(
    'gives one too many',
    ['as many items as wanted', 'fails'],
    (fetchPage, { limit = 0 }) => first(loop(fetchPage), limit + 1),
    'limit',
  ),

  broken(
    'looks whether there are more',
    ['no page beyond a limit', 'wastes'],
    (fetchPage, { limit = 0 }) => first(loop(fetchPage), limit),
    'limit',
  ),
];
