import { iteratePaginatedAPI } from '@notionhq/client';
import type { Pager } from '../../../lib/testing/index.js';

/** The paging function of the Notion client, which accepts any list function of this shape. */
export const notion: Pager = {
  name: '@notionhq/client',
  supports: ['input'],
  list(fetchPage) {
    const input: { start_cursor?: string } = {};
    return {
      input,
      open: () =>
        iteratePaginatedAPI(async ({ start_cursor }: { start_cursor?: string }) => {
          const { items, next } = await fetchPage(start_cursor, {});
          return {
            object: 'list' as const,
            results: [...(items ?? [])],
            next_cursor: next ?? null,
            has_more: Boolean(next),
          };
        }, input),
    };
  },
};
