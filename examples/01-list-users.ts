// Lists every user of an instance, however small its quota. Run it: npx tsx examples/01-list-users.ts
import { ConnectClient } from '@aws-sdk/client-connect';
import { listUsers } from 'pageturn/connect';
import { startSandbox } from 'pageturn/sandbox';

// A small Amazon Connect on your machine. For a real one, use new ConnectClient({ region }) and your instance's id.
await using sandbox = await startSandbox({ users: 7_500 });
const client = new ConnectClient(sandbox.clientConfig);
const InstanceId = sandbox.instanceId;

let count = 0;
for await (const user of listUsers(client, { InstanceId })) {
  count++;
  if (count <= 3) console.log(user.Username);
}
console.log(`${count} users in ${sandbox.stats().operations.ListUsers.served} pages`);
