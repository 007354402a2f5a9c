import { join } from 'node:path';
import { expect, it } from 'vitest';
import { at } from '../support/at.js';
import { hasNamespaces, IN_NAMESPACE } from '../support/namespace.js';
import { newFolder, requestsAt, sandboxFor } from '../support/sandbox-for.js';
import { runCli, startCli } from './start-cli.js';

it.skipIf(!hasNamespaces)(
  'of two runs in two containers with the same files, the second one is refused',
  async () => {
    const sandbox = await sandboxFor({ users: 500, faults: [{ kind: 'hang', afterRequests: 2 }] });
    const out = join(await newFolder(), 'users.ndjson');
    const args = ['users', ...at(sandbox), '--page-size', '100', '--out', out];
    const first = startCli(args, { within: IN_NAMESPACE });
    await requestsAt(sandbox, 3);
    // It watches the first one until that writes a heartbeat, at most 5 s later.
    expect(await runCli(args, { within: IN_NAMESPACE })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/\.spool is in use by process \d+ in another container, .*; wait for it/),
    });
    expect(sandbox.stats().requests).toBe(3);
    first.child.kill('SIGKILL');
    await first.ended;
  },
);
