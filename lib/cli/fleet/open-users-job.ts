import type { JobDrain } from '../../bullmq/drain-job.js';
import type { Instance } from '../connection/instance.js';
import { openInstance } from '../connection/open-instance.js';
import { openSandbox } from '../connection/open-sandbox.js';
import { rowFormat } from '../formats/row-format.js';
import { selectItems } from '../operations/select-items.js';
import { USERS } from '../operations/users.js';
import { openOutlet } from '../output/open-outlet.js';
import type { RunningCommand } from '../run-command.js';
import type { ConnectClients } from './connect-clients.js';
import type { QueuedUsers } from './queued-users.js';

interface UsersJobOptions {
  readonly command: RunningCommand;
  readonly clients: ConnectClients;
  readonly signal: AbortSignal;
}

/** Opens what a job drains: the users of its instance, and its file. */
export async function openUsersJob(
  { instance: name, sandbox, options }: QueuedUsers,
  { command, clients, signal }: UsersJobOptions,
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
    // Its own sandbox: the same users and page tokens on every worker.
    instance = sandbox
      ? await openSandbox(sandbox)
      : await openInstance({ ...options, instanceId: name }, { signal, openClient: clients.open });
    const users = await USERS.list(instance.client, instance.id, { ...options, signal });
    const { filter } = options;
    const chosen = selectItems(users, USERS, {
      filter,
      since: undefined,
      maxItems: undefined,
      onUndated() {},
    });
    // Each page is kept when it arrives.
    return { listing: chosen, destination: outlet.destination, everyMs: 0, close };
  } catch (error) {
    await close();
    throw error;
  }
}
