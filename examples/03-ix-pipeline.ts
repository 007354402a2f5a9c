// A listing is an ix iterable: every ix operator works on it. Run it: npx tsx examples/03-ix-pipeline.ts
import { ConnectClient } from '@aws-sdk/client-connect';
import { buffer, map, scan } from 'ix/asynciterable/operators';
import { listUsers } from 'pageturn/connect';
import { startSandbox } from 'pageturn/sandbox';

await using sandbox = await startSandbox({ users: 2_500 });
const client = new ConnectClient(sandbox.clientConfig);
const users = listUsers(client, { InstanceId: sandbox.instanceId });

// Rows for a warehouse, 500 at a time. The listing's own operators are fused; ix takes over where they end.
const saved = users
  .filter((user) => user.Username !== undefined)
  .pipe(
    buffer(500),
    map(async (rows) => rows.length), // save(rows), say
    scan({ seed: 0, callback: (total, count) => total + count }),
  );

for await (const total of saved) console.log(`${total} rows saved`);
