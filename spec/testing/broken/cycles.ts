import { type BrokenPager, broken, loop } from './broken-pager.js';

export const brokenAtCycles: readonly BrokenPager[] = [
  broken('knows no cycles', ['a cycle of five tokens', 'loops'], (fetchPage) => loop(fetchPage)),

  broken('ends at the same token in silence', ['a token that repeats itself (A, A)', 'loses'], (fetchPage) =>
    loop(async (token, call) => {
      const page = await fetchPage(token, call);
      return page.next === token ? { items: page.items, next: undefined } : page;
    }),
  ),

  broken('knows the last token only', ['two tokens that take turns (A, B, A)', 'loops'], (fetchPage) =>
    loop(async (token, call) => {
      const page = await fetchPage(token, call);
      if (page.next && page.next === token) throw new Error('the service repeats itself');
      return page;
    }),
  ),
];
