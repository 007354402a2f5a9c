import type { Item } from '../../../lib/testing/index.js';
import { type BrokenPager, broken, loop } from './broken-pager.js';

const EMPTY_PAGES = 11;

export const brokenAtPages: readonly BrokenPager[] = [
  broken('takes an empty page for the end', ['an empty page with a token', 'loses'], (fetchPage) =>
    loop(async (token, call) => {
      const page = await fetchPage(token, call);
      return page.items?.length ? page : { items: [], next: undefined };
    }),
  ),

  broken('gives up after eleven empty pages', ['twelve empty pages in a row', 'loses'], (fetchPage) => {
    let empty = 0;
    return loop(async (token, call) => {
      const page = await fetchPage(token, call);
      empty = page.items?.length ? 0 : empty + 1;
      return empty > EMPTY_PAGES ? { items: [], next: undefined } : page;
    });
  }),

  broken('stumbles over a missing list', ['a page without its list', 'fails'], async function* (fetchPage) {
    let token: string | undefined;
    do {
      const page = await fetchPage(token, {});
      yield* page.items as readonly Item[];
      token = page.next ?? undefined;
    } while (token);
  }),

  broken('does not expect an empty page at the end', ['an empty last page', 'fails'], (fetchPage) =>
    loop(async (token, call) => {
      const page = await fetchPage(token, call);
      if (page.items?.length === 0) throw new Error('the service promised another page');
      return page;
    }),
  ),

  broken('takes null for a token', ['null and "" as the last token', 'fails'], async function* (fetchPage) {
    let token: string | null | undefined;
    do {
      const page = await fetchPage(token as string | undefined, {});
      yield* page.items ?? [];
      token = page.next;
    } while (token !== undefined);
  }),
];
