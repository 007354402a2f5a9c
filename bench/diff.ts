// Compares two instances of 100,000 users each by user name, with the names of their profiles, over HTTP from a sandbox
// without a quota. Of every 200 users one is missing in the second instance, and one has another name there. Prints the
// time and the peak memory of the process that compares, which runs the build. Run it: npm run bench:diff [users]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { startSandbox } from '../lib/sandbox/index.js';

const BOUND_MB = 200;
const users = Number(process.argv[2] ?? 100_000);

const COMPARE = `
  import { ConnectClient } from '@aws-sdk/client-connect';
  import { diff, userDetails } from 'pageturn/connect';
  const { clientConfig, ids } = JSON.parse(process.env.INSTANCES);
  const client = new ConnectClient(clientConfig);
  const fields = ['Username', 'FirstName', 'LastName', 'RoutingProfileName', 'SecurityProfileNames'];
  const [a, b] = ids.map((InstanceId) => userDetails(client, { InstanceId }, { fields, pace: false }));
  const startedAt = performance.now();
  const found = { added: 0, removed: 0, others: 0 };
  for await (const { type } of diff(a, b)) found[type in found ? type : 'others']++;
  const seconds = (performance.now() - startedAt) / 1_000;
  console.log(JSON.stringify({ found, seconds, peakMb: process.resourceUsage().maxRSS / 1_024 }));
`;

await using sandbox = await startSandbox({
  users: [users, users],
  ratePerSecond: Number.POSITIVE_INFINITY,
});
const [, copy] = sandbox.instances;
const expected = { added: 0, removed: 0, others: 0 };
for (const [n, { Id }] of [...(copy?.directory.users() ?? [])].entries()) {
  if (n % 200 > 1) continue;
  expected.removed++;
  if (n % 200 === 0) copy?.directory.remove(Id);
  else {
    copy?.directory.rename(Id, `renamed.${n}@example.com`);
    expected.added++;
  }
}
const { clientConfig, instances } = sandbox;
const ids = instances.slice(0, 2).map(({ id }) => id);
const child = spawn(process.execPath, ['--input-type=module', '--eval', COMPARE], {
  cwd: resolve(import.meta.dirname, '..'),
  env: { ...process.env, NODE_OPTIONS: '', INSTANCES: JSON.stringify({ clientConfig, ids }) },
  stdio: ['ignore', 'pipe', 'inherit'],
});
let text = '';
child.stdout.on('data', (chunk) => {
  text += chunk;
});
await once(child, 'close');
const { found, seconds, peakMb } = JSON.parse(text);
console.log(`${users} users each: ${seconds.toFixed(1)} s, peak ${peakMb.toFixed(0)} MB (bound ${BOUND_MB})`);
console.log(`found    ${JSON.stringify(found)}\nexpected ${JSON.stringify(expected)}`);
if (peakMb > BOUND_MB || JSON.stringify(found) !== JSON.stringify(expected)) process.exitCode = 1;
