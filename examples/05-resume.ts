// A job that can be killed at any moment and resumes from its position. Run it: npx tsx examples/05-resume.ts
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConnectClient } from '@aws-sdk/client-connect';
import { listUsers } from 'pageturn/connect';
import { fileCheckpoint } from 'pageturn/node';
import { startSandbox } from 'pageturn/sandbox';

await using sandbox = await startSandbox({ users: 4_000 });
const client = new ConnectClient(sandbox.clientConfig);
const users = listUsers(client, { InstanceId: sandbox.instanceId });
const folder = await mkdtemp(join(tmpdir(), 'pageturn-'));
const checkpoint = fileCheckpoint(join(folder, 'users.checkpoint.json'));

let handled = 0;
for await (const _user of users.resume(checkpoint)) {
  if (handled === 2_500) break; // imagine that the process is killed here
  handled++;
}
console.log(`first run: ${handled} users`);

for await (const _user of users.resume(checkpoint)) handled++;
console.log(`second run: ${handled} users, each once`);
