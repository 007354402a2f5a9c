// Looks up the users of a bulk update by name first, with one listing, and stops at names that are missing or ambiguous.
// Run it: npx tsx examples/10-look-up-before-update.ts
import { ConnectClient } from '@aws-sdk/client-connect';
import { listUsers, usernameIndex } from 'pageturn/connect';
import { startSandbox } from 'pageturn/sandbox';

await using sandbox = await startSandbox({ users: 2_500 });
const client = new ConnectClient(sandbox.clientConfig);
const users = listUsers(client, { InstanceId: sandbox.instanceId });

const wanted = (await users.take(3).toArray()).map(({ Username = '' }) => Username.toUpperCase());
wanted.push('not.there@acme.com');

const index = await usernameIndex(users); // 3 requests, however many names there are
const found = wanted.filter((name) => index.has(name)).map((name) => index.get(name));
const missing = wanted.filter((name) => !index.has(name));
for (const user of found) console.log('would update', user?.Username);
console.log(missing.length === 0 ? 'all there' : `not updating anything: ${missing.join(', ')} is missing`);
