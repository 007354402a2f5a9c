import type { ConnectClient, ConnectClientConfig } from '@aws-sdk/client-connect';
import { PageturnError } from '../../core/errors.js';
import type { Sandbox } from '../../sandbox/start-sandbox.js';
import { type InstanceReference, instanceReference, regionOf } from '../arguments/instance-reference.js';
import type { ConnectionOptions } from '../arguments/options.js';
import { formatCount } from '../format.js';
import { listingOptions } from '../operations/operation.js';
import { type BackgroundTraffic, startBackgroundTraffic } from './background-traffic.js';
import { loadClient, SILENT_LOGGER } from './load-client.js';

/** An Amazon Connect instance, real or in the sandbox; nothing is sent yet. */
export interface Instance {
  readonly client: ConnectClient;
  /** A client for each Region that was named; the first is `client`. */
  readonly clients: readonly ConnectClient[];
  /** Empty if none was named. */
  readonly id: string;
  /** Rejects without a Region or credentials, before anything is sent or written. */
  assertReady(): Promise<void>;
  /** Set if the instance is in a sandbox. */
  readonly sandbox: SandboxFacts | undefined;
  close(): Promise<void>;
}

interface SandboxFacts {
  readonly users: number;
  readonly ratePerSecond: number;
  readonly burst: number;
}

interface OpenInstanceOptions {
  readonly signal?: AbortSignal;
  /** Whether the second instance of a sandbox has the users of the first one, with a few differences. */
  readonly hasCopy?: boolean;
}

/** Opens the instance or starts a sandbox. The AWS client is loaded here because loading it takes a while. */
export async function openInstance(
  options: ConnectionOptions,
  { signal, hasCopy = false }: OpenInstanceOptions = {},
): Promise<Instance> {
  const { instanceId, sandbox, region: given = [], profile, endpointUrl } = options;
  if (sandbox) return openSandbox(sandbox === true ? 12_000 : sandbox, hasCopy);
  const reference = instanceId === undefined ? undefined : instanceReference(instanceId);
  const own = regionOf(reference, given[0]);
  const [first, ...others] = given.length > 1 ? given : [own];
  const config = {
    ...(profile !== undefined && { profile }),
    ...(endpointUrl !== undefined && { endpoint: endpointUrl }),
  };
  const inRegion = (region: string | undefined) =>
    connect({ ...config, ...(region !== undefined && { region }) });
  const client = await inRegion(first);
  const clients = [client, ...(await Promise.all(others.map(inRegion)))];
  const close = async () => {
    for (const one of clients) one.destroy();
  };
  try {
    const id = reference ? await idOf(reference, client, options, signal) : '';
    const ready = () => Promise.all(clients.map(assertReady));
    return { client, clients, id, assertReady: async () => void (await ready()), sandbox: undefined, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function assertReady({ config }: ConnectClient): Promise<void> {
  try {
    await config.region();
    await config.credentials();
  } catch (cause) {
    // As the first request would fail.
    throw new PageturnError('ERR_REQUEST_FAILED', 'no request can be sent', { cause, attempts: 0 });
  }
}

async function idOf(
  reference: InstanceReference,
  client: ConnectClient,
  options: ConnectionOptions,
  signal: AbortSignal | undefined,
): Promise<string> {
  if (reference.kind === 'id') return reference.id;
  const { findInstance } = await import('./find-instance.js');
  const { retry } = listingOptions(options);
  return findInstance(client, reference.alias, { retry, signal });
}

/** Describes the sandbox in one line; undefined for a real instance. */
export function describeSandbox({ sandbox }: Instance): string | undefined {
  if (!sandbox) return undefined;
  const { users, ratePerSecond, burst } = sandbox;
  return `a sandbox on this machine: ${formatCount(users, 'user')}, ${ratePerSecond} requests/s with a burst of ${burst}, some of which other clients use up`;
}

async function openSandbox(users: number, hasCopy: boolean): Promise<Instance> {
  // The documented quota of ListUsers. Background traffic uses part of it, so that the user sees a throttle.
  const facts = { users, ratePerSecond: 2, burst: 5 };
  const { startSandbox } = await import('../../sandbox/start-sandbox.js');
  const sandbox = await startSandbox({ ...facts, users: hasCopy ? [users, users] : users });
  if (hasCopy) makeDifferences(sandbox);
  let backgroundTraffic: BackgroundTraffic | undefined;
  try {
    const client = await connect(sandbox.clientConfig);
    backgroundTraffic = await startBackgroundTraffic(sandbox);
    return {
      client,
      clients: [client],
      id: sandbox.instanceId,
      assertReady: async () => {},
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

/** What happens to a copy that is not kept up to date: users leave, join, and marry. */
function makeDifferences({ instances: [, copy] }: Sandbox): void {
  if (!copy) return;
  const { directory } = copy;
  const [leaver, renamed] = directory.users();
  if (leaver) directory.remove(leaver.Id);
  if (renamed) directory.rename(renamed.Id, `renamed.${renamed.Username}`);
  directory.insert({ Username: 'new.joiner@acme.com' });
}

async function connect(config: ConnectClientConfig): Promise<ConnectClient> {
  const { ConnectClient } = await loadClient(
    '@aws-sdk/client-connect',
    () => import('@aws-sdk/client-connect'),
  );
  return new ConnectClient({ ...config, logger: SILENT_LOGGER });
}
