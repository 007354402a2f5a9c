import type { ConnectClient, ConnectClientConfig } from '@aws-sdk/client-connect';
import { PageturnError } from '../../core/errors.js';
import { instanceReference, regionOf } from '../arguments/instance-reference.js';
import type { ConnectionOptions } from '../arguments/options.js';
import type { Instance } from './instance.js';
import { instanceIdOf } from './instance-id-of.js';
import { openConnectClient } from './open-connect-client.js';
import { openSandbox } from './open-sandbox.js';

interface OpenInstanceOptions {
  readonly signal?: AbortSignal;
  /** Whether the second instance of a sandbox has the users of the first one, with a few differences. */
  readonly hasCopy?: boolean;
  /** Opens the clients where they outlive the instance: their owner closes them. */
  readonly openClient?: (config: ConnectClientConfig) => Promise<ConnectClient>;
}

/** Opens the instance or starts a sandbox. */
export async function openInstance(
  options: ConnectionOptions,
  { signal, hasCopy = false, openClient }: OpenInstanceOptions = {},
): Promise<Instance> {
  const { instanceId, sandbox, region: given = [], profile, endpointUrl } = options;
  if (sandbox) return openSandbox({ users: sandbox, hasTraffic: true, hasCopy });
  const reference = instanceId === undefined ? undefined : instanceReference(instanceId);
  const own = regionOf(reference, given[0]);
  const [first, ...others] = given.length > 1 ? given : [own];
  const config = {
    ...(profile !== undefined && { profile }),
    ...(endpointUrl !== undefined && { endpoint: endpointUrl }),
  };
  const inRegion = (region: string | undefined) =>
    (openClient ?? openConnectClient)({ ...config, ...(region !== undefined && { region }) });
  const client = await inRegion(first);
  const clients = [client, ...(await Promise.all(others.map(inRegion)))];
  const close = async () => {
    if (!openClient) for (const one of clients) one.destroy();
  };
  try {
    const id = reference ? await instanceIdOf(reference, client, { options, signal }) : '';
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
