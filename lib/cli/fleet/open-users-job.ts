import type { JobDrain } from '../../bullmq/drain-job.js';
import { loadClient, SILENT_LOGGER } from '../connection/load-client.js';
import { type Instance, openInstance } from '../connection/open-instance.js';
import { rowFormat } from '../formats/row-format.js';
import { selectItems } from '../operations/select-items.js';
import { USERS } from '../operations/users.js';
import { openOutlet } from '../output/open-outlet.js';
import type { RunningCommand } from '../run-command.js';
import type { QueuedUsers } from './queued-users.js';

/** Opens what a job drains: the users of its instance, and its file. */
export async function openUsersJob(
  { instance: name, sandbox, options }: QueuedUsers,
  { command, signal }: { readonly command: RunningCommand; readonly signal: AbortSignal },
): Promise<JobDrain<unknown>> {
  const format = rowFormat(USERS, {
    options,
    query: undefined,
    preview: Number.POSITIVE_INFINITY,
    isTTY: false,
  });
  const outlet = await openOutlet(options, { format, command });
  let instance: Instance | undefined;
  const close = async () => {
    await instance?.close();
    await outlet.close();
  };
  try {
    instance = sandbox
      ? await openSandbox(sandbox)
      : await openInstance({ ...options, instanceId: name }, { signal });
    const users = await USERS.list(instance.client, instance.id, { ...options, signal });
    const { filter } = options;
    const chosen = selectItems(users, USERS, {
      filter,
      since: undefined,
      maxItems: undefined,
      onUndated() {},
    });
    // Each page is kept when it is there.
    return { listing: chosen, destination: outlet.destination, everyMs: 0, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A sandbox of its own for a job: the same users and page tokens on every worker. */
async function openSandbox({ users, seed }: NonNullable<QueuedUsers['sandbox']>): Promise<Instance> {
  // The documented quota of ListUsers.
  const facts = { users, ratePerSecond: 2, burst: 5 };
  const { startSandbox } = await import('../../sandbox/start-sandbox.js');
  const sandbox = await startSandbox({ ...facts, seed });
  const { ConnectClient } = await loadClient(
    '@aws-sdk/client-connect',
    () => import('@aws-sdk/client-connect'),
  );
  const client = new ConnectClient({ ...sandbox.clientConfig, logger: SILENT_LOGGER });
  return {
    client,
    clients: [client],
    id: sandbox.instanceId,
    assertReady: async () => {},
    sandbox: facts,
    async close() {
      client.destroy();
      await sandbox.close();
    },
  };
}
