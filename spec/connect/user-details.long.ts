import { expect, it } from 'vitest';
import { userDetails } from '../../lib/connect/index.js';
import { sandboxFor } from '../support/sandbox-for.js';
import { clientFor } from './sandbox-users.js';

it('44,000 users with all that SearchUsers has and all names take at most 95 requests', async () => {
  const sandbox = await sandboxFor({ users: 44_000 });
  let count = 0;
  const rows = userDetails(clientFor(sandbox), { InstanceId: sandbox.instanceId }, { pace: false });
  for await (const { Username } of rows) if (Username !== undefined) count++;
  expect(count).toBe(44_000);
  expect(sandbox.stats().requests).toBeLessThanOrEqual(95);
});
