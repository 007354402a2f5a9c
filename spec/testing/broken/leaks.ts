import type { Page } from '../../../lib/core/page.js';
import type { Item } from '../../../lib/testing/index.js';
import { type BrokenPager, broken, itemsOf, loop } from './broken-pager.js';

export const brokenAtLeaks: readonly BrokenPager[] = [
  broken('leaves a timer running', ['no leaked timer or rejection', 'leaks'], (fetchPage, { clock }) =>
    loop((token, call) => {
      // A request timeout that is never cancelled.
      clock.sleep(60_000).catch(() => {});
      return fetchPage(token, call);
    }),
  ),

  broken(
    'leaves a rejection unhandled',
    ['no leaked timer or rejection', 'leaks'],
    async function* (fetchPage) {
      let ahead: Promise<Page<Item>> | undefined = fetchPage(undefined, {});
      while (ahead) {
        const page: Page<Item> = await ahead;
        ahead = page.next ? fetchPage(page.next, {}) : undefined;
        yield* itemsOf(page);
      }
    },
  ),
];
