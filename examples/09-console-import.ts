// Exports users in the template of the console, "Import users", so that another instance can load them.
// Run it: npx tsx examples/09-console-import.ts
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConnectClient } from '@aws-sdk/client-connect';
import { userDetails } from 'pageturn/connect';
import { connectImport, file } from 'pageturn/node';
import { startSandbox } from 'pageturn/sandbox';

await using sandbox = await startSandbox({ users: 800 });
const client = new ConnectClient(sandbox.clientConfig);

const folder = await mkdtemp(join(tmpdir(), 'pageturn-import-'));
try {
  // The template of an instance with SAML has no e-mail addresses, so SearchUsers has everything.
  const users = userDetails(client, { InstanceId: sandbox.instanceId });
  const path = join(folder, 'import.csv');
  const receipt = await users.drainTo(file(path, { format: connectImport({ directory: 'SAML' }) }));
  const [heading, first] = (await readFile(path, 'utf8')).split('\n');
  console.log(heading);
  console.log(first);
  console.log(receipt.written, 'users in', receipt.requests, 'requests');
} finally {
  await rm(folder, { recursive: true });
}
