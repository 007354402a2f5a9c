import { getPagedAsyncIterator } from '@azure/core-paging';
import type { Item, Pager } from '../../../lib/testing/index.js';

type AzurePage = Item[] & { continuationToken?: string | undefined };

/** The paging of the Azure SDK, used as its generated clients use it; resumes with continuation tokens. */
export const azure: Pager = {
  name: '@azure/core-paging',
  supports: ['abort', 'resume'],
  list: (fetchPage, { pageSize }) => ({
    open({ signal, from }) {
      const paged = getPagedAsyncIterator<Item, AzurePage>({
        firstPageLink: '',
        async getPage(link) {
          const { items, next } = await fetchPage(link || undefined, { signal, pageSize });
          const nextPageLink = next || undefined;
          const page: AzurePage = Object.assign([...(items ?? [])], { continuationToken: nextPageLink });
          return { page, ...(nextPageLink !== undefined && { nextPageLink }) };
        },
      });
      let { token } = (from ?? {}) as { token?: string | undefined };
      async function* items(): AsyncGenerator<Item> {
        for await (const page of paged.byPage(token === undefined ? {} : { continuationToken: token })) {
          yield* page;
          token = page.continuationToken;
        }
      }
      return {
        [Symbol.asyncIterator]: items,
        get cursor() {
          return { token };
        },
      };
    },
  }),
};
