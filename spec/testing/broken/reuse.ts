import type { FetchPage } from '../../../lib/core/page.js';
import type { Item } from '../../../lib/testing/index.js';
import { type BrokenPager, brokenListing, itemsOf, loop } from './broken-pager.js';

interface Input {
  token?: string | undefined;
}

/** Like the SDK's paginators: writes the token into the caller's input and sends the input. */
async function* writing(fetchPage: FetchPage<Item>, input: Input): AsyncGenerator<Item> {
  for (;;) {
    // The input is read a turn later, when another walk may have changed it.
    await null;
    const page = await fetchPage(input.token, {});
    yield* itemsOf(page);
    if (!page.next) return;
    input.token = page.next;
  }
}

export const brokenAtReuse: readonly BrokenPager[] = [
  brokenListing(
    'returns the same generator for every walk',
    ['iterating the same listing twice', 'loses'],
    (fetchPage) => {
      const only = loop(fetchPage);
      return { open: () => only };
    },
  ),

  brokenListing(
    'shares one token between walks',
    ['iterating the same listing concurrently', 'repeats'],
    (fetchPage) => {
      let walks = 0;
      let input: Input = {};
      return {
        open: () => {
          if (walks++ % 2 === 0) input = {};
          return writing(fetchPage, input);
        },
      };
    },
  ),

  brokenListing(
    'keeps the token in the input',
    ['an unchanged input', 'mutates'],
    (fetchPage) => {
      const input: Input = {};
      return { input, open: () => writing(fetchPage, input) };
    },
    'input',
  ),

  brokenListing(
    'requires to write into the input',
    ['a frozen input', 'fails'],
    (fetchPage) => {
      const input: Input = {};
      return { input, open: () => writing(fetchPage, input) };
    },
    'input',
  ),
];
