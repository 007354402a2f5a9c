import type { FetchPage } from '../../../lib/core/page.js';
import type { Item } from '../../../lib/testing/index.js';
import { type BrokenPager, brokenListing, loop } from './broken-pager.js';

interface Input {
  token?: string | undefined;
}

/** As the SDK's paginators do: the token goes into the caller's input, and the input is what is sent. */
async function* writing(fetchPage: FetchPage<Item>, input: Input): AsyncGenerator<Item> {
  for (;;) {
    // What is sent is what the input says by then.
    await null;
    const page = await fetchPage(input.token, {});
    yield* page.items ?? [];
    if (!page.next) return;
    input.token = page.next;
  }
}

export const brokenAtReuse: readonly BrokenPager[] = [
  brokenListing('is one generator', ['a second walk over the same listing', 'loses'], (fetchPage) => {
    const only = loop(fetchPage);
    return { open: () => only };
  }),

  brokenListing(
    'has one token for all walks',
    ['two walks at once over the same listing', 'repeats'],
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
    ['the input left as it was', 'mutates'],
    (fetchPage) => {
      const input: Input = {};
      return { input, open: () => writing(fetchPage, input) };
    },
    'input',
  ),

  brokenListing(
    'needs to write into the input',
    ['a frozen input', 'fails'],
    (fetchPage) => {
      const input: Input = {};
      return { input, open: () => writing(fetchPage, input) };
    },
    'input',
  ),
];
