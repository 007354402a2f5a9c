import got from 'got';
import type { Item, Pager } from '../../../lib/testing/index.js';
import { startLoopback } from '../loopback.js';

interface Body {
  readonly items?: Item[];
  readonly next?: string | null;
}

/** Got's pagination over loopback with its default retry. */
export const gotPaginate: Pager = {
  name: 'got',
  supports: ['retry', 'abort', 'limit'],
  async list(fetchPage) {
    const service = await startLoopback(fetchPage, {
      tokenName: 'after',
      pageOf: (items, next) => ({ items, next }),
    });
    return {
      close: service.close,
      open: ({ signal, limit }) =>
        got.paginate<Item>(service.url, {
          ...(signal && { signal }),
          pagination: {
            transform: ({ body }) => (JSON.parse(String(body)) as Body).items ?? [],
            paginate({ response }) {
              const { next } = JSON.parse(String(response.body)) as Body;
              return next ? { searchParams: { after: next } } : false;
            },
            ...(limit !== undefined && { countLimit: limit }),
          },
        }),
    };
  },
};
