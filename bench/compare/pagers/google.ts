import type { Readable } from 'node:stream';
import { paginator } from '@google-cloud/paginator';
import type { FetchPage } from '../../../lib/core/page.js';
import type { Item, Pager } from '../../../lib/testing/index.js';

interface Query {
  readonly pageToken?: string | undefined;
  readonly maxResults?: number | undefined;
}

type Callback = (error: unknown, items?: readonly Item[], nextQuery?: Query | null) => void;

/** The paging of the Google Cloud clients: a method with a callback, turned into a stream. */
export const google: Pager = {
  name: '@google-cloud/paginator',
  supports: ['limit', 'input'],
  list(fetchPage) {
    const users = new Users(fetchPage);
    const input: Query = {};
    return {
      input,
      open: ({ limit }) =>
        users.getUsersStream(limit === undefined ? input : { ...input, maxResults: limit }),
    };
  },
};

class Users {
  readonly #fetchPage: FetchPage<Item>;

  constructor(fetchPage: FetchPage<Item>) {
    this.#fetchPage = fetchPage;
  }

  getUsersStream: (query: Query) => Readable = paginator.streamify<Item>('getUsers');

  getUsers(query: Query, callback: Callback): void {
    this.#fetchPage(query.pageToken, {}).then(
      ({ items, next }) => callback(null, [...(items ?? [])], next ? { ...query, pageToken: next } : null),
      (error: unknown) => callback(error),
    );
  }
}
