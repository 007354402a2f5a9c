import type { ConnectClient, ConnectClientConfig } from '@aws-sdk/client-connect';
import type { ConnectionOptions } from '../arguments/options.js';
import { formatCount } from '../format.js';
import { type BackgroundTraffic, startBackgroundTraffic } from './background-traffic.js';
import { loadClient, SILENT_LOGGER } from './load-client.js';

/** An Amazon Connect instance, real or in the sandbox; nothing is sent yet. */
export interface Instance {
  readonly client: ConnectClient;
  readonly id: string;
  /** Set if the instance is in a sandbox. */
  readonly sandbox: SandboxFacts | undefined;
  close(): Promise<void>;
}

interface SandboxFacts {
  readonly users: number;
  readonly ratePerSecond: number;
  readonly burst: number;
}

/** Opens the instance or starts a sandbox. The AWS client is loaded here because loading it takes a while. */
export async function openInstance({
  instanceId = '',
  sandbox,
  region,
  profile,
  endpointUrl,
}: ConnectionOptions): Promise<Instance> {
  if (sandbox) return openSandbox(sandbox === true ? 12_000 : sandbox);
  const client = await connect({
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(endpointUrl !== undefined && { endpoint: endpointUrl }),
  });
  return { client, id: instanceId, sandbox: undefined, close: async () => client.destroy() };
}

/** Describes the sandbox in one line; undefined for a real instance. */
export function describeSandbox({ sandbox }: Instance): string | undefined {
  if (!sandbox) return undefined;
  const { users, ratePerSecond, burst } = sandbox;
  return `a sandbox on this machine: ${formatCount(users, 'user')}, ${ratePerSecond} requests/s with a burst of ${burst}, some of which other clients use up`;
}

async function openSandbox(users: number): Promise<Instance> {
  // The documented quota of ListUsers. Background traffic uses part of it, so that the user sees a throttle.
  const facts = { users, ratePerSecond: 2, burst: 5 };
  const { startSandbox } = await import('../../sandbox/start-sandbox.js');
  const sandbox = await startSandbox(facts);
  let backgroundTraffic: BackgroundTraffic | undefined;
  try {
    const client = await connect(sandbox.clientConfig);
    backgroundTraffic = await startBackgroundTraffic(sandbox);
    return {
      client,
      id: sandbox.instanceId,
      sandbox: facts,
      async close() {
        client.destroy();
        await backgroundTraffic?.stop();
        await sandbox.close();
      },
    };
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}

async function connect(config: ConnectClientConfig): Promise<ConnectClient> {
  const { ConnectClient } = await loadClient(
    '@aws-sdk/client-connect',
    () => import('@aws-sdk/client-connect'),
  );
  return new ConnectClient({ ...config, logger: SILENT_LOGGER });
}
