// Compares an instance with the CSV file of an identity provider: who has to be added, removed or changed.
// Run it: npx tsx examples/08-directory-diff.ts
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConnectClient } from '@aws-sdk/client-connect';
import { diff, listUsers } from 'pageturn/connect';
import { readCsv } from 'pageturn/node';
import { startSandbox } from 'pageturn/sandbox';

await using sandbox = await startSandbox({ users: 4 });
const client = new ConnectClient(sandbox.clientConfig);
const instance = { client, InstanceId: sandbox.instanceId };

const folder = await mkdtemp(join(tmpdir(), 'pageturn-diff-'));
try {
  const [first, second] = await listUsers(client, { InstanceId: sandbox.instanceId }).toArray();
  const people = join(folder, 'people.csv');
  await writeFile(
    people,
    `login,given name\n${first?.Username},Zoë\n${second?.Username},Ada\nnew.hire,Kim\n`,
  );

  const columns = { Username: 'login', FirstName: 'given name' };
  for await (const one of diff<object>(instance, readCsv(people, { columns }))) {
    if (one.type === 'changed') {
      for (const { field, before, after } of one.changes)
        console.log('changed', one.key, field, before, after);
    } else console.log(one.type, 'key' in one ? one.key : '');
  }
} finally {
  await rm(folder, { recursive: true });
}
