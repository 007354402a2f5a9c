// Lists any paged command of any AWS SDK v3 client, and any other paged API. Run it: npx tsx examples/04-any-command.ts
import { ConnectClient, ListQueuesCommand } from '@aws-sdk/client-connect';
import { fromPages, paginate } from 'pageturn';
import { startSandbox } from 'pageturn/sandbox';

await using sandbox = await startSandbox();
const client = new ConnectClient(sandbox.clientConfig);

// Items, token and page size are inferred from the command, in its types and at run time.
const queues = paginate(client, ListQueuesCommand, { InstanceId: sandbox.instanceId }, { pageSize: 10 });
console.log(
  await queues
    .map((queue) => queue.Name)
    .take(3)
    .toArray(),
);

// Without an SDK, write a function that fetches one page.
interface Answer {
  readonly UserSummaryList: readonly { readonly Username: string }[];
  readonly NextToken?: string;
}
const users = fromPages(async (token, { signal }) => {
  const url = new URL(`/users-summary/${sandbox.instanceId}`, sandbox.endpoint);
  if (token) url.searchParams.set('nextToken', token);
  const response = await fetch(url, { signal: signal ?? null });
  if (!response.ok) throw Object.assign(new Error(response.statusText), { response });
  const { UserSummaryList, NextToken } = (await response.json()) as Answer;
  return { items: UserSummaryList, next: NextToken };
});
console.log((await users.toArray()).length, 'users with fetch');
