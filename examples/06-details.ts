// The details of every user, several requests at a time under one quota. Run it: npx tsx examples/06-details.ts
import { ConnectClient, DescribeUserCommand } from '@aws-sdk/client-connect';
import { createSender, settled } from 'pageturn';
import { listUsers } from 'pageturn/connect';
import { startSandbox } from 'pageturn/sandbox';

await using sandbox = await startSandbox({ users: 12 });
const client = new ConnectClient(sandbox.clientConfig);
const InstanceId = sandbox.instanceId;

// Retried and paced as listings are: all calls of it share the quota of DescribeUser.
const describeUser = createSender(client, DescribeUserCommand);

const described = listUsers(client, { InstanceId }).mapAsync(
  settled((user, { signal }) => describeUser({ InstanceId, UserId: user.Id }, { signal })),
  { concurrency: 4 },
);

// A user deleted since is a value here, not the end of the run.
for await (const { item, value, error } of described) {
  console.log(item.Username, error ? 'is gone' : value?.User?.IdentityInfo?.FirstName);
}
