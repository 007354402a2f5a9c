import { listUsers } from '../../../lib/connect/index.js';
import type { Cursor } from '../../../lib/cursor.js';
import type { Pager } from '../../../lib/testing/index.js';
import { scriptedConnect } from '../scripted-connect.js';

/** On the same client as the SDK's own paginator, with every default but the clock and the page size. */
export const pageturn: Pager = {
  name: 'pageturn',
  offers: ['retry', 'abort', 'resume', 'limit', 'input'],
  list(fetchPage, { clock, pageSize = 10 }) {
    const input = { InstanceId: 'scripted', MaxResults: pageSize };
    const client = scriptedConnect(fetchPage);
    return {
      input,
      open({ signal, from, limit }) {
        const users = listUsers(client, input, { clock, key: ({ Id = '' }) => Id }).map(
          ({ Id: id = '', Username: name = '' }) => ({ id, name }),
        );
        return (limit === undefined ? users : users.take(limit)).open({ signal, from: from as Cursor });
      },
    };
  },
};
