import type { UserSummary } from '@aws-sdk/client-connect';
import { listUsers } from '../../../lib/connect/index.js';
import type { Cursor } from '../../../lib/core/cursor.js';
import type { Item, Pager } from '../../../lib/testing/index.js';
import { scriptedConnect } from '../scripted-connect.js';

/**
 * pageturn on the same client as the SDK's own paginator, with all defaults except the clock and the page size. A
 * flatMap gives the kit iterators to watch.
 */
export const pageturn: Pager = {
  name: 'pageturn',
  supports: ['retry', 'abort', 'resume', 'limit', 'input', 'source'],
  list(fetchPage, { clock, pageSize = 10, watch }) {
    const input = { InstanceId: 'scripted', MaxResults: pageSize };
    const client = scriptedConnect(fetchPage);
    return {
      input,
      open({ signal, from, limit }) {
        const users = listUsers(client, input, { clock, key: ({ Id = '' }) => Id }).flatMap((user) =>
          watch(itemOf(user)),
        );
        return (limit === undefined ? users : users.take(limit)).open({ signal, from: from as Cursor });
      },
    };
  },
};

/** One iterable per user, whose iterators the kit watches. */
function* itemOf({ Id: id = '', Username: name = '' }: UserSummary): Generator<Item> {
  yield { id, name };
}
