// Fetches the details of every user, several requests at a time, within one quota. Run it: npx tsx examples/06-details.ts
import { ConnectClient, DescribeUserCommand } from '@aws-sdk/client-connect';
import { createSender, settled } from 'pageturn';
import { listUsers } from 'pageturn/connect';
import { startSandbox } from 'pageturn/sandbox';

await using sandbox = await startSandbox({ users: 12 });
const client = new ConnectClient(sandbox.clientConfig);
const InstanceId = sandbox.instanceId;

// Retried and paced like a listing: all of its calls share the quota of DescribeUser.
const describeUser = createSender(client, DescribeUserCommand);

const described = listUsers(client, { InstanceId }).mapAsync(
  settled((user, { signal }) => describeUser({ InstanceId, UserId: user.Id }, { signal })),
  { concurrency: 4 },
);

// A user deleted in the meantime yields an error value; the run continues.
for await (const { item, value, error } of described) {
  console.log(item.Username, error ? 'was deleted' : value?.User?.IdentityInfo?.FirstName);
}
