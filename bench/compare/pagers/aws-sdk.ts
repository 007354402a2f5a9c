import { paginateListUsers } from '@aws-sdk/client-connect';
import type { Item, Pager } from '../../../lib/testing/index.js';
import { scriptedConnect } from '../scripted-connect.js';

/** The paginator of the AWS SDK v3 with its default retry; resumes with `startingToken`. */
export const awsSdk: Pager = {
  name: '@aws-sdk paginateListUsers',
  supports: ['retry', 'abort', 'resume', 'input'],
  list(fetchPage, { pageSize }) {
    const client = scriptedConnect(fetchPage);
    const input = { InstanceId: 'scripted' };
    return {
      input,
      open({ signal, from }) {
        const start = from as { readonly token?: string } | undefined;
        const config = {
          client,
          ...(pageSize && { pageSize }),
          ...(start?.token && { startingToken: start.token }),
        };
        // The token of the current page, which came with the previous one.
        let token = start?.token;
        async function* items(): AsyncGenerator<Item> {
          for await (const page of paginateListUsers(config, input, { abortSignal: signal })) {
            for (const { Id: id = '', Username: name = '' } of page.UserSummaryList ?? []) yield { id, name };
            token = page.NextToken;
          }
        }
        return {
          [Symbol.asyncIterator]: items,
          get cursor() {
            return { token };
          },
        };
      },
    };
  },
};
