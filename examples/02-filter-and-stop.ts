// Stops early and resumes later from exactly there. Run it: npx tsx examples/02-filter-and-stop.ts
import { ConnectClient } from '@aws-sdk/client-connect';
import { listUsers } from 'pageturn/connect';
import { startSandbox } from 'pageturn/sandbox';

await using sandbox = await startSandbox({ users: 3_000 });
const client = new ConnectClient(sandbox.clientConfig);
const users = listUsers(client, { InstanceId: sandbox.instanceId });

const acme = users.filter((user) => user.Username?.endsWith('@acme.com') ?? false).take(10);
const walk = acme.open();
for await (const user of walk) console.log(user.Username);
console.log(`ended by ${walk.end?.reason} after ${walk.stats.pages} page`);

// The cursor is plain JSON: store it anywhere.
const cursor = JSON.parse(JSON.stringify(walk.cursor));
for await (const user of acme.open({ from: cursor })) console.log('then', user.Username);
