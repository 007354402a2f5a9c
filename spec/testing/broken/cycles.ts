import { type BrokenPager, broken, itemsOf, loop } from './broken-pager.js';

export const brokenAtCycles: readonly BrokenPager[] = [
  broken('does not detect cycles', ['a cycle of five tokens', 'loops'], (fetchPage) => loop(fetchPage)),

  broken('ends silently at a repeated token', ['a token that repeats (A, A)', 'loses'], (fetchPage) =>
    loop(async (token, call) => {
      const page = await fetchPage(token, call);
      return page.next === token ? { items: itemsOf(page), next: undefined } : page;
    }),
  ),

  broken('remembers only the last token', ['two alternating tokens (A, B, A)', 'loops'], (fetchPage) =>
    loop(async (token, call) => {
      const page = await fetchPage(token, call);
      if (page.next && page.next === token) throw new Error('the service repeats itself');
      return page;
    }),
  ),
];
