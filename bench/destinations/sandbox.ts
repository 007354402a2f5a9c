import { startSandbox } from '../../lib/sandbox/index.js';

// A sandbox without a quota, in its own process; it ends with the process that started it.
const sandbox = await startSandbox({
  users: Number(process.argv[2]),
  ratePerSecond: Number.POSITIVE_INFINITY,
});
process.once('disconnect', () => process.exit());
process.send?.({ endpoint: sandbox.endpoint, instanceId: sandbox.instanceId });
