import type { ConnectClient } from '@aws-sdk/client-connect';
import type { Sandbox } from '../../sandbox/start-sandbox.js';
import { type BackgroundTraffic, startBackgroundTraffic } from './background-traffic.js';
import type { Instance } from './instance.js';
import { openConnectClient } from './open-connect-client.js';

interface OpenSandboxOptions {
  readonly users: number;
  /** Decides the users and the page tokens. Default: that of the sandbox. */
  readonly seed?: number;
  /** Whether other clients use a part of the quota, so that the user sees a throttle. */
  readonly hasTraffic?: boolean;
  /** Whether the second instance has the users of the first one, with a few differences. */
  readonly hasCopy?: boolean;
}

/** Starts a sandbox, which closes with its instance. */
export async function openSandbox({
  users,
  seed,
  hasTraffic = false,
  hasCopy = false,
}: OpenSandboxOptions): Promise<Instance> {
  // The documented quota of ListUsers.
  const facts = { users, ratePerSecond: 2, burst: 5 };
  const { startSandbox } = await import('../../sandbox/start-sandbox.js');
  const sandbox = await startSandbox({
    ...facts,
    users: hasCopy ? [users, users] : users,
    ...(seed !== undefined && { seed }),
  });
  if (hasCopy) makeDifferences(sandbox);
  let client: ConnectClient | undefined;
  let traffic: BackgroundTraffic | undefined;
  const close = async () => {
    client?.destroy();
    await traffic?.stop();
    await sandbox.close();
  };
  try {
    client = await openConnectClient(sandbox.clientConfig);
    if (hasTraffic) traffic = await startBackgroundTraffic(sandbox);
    const { instanceId: id } = sandbox;
    return { client, clients: [client], id, assertReady: async () => {}, sandbox: facts, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What happens to a copy that is not kept up to date: users leave, join, marry, and change their work. */
function makeDifferences({ instances: [, copy] }: Sandbox): void {
  if (!copy) return;
  const { directory } = copy;
  const [leaver, married, moved] = directory.users();
  if (leaver) directory.remove(leaver.Id);
  if (married) directory.update(married.Id, { LastName: 'Newlywed' });
  if (moved) directory.update(moved.Id, { RoutingProfileName: 'Tasks – Specialist' });
  directory.insert({ Username: 'new.joiner@acme.com' });
}
