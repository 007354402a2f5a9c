import { defer, from } from 'ix/asynciterable';
import { concatMap, retry, take, withAbort } from 'ix/asynciterable/operators';
import type { FetchPage, Page } from '../../../lib/core/page.js';
import type { Item, Pager } from '../../../lib/testing/index.js';

/** A generator of pages with IxJS operators; `defer` creates a new one for every attempt. */
export const ix: Pager = {
  name: 'ix',
  supports: ['retry', 'abort', 'limit', 'source'],
  list: (fetchPage, { watch }) => ({
    open({ signal, limit }) {
      const pages = defer(() => watch(walk(fetchPage, signal)));
      const items = pages.pipe(
        retry(20),
        concatMap((page) => from(page.items ?? [])),
      );
      const limited = limit === undefined ? items : items.pipe(take(limit));
      return signal ? limited.pipe(withAbort(signal)) : limited;
    },
  }),
};

async function* walk(
  fetchPage: FetchPage<Item>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Page<Item>> {
  let token: string | undefined;
  do {
    const page = await fetchPage(token, { signal });
    yield page;
    token = page.next ?? undefined;
  } while (token);
}
