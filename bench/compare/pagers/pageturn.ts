import type { UserSummary } from '@aws-sdk/client-connect';
import { listUsers } from '../../../lib/connect/index.js';
import type { Cursor } from '../../../lib/core/cursor.js';
import type { Item, Pager } from '../../../lib/testing/index.js';
import { scriptedConnect } from '../scripted-connect.js';

/**
 * On the same client as the SDK's own paginator, with every default but the clock and the page size; through a flatMap,
 * so that there are iterators for the kit to watch.
 */
export const pageturn: Pager = {
  name: 'pageturn',
  offers: ['retry', 'abort', 'resume', 'limit', 'input', 'source'],
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

/** An iterable of its own for every user: the iterators pageturn opens, for the kit to watch. */
function* itemOf({ Id: id = '', Username: name = '' }: UserSummary): Generator<Item> {
  yield { id, name };
}
