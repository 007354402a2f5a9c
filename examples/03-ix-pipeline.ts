// A listing is an ix iterable, so every ix operator works on it. Run it: npx tsx examples/03-ix-pipeline.ts
import { ConnectClient } from '@aws-sdk/client-connect';
import { buffer, map, scan } from 'ix/asynciterable/operators';
import { listUsers } from 'pageturn/connect';
import { startSandbox } from 'pageturn/sandbox';

await using sandbox = await startSandbox({ users: 2_500 });
const client = new ConnectClient(sandbox.clientConfig);
const users = listUsers(client, { InstanceId: sandbox.instanceId });

// Saves rows in batches of 500. The listing's own operators are fused; ix provides the rest.
const saved = users
  .filter((user) => user.Username !== undefined)
  .pipe(
    buffer(500),
    map(async (rows) => rows.length), // save(rows) in a real job
    scan({ seed: 0, callback: (total, count) => total + count }),
  );

for await (const total of saved) console.log(`${total} rows saved`);
