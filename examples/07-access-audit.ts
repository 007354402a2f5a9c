// Who has which security profile, the rarest first: one SearchUsers for every 500 users.
// Run it: npx tsx examples/07-access-audit.ts
import { ConnectClient } from '@aws-sdk/client-connect';
import { userDetails } from 'pageturn/connect';
import { startSandbox } from 'pageturn/sandbox';

await using sandbox = await startSandbox({ users: 1_500 });
const client = new ConnectClient(sandbox.clientConfig);
const fields = ['Username', 'SecurityProfileNames'] as const;

const holders = new Map<string, string[]>();
const walk = userDetails(client, { InstanceId: sandbox.instanceId }, { fields }).open();
for await (const { Username = '', SecurityProfileNames = [] } of walk) {
  for (const name of SecurityProfileNames) holders.set(name, [...(holders.get(name) ?? []), Username]);
}

for (const [name, users] of [...holders].sort(([, a], [, b]) => a.length - b.length)) {
  console.log(`${name}: ${users.length} users, such as ${users[0]}`);
}
console.log(`${walk.end?.reason} after ${walk.stats.attempts} requests`);
