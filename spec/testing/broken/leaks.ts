import type { Page } from '../../../lib/core/page.js';
import type { Item } from '../../../lib/testing/index.js';
import { type BrokenPager, broken, loop } from './broken-pager.js';

export const brokenAtLeftovers: readonly BrokenPager[] = [
  broken('leaves a timer running', ['nothing left behind', 'leaks'], (fetchPage, { clock }) =>
    loop((token, call) => {
      // The time limit of a request, never taken back.
      clock.sleep(60_000).catch(() => {});
      return fetchPage(token, call);
    }),
  ),

  broken('leaves a rejection unhandled', ['nothing left behind', 'leaks'], async function* (fetchPage) {
    let ahead: Promise<Page<Item>> | undefined = fetchPage(undefined, {});
    while (ahead) {
      const page: Page<Item> = await ahead;
      ahead = page.next ? fetchPage(page.next, {}) : undefined;
      yield* page.items;
    }
  }),
];
