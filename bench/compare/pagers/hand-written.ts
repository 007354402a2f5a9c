import { ListUsersCommand } from '@aws-sdk/client-connect';
import type { Item, Pager } from '../../../lib/testing/index.js';
import { scriptedConnect } from '../scripted-connect.js';

/** The loop found in many scripts: half a second between pages, and a second after a throttle. */
export const handWritten: Pager = {
  name: 'loop with a sleep',
  supports: ['retry'],
  list(fetchPage, { clock }) {
    const client = scriptedConnect(fetchPage);
    async function* walk(): AsyncGenerator<Item> {
      let NextToken: string | undefined;
      do {
        try {
          const page = await client.send(new ListUsersCommand({ InstanceId: 'scripted', NextToken }));
          for (const { Id: id = '', Username: name = '' } of page.UserSummaryList ?? []) yield { id, name };
          NextToken = page.NextToken;
          await clock.sleep(500);
        } catch (error) {
          if ((error as Error).name !== 'ThrottlingException') throw error;
          await clock.sleep(1000);
        }
      } while (NextToken);
    }
    return { open: walk };
  },
};
