import { type BrokenPager, broken, itemsOf, loop } from './broken-pager.js';

const EMPTY_PAGES = 11;

export const brokenAtPages: readonly BrokenPager[] = [
  broken('treats an empty page as the end', ['an empty page with a token', 'loses'], (fetchPage) =>
    loop(async (token, call) => {
      const page = await fetchPage(token, call);
      return itemsOf(page).length > 0 ? page : { items: [], next: undefined };
    }),
  ),

  broken('gives up after eleven empty pages', ['twelve empty pages in a row', 'loses'], (fetchPage) => {
    let empty = 0;
    return loop(async (token, call) => {
      const page = await fetchPage(token, call);
      empty = itemsOf(page).length > 0 ? 0 : empty + 1;
      return empty > EMPTY_PAGES ? { items: [], next: undefined } : page;
    });
  }),

  broken('fails on a missing list', ['a page without a list', 'fails'], async function* (fetchPage) {
    let token: string | undefined;
    do {
      const page = await fetchPage(token, {});
      yield* itemsOf(page);
      token = page.next ?? undefined;
    } while (token);
  }),

  broken('takes an empty answer for the end', ['an empty answer', 'loses'], (fetchPage) => loop(fetchPage)),

  broken('fails on an empty listing without a list', ['an empty answer', 'fails'], (fetchPage, { signal }) =>
    loop(
      async (token, call) => {
        const page = await fetchPage(token, call);
        if (page.items === undefined && !page.next) throw new Error('the service said nothing');
        return page;
      },
      { signal },
    ),
  ),

  broken('fails on an empty last page', ['an empty last page', 'fails'], (fetchPage) =>
    loop(async (token, call) => {
      const page = await fetchPage(token, call);
      if (itemsOf(page).length === 0) throw new Error('the service promised another page');
      return page;
    }),
  ),

  broken('uses null as a token', ['null or "" as the last token', 'fails'], async function* (fetchPage) {
    let token: string | null | undefined;
    do {
      const page = await fetchPage(token as string | undefined, {});
      yield* itemsOf(page);
      token = page.next;
    } while (token !== undefined);
  }),
];
